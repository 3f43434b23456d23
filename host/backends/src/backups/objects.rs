//! A repository in an S3-compatible store, laid out as restic lays it out. An object is there whole or not at all, so
//! nothing needs a name beside its own.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use encargo_model::{Text, text};
use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{ClientOptions, ObjectStore as _, ObjectStoreExt as _, PutPayload, RetryConfig};
use rustic_core::{BytesList, FileType, Id, ReadBackend, RusticResult, WriteBackend};
use tokio::runtime::{Builder, Runtime};

use super::faults::{Fault, Faults};
use super::location::{Bucket, Location};

/// How much is read of a pack at a time.
const PIECE: u64 = 2 << 20;
/// How many such pieces are remembered.
const PIECES: usize = 8;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long one request may take; the largest carries a pack.
const REQUEST: Duration = Duration::from_secs(300);
/// How long a request that failed is tried again.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often.
const TRIES: usize = 4;

/// The bucket, and what went wrong in it.
pub(super) struct Objects {
    store: AmazonS3,
    bucket: Bucket,
    faults: Faults,
    runtime: Runtime,
    /// What was read of packs lately: a repository is read by pieces of a page, and a request for each would take hours.
    lately: Mutex<VecDeque<Piece>>,
}

/// A piece of an object, from a multiple of [`PIECE`] on.
#[derive(Clone)]
struct Piece {
    key: Key,
    at: u64,
    content: Bytes,
}

impl Objects {
    /// Reaches for nothing yet. Who may read and write is said by the variables that all tools for such stores read:
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`.
    ///
    /// # Errors
    /// Nothing says who, and the store is none that tells its own machines.
    pub(super) fn new(bucket: Bucket, faults: Faults) -> Result<Arc<Self>, Fault> {
        // What another part of the process chose before serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(REQUEST);
        let retry = RetryConfig { max_retries: TRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
        let builder = AmazonS3Builder::from_env()
            .with_client_options(client)
            .with_retry(retry)
            .with_endpoint(&bucket.endpoint)
            .with_allow_http(bucket.endpoint.starts_with("http://"))
            .with_bucket_name(&bucket.name);
        if builder.get_config_value(&AmazonS3ConfigKey::AccessKeyId).is_none() && !bucket.is_the_makers() {
            let why = text!("AWS_ACCESS_KEY_ID is not set", "AWS_ACCESS_KEY_ID no está definida");
            return Err(Fault { why, cause: "there is no access key".into() });
        }
        let store = builder.build().map_err(|error| told(&bucket.name, error))?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Fault::of_file(Path::new(&bucket.endpoint), error))?;
        Ok(Arc::new(Self { store, bucket, faults, runtime, lately: Mutex::default() }))
    }

    fn key(&self, kind: FileType, id: &Id) -> Key {
        let id = id.to_hex();
        match kind {
            FileType::Config => self.below("config"),
            FileType::Pack => self.below(&format!("data/{}/{}", &id[..2], id.as_str())),
            _ => self.below(&format!("{}/{}", kind.dirname(), id.as_str())),
        }
    }

    fn below(&self, name: &str) -> Key {
        match self.bucket.prefix.as_str() {
            "" => Key::from(name),
            prefix => Key::from(format!("{prefix}/{name}")),
        }
    }

    /// Waits for an answer and keeps what went wrong.
    fn wait<T>(&self, answer: impl Future<Output = object_store::Result<T>>) -> RusticResult<T> {
        let answer = self.runtime.block_on(answer);
        answer.map_err(|error| self.faults.keep_fault(|| told(&self.bucket.name, error)))
    }

    /// A piece of an object, from the store or as it was read lately.
    fn piece(&self, key: &Key, at: u64) -> RusticResult<Piece> {
        let known = |lately: &VecDeque<Piece>| lately.iter().find(|one| one.at == at && one.key == *key).cloned();
        if let Some(piece) = known(&self.lately()) {
            return Ok(piece);
        }
        let content = self.wait(self.store.get_range(key, at..at + PIECE))?;
        let piece = Piece { key: key.clone(), at, content };
        let mut lately = self.lately();
        lately.push_front(piece.clone());
        lately.truncate(PIECES);
        Ok(piece)
    }

    fn lately(&self) -> MutexGuard<'_, VecDeque<Piece>> {
        self.lately.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn sizes(&self, kind: FileType) -> object_store::Result<Vec<(Id, u32)>> {
        if kind == FileType::Config {
            return match self.store.head(&self.below("config")).await {
                Ok(found) => Ok(vec![(Id::default(), short(found.size))]),
                Err(object_store::Error::NotFound { .. }) => Ok(Vec::new()),
                Err(error) => Err(error),
            };
        }
        let folder = self.below(kind.dirname());
        let objects: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
        let id = |object: &object_store::ObjectMeta| Id::parse_some(object.location.filename()?, kind);
        Ok(objects.iter().filter_map(|object| Some((id(object)?, short(object.size)))).collect())
    }
}

fn short(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// What is said of a store's answer: the text of a request is of use to nobody.
fn told(bucket: &str, error: object_store::Error) -> Fault {
    use object_store::Error as Store;
    let mut said = error.to_string();
    let mut next = std::error::Error::source(&error);
    while let Some(below) = next {
        said = format!("{said}\n{below}");
        next = below.source();
    }
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let is_refused = matches!(error, Store::PermissionDenied { .. } | Store::Unauthenticated { .. });
    let why = if has(&["NoSuchBucket"]) {
        text!("there is no bucket `{bucket}`; make it first", "no existe el bucket `{bucket}`; créelo antes")
    } else if is_refused || has(&["InvalidAccessKeyId", "SignatureDoesNotMatch", "AccessDenied"]) {
        text!(
            "the store refuses the access key; see AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            "el almacén rechaza la clave de acceso; vea AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY"
        )
    } else if has(&["error sending request", "Connection refused", "dns error", "timed out", "operation timed"]) {
        text!("the store cannot be reached", "no se puede alcanzar el almacén")
    } else {
        Text::quoted(said.lines().next().unwrap_or_default().to_owned())
    };
    Fault { why, cause: error.into() }
}

impl ReadBackend for Objects {
    fn location(&self) -> String {
        Location::Bucket(self.bucket.clone()).to_string()
    }

    fn list_with_size(&self, kind: FileType) -> RusticResult<Vec<(Id, u32)>> {
        self.wait(self.sizes(kind))
    }

    fn read_full(&self, kind: FileType, id: &Id) -> RusticResult<Bytes> {
        let key = self.key(kind, id);
        self.wait(async { self.store.get(&key).await?.bytes().await })
    }

    fn read_partial(&self, kind: FileType, id: &Id, _: bool, offset: u32, length: u32) -> RusticResult<Bytes> {
        let key = self.key(kind, id);
        let (mut from, end) = (u64::from(offset), u64::from(offset) + u64::from(length));
        let mut content = BytesMut::with_capacity(length as usize);
        while from < end {
            let piece = self.piece(&key, from / PIECE * PIECE)?;
            let within = usize::try_from(from - piece.at).unwrap_or(usize::MAX);
            let wanted = usize::try_from(end - from).unwrap_or(usize::MAX);
            let found = piece.content.get(within..).unwrap_or_default();
            let found = &found[..found.len().min(wanted)];
            if found.is_empty() {
                let why = text!("a pack is shorter than it was", "un paquete es más corto que antes");
                return Err(self.faults.keep_fault(|| Fault { why, cause: key.to_string().into() }));
            }
            content.extend_from_slice(found);
            from += found.len() as u64;
        }
        Ok(content.freeze())
    }

    fn warmup_path(&self, kind: FileType, id: &Id) -> String {
        self.key(kind, id).to_string()
    }
}

impl WriteBackend for Objects {
    fn create(&self) -> RusticResult<()> {
        Ok(())
    }

    fn write_bytes(&self, kind: FileType, id: &Id, _: bool, content: BytesList) -> RusticResult<()> {
        let key = self.key(kind, id);
        let payload: PutPayload = content.into_vec().into_iter().collect();
        self.wait(async { self.store.put(&key, payload).await.map(drop) })
    }

    fn remove(&self, kind: FileType, id: &Id, _: bool) -> RusticResult<()> {
        let key = self.key(kind, id);
        self.wait(self.store.delete(&key))
    }
}
