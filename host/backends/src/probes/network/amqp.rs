//! What is said to a broker of AMQP 0-9-1: who asks, what lies in a queue, and what comes from an exchange. The frames are a
//! library's; over a stream of ours, so that TLS is as everywhere else.

use amq_protocol::frame::{AMQPFrame, ProtocolVersion, WriteContext, gen_frame, parse_frame};
use amq_protocol::protocol::{AMQPClass, basic, channel, connection, queue};
use amq_protocol::types::{AMQPValue, FieldTable, LongString, ShortString};
use encargo_model::{Text, text};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::super::Address;
use super::dial::{Stream, of_io};

/// A frame that is larger, in bytes, is none that we asked for.
const MOST: usize = 1 << 20;
/// The channel that events come through; the others are for one question each.
const EVENTS: u16 = 1;

/// What became of a question about a queue.
pub(super) enum Asked {
    There { messages: u32, consumers: u32 },
    Missing,
    Refused,
}

/// An open connection.
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
    channels: u16,
}

impl Connection {
    /// Says who asks.
    ///
    /// # Errors
    /// A sentence that names neither user nor password.
    pub(super) async fn open(stream: Box<dyn Stream>, address: &Address) -> Result<Self, Text> {
        let mut open = Self { stream, unread: Vec::new(), channels: EVENTS };
        open.send(&AMQPFrame::ProtocolHeader(ProtocolVersion::amqp_0_9_1())).await?;
        let AMQPClass::Connection(connection::AMQPMethod::Start(_)) = open.method(0).await? else {
            return Err(unknown());
        };
        let user = address.user().unwrap_or_else(|| "guest".to_owned());
        let password = address.password().unwrap_or_else(|| "guest".to_owned());
        let start = connection::StartOk {
            client_properties: properties(),
            mechanism: ShortString::from("PLAIN"),
            response: LongString::from(format!("\0{user}\0{password}")),
            locale: ShortString::from("en_US"),
        };
        open.say(0, AMQPClass::Connection(connection::AMQPMethod::StartOk(start))).await?;
        let tune = match open.method(0).await? {
            AMQPClass::Connection(connection::AMQPMethod::Tune(tune)) => tune,
            AMQPClass::Connection(connection::AMQPMethod::Close(_)) => {
                return Err(text!("it refuses user and password", "rechaza el usuario y la contraseña"));
            }
            _ => return Err(unknown()),
        };
        let tune =
            connection::TuneOk { channel_max: tune.channel_max, frame_max: tune.frame_max.min(131_072), heartbeat: 0 };
        open.say(0, AMQPClass::Connection(connection::AMQPMethod::TuneOk(tune))).await?;
        let no_host =
            || text!("it has no such virtual host for this user", "no tiene ese host virtual para este usuario");
        let virtual_host = ShortString::try_new(virtual_host(address)).map_err(|_| no_host())?;
        open.say(0, AMQPClass::Connection(connection::AMQPMethod::Open(connection::Open { virtual_host }))).await?;
        match open.method(0).await? {
            AMQPClass::Connection(connection::AMQPMethod::OpenOk(_)) => Ok(open),
            AMQPClass::Connection(connection::AMQPMethod::Close(_)) => Err(no_host()),
            _ => Err(unknown()),
        }
    }

    /// Asks about a queue without making it.
    pub(super) async fn count(&mut self, name: &str) -> Result<Asked, Text> {
        let Ok(queue) = ShortString::try_new(name) else { return Ok(Asked::Missing) };
        let channel = self.channel().await?;
        let declare = queue::Declare { passive: true, ..declare(queue) };
        self.say(channel, AMQPClass::Queue(queue::AMQPMethod::Declare(declare))).await?;
        match self.method(channel).await? {
            AMQPClass::Queue(queue::AMQPMethod::DeclareOk(told)) => {
                Ok(Asked::There { messages: told.message_count, consumers: told.consumer_count })
            }
            AMQPClass::Channel(channel::AMQPMethod::Close(close)) => {
                let closed = channel::AMQPMethod::CloseOk(channel::CloseOk {});
                self.say(channel, AMQPClass::Channel(closed)).await?;
                // 404 is "not found"; what is another connection's alone, and what is not allowed, is 405 and 403.
                Ok(if close.reply_code == 404 { Asked::Missing } else { Asked::Refused })
            }
            _ => Err(unknown()),
        }
    }

    /// Binds a queue of this connection's own to an exchange; false where there is no such exchange yet.
    pub(super) async fn listen(&mut self, exchange: &str, topic: &str) -> Result<bool, Text> {
        let open = AMQPClass::Channel(channel::AMQPMethod::Open(channel::Open {}));
        self.say(EVENTS, open).await?;
        self.method(EVENTS).await?;
        let own = queue::Declare { exclusive: true, auto_delete: true, ..declare(ShortString::default()) };
        self.say(EVENTS, AMQPClass::Queue(queue::AMQPMethod::Declare(own))).await?;
        let AMQPClass::Queue(queue::AMQPMethod::DeclareOk(own)) = self.method(EVENTS).await? else {
            return Err(no_queue());
        };
        let bind = queue::Bind {
            queue: own.queue.clone(),
            exchange: ShortString::from(exchange),
            routing_key: ShortString::from(topic),
            nowait: false,
            arguments: FieldTable::default(),
        };
        self.say(EVENTS, AMQPClass::Queue(queue::AMQPMethod::Bind(bind))).await?;
        match self.method(EVENTS).await? {
            AMQPClass::Queue(queue::AMQPMethod::BindOk(_)) => {}
            AMQPClass::Channel(channel::AMQPMethod::Close(close)) => {
                let closed = channel::AMQPMethod::CloseOk(channel::CloseOk {});
                self.say(EVENTS, AMQPClass::Channel(closed)).await?;
                return if close.reply_code == 404 { Ok(false) } else { Err(no_queue()) };
            }
            _ => return Err(unknown()),
        }
        let consume = basic::Consume {
            queue: own.queue,
            consumer_tag: ShortString::default(),
            no_local: false,
            no_ack: true,
            exclusive: true,
            nowait: true,
            arguments: FieldTable::default(),
        };
        self.say(EVENTS, AMQPClass::Basic(basic::AMQPMethod::Consume(consume))).await?;
        Ok(true)
    }

    /// The next event's topic, and the worker that its headers name.
    pub(super) async fn event(&mut self) -> Result<(String, Option<String>), Text> {
        let mut topic = String::new();
        loop {
            match self.frame().await? {
                AMQPFrame::Method(EVENTS, AMQPClass::Basic(basic::AMQPMethod::Deliver(deliver))) => {
                    topic = deliver.routing_key.to_string();
                }
                AMQPFrame::Header(EVENTS, header) => {
                    let headers = header.properties.headers().as_ref();
                    let worker = headers.and_then(|headers| match headers.inner().get("hostname")? {
                        AMQPValue::LongString(name) => Some(name.to_string()),
                        _ => None,
                    });
                    return Ok((std::mem::take(&mut topic), worker));
                }
                AMQPFrame::Method(_, AMQPClass::Connection(connection::AMQPMethod::Close(_))) => return Err(hung_up()),
                _ => {}
            }
        }
    }

    /// Says goodbye; the queue of events goes with it.
    pub(super) async fn close(mut self) {
        let close =
            connection::Close { reply_code: 200, reply_text: ShortString::default(), class_id: 0, method_id: 0 };
        let close = AMQPClass::Connection(connection::AMQPMethod::Close(close));
        // Whoever does not hear it notices that the connection is gone.
        let _ = self.say(0, close).await;
    }

    /// Opens a channel for one question.
    async fn channel(&mut self) -> Result<u16, Text> {
        self.channels += 1;
        let channel = self.channels;
        self.say(channel, AMQPClass::Channel(channel::AMQPMethod::Open(channel::Open {}))).await?;
        match self.method(channel).await? {
            AMQPClass::Channel(channel::AMQPMethod::OpenOk(_)) => Ok(channel),
            _ => Err(unknown()),
        }
    }

    async fn say(&mut self, channel: u16, method: AMQPClass) -> Result<(), Text> {
        self.send(&AMQPFrame::Method(channel, method)).await
    }

    async fn send(&mut self, frame: &AMQPFrame) -> Result<(), Text> {
        let context = WriteContext::from(Vec::new());
        let written = gen_frame(frame)(context).map_err(|_| unknown())?;
        self.stream.write_all(&written.write).await.map_err(|error| of_io(&error))?;
        self.stream.flush().await.map_err(|error| of_io(&error))
    }

    /// The next method of a channel; what comes through others in between is left out.
    async fn method(&mut self, channel: u16) -> Result<AMQPClass, Text> {
        loop {
            match self.frame().await? {
                AMQPFrame::Method(of, method) if of == channel => return Ok(method),
                AMQPFrame::Method(0, close @ AMQPClass::Connection(connection::AMQPMethod::Close(_))) => {
                    return Ok(close);
                }
                AMQPFrame::ProtocolHeader(_) => return Err(unknown()),
                _ => {}
            }
        }
    }

    async fn frame(&mut self) -> Result<AMQPFrame, Text> {
        loop {
            match parse_frame(self.unread.as_slice()) {
                Ok((rest, frame)) => {
                    let read = self.unread.len() - rest.len();
                    self.unread.drain(..read);
                    return Ok(frame);
                }
                Err(error) if !error.is_incomplete() || self.unread.len() > MOST => return Err(unknown()),
                Err(_) => {}
            }
            let mut piece = [0; 4_096];
            let n = self.stream.read(&mut piece).await.map_err(|error| of_io(&error))?;
            if n == 0 {
                return Err(hung_up());
            }
            self.unread.extend_from_slice(&piece[..n]);
        }
    }
}

/// The name of the virtual host, which is `/` where none is written.
fn virtual_host(address: &Address) -> String {
    Some(address.path()).filter(|path| !path.is_empty()).unwrap_or_else(|| "/".to_owned())
}

/// Who we are; and that a wrong password is to be answered and not only hung up on.
fn properties() -> FieldTable {
    let mut capabilities = FieldTable::default();
    capabilities.insert(ShortString::from("authentication_failure_close"), AMQPValue::Boolean(true));
    let mut properties = FieldTable::default();
    properties.insert(ShortString::from("product"), AMQPValue::LongString(LongString::from("encargo")));
    properties.insert(ShortString::from("capabilities"), AMQPValue::FieldTable(capabilities));
    properties
}

fn declare(queue: ShortString) -> queue::Declare {
    queue::Declare {
        queue,
        passive: false,
        durable: false,
        exclusive: false,
        auto_delete: false,
        nowait: false,
        arguments: FieldTable::default(),
    }
}

fn unknown() -> Text {
    text!("it does not speak AMQP 0-9-1", "no habla AMQP 0-9-1")
}

fn hung_up() -> Text {
    text!("it hung up", "colgó")
}

fn no_queue() -> Text {
    text!("this user may not listen to events", "este usuario no puede escuchar los eventos")
}
