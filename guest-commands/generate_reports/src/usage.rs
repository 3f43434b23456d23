//! How much the platform was used.

use encargo_sdk::prelude::*;

use crate::buckets::{Buckets, Unit};
use crate::document::{Course, Figure, Point, Section, Value};
use crate::period::{Chosen, Span};
use crate::reading::Gathered;
use crate::sums::{Part, ROLES, Side};

/// The section.
pub(crate) fn section(chosen: &Chosen, gathered: &Gathered) -> Section {
    let (now, before) = (&gathered.now, &gathered.before);
    let both = |of: fn(&Side) -> u64| (of(now), of(before));
    let mut section = Section::new("usage", text!("Usage", "Uso"));
    section.figures = vec![
        Figure::count(
            "chats",
            text!("Chats begun", "Chats iniciados"),
            both(|side| side.all.chats.begun),
            text!("chats whose creation lies in the period", "chats cuya creación está en el período"),
        ),
        Figure::count(
            "chats-ended",
            text!("of them ended", "de ellos terminados"),
            both(|side| side.all.chats.ended),
            text!(
                "of the chats begun in the period, those that are resolved or closed now",
                "de los chats iniciados en el período, los que ahora están resueltos o cerrados"
            ),
        )
        .part(),
        Figure::count(
            "chats-open",
            text!("of them open", "de ellos abiertos"),
            both(|side| side.all.chats.begun - side.all.chats.ended),
            text!(
                "of the chats begun in the period, those that are still open",
                "de los chats iniciados en el período, los que siguen abiertos"
            ),
        )
        .part(),
        per_day(chosen, both(|side| side.all.chats.begun)),
        Figure::count(
            "messages",
            text!("Messages", "Mensajes"),
            both(|side| side.all.messages.n()),
            text!(
                "messages written in the period, whenever their chat was begun",
                "mensajes escritos en el período, cuando fuera que empezó su chat"
            ),
        ),
    ];
    section.figures.extend(ROLES.iter().enumerate().map(|(role, _)| of_role(role, now, before)));
    section.figures.push(
        Figure::count(
            "tokens",
            text!("Tokens", "Tokens"),
            both(|side| side.all.messages.tokens),
            text!(
                "tokens of the messages of the period that say how many they took",
                "tokens de los mensajes del período que dicen cuántos llevaron"
            ),
        )
        .of(now.all.messages.with_tokens),
    );
    section.figures.push(Figure::count(
        "active-agents",
        text!("Active agents", "Agentes activos"),
        both(active),
        text!(
            "agents to which a chat that was begun in the period, or a message of it, belongs",
            "agentes de los que es un chat iniciado en el período o un mensaje de él"
        ),
    ));
    section.courses = vec![
        course(
            "chats-by-time",
            text!("Chats begun", "Chats iniciados"),
            gathered,
            |part| Some(Value::Count(part.chats)),
            text!("chats by the time of their creation", "chats según su creación"),
        ),
        course(
            "messages-by-time",
            text!("Messages", "Mensajes"),
            gathered,
            |part| Some(Value::Count(part.messages)),
            text!("messages by the time at which they were written", "mensajes según cuándo se escribieron"),
        ),
        hours(now, before),
    ];
    section
}

fn per_day(chosen: &Chosen, (now, before): (u64, u64)) -> Figure {
    let of = |n: u64, Span { since, until }: Span| Value::PerDay(n as f64 * 86_400e6 / (until - since) as f64);
    Figure::new(
        "chats-per-day",
        text!("Chats a day", "Chats al día"),
        Some(of(now, chosen.now)),
        Some(of(before, chosen.before)),
        text!(
            "chats begun for each 24 hours of the period, to compare months of different lengths",
            "chats iniciados por cada 24 horas del período, para comparar meses de distinta duración"
        ),
    )
}

fn of_role(role: usize, now: &Side, before: &Side) -> Figure {
    let (id, name, whose) = match role {
        0 => ("messages-user", text!("of people", "de personas"), text!("people", "personas")),
        1 => ("messages-assistant", text!("of agents", "de agentes"), text!("agents", "agentes")),
        2 => ("messages-system", text!("of the system", "del sistema"), text!("the system", "el sistema")),
        _ => ("messages-tool", text!("of tools", "de herramientas"), text!("tools", "herramientas")),
    };
    let code = ROLES[role];
    let counts = (now.all.messages.by_role[role], before.all.messages.by_role[role]);
    Figure::count(
        id,
        name,
        counts,
        text!(
            "messages of the period that {whose} wrote (role `{code}`)",
            "mensajes del período que escribieron {whose} (rol `{code}`)"
        ),
    )
    .part()
}

fn active(side: &Side) -> u64 {
    side.agents.iter().filter(|(id, sums)| id.is_some() && (sums.chats.begun > 0 || sums.messages.n() > 0)).count()
        as u64
}

/// How something went; the parts of the period before stand beside those of the same place.
pub(crate) fn course(
    id: &'static str,
    name: String,
    gathered: &Gathered,
    of: impl Fn(&Part) -> Option<Value>,
    definition: String,
) -> Course {
    let axis = axis(&gathered.buckets);
    let before = |at: usize| gathered.before.parts.get(at).and_then(&of);
    let parts = gathered.buckets.names.iter().zip(&gathered.now.parts).enumerate();
    let points = parts
        .map(|(at, (key, part))| Point { key: key.clone(), name: key.clone(), value: of(part), before: before(at) })
        .collect();
    Course { id, name, definition, axis, points }
}

fn axis(buckets: &Buckets) -> String {
    match buckets.unit {
        Unit::Hour => text!("hour", "hora"),
        Unit::Day => text!("day", "día"),
        Unit::Week => text!("week", "semana"),
        Unit::Month => text!("month", "mes"),
    }
}

fn hours(now: &Side, before: &Side) -> Course {
    let count = |n: u64| Some(Value::Count(n));
    let hours = now.hours.iter().zip(&before.hours).enumerate();
    let points = hours.map(|(hour, (&now, &before))| Point {
        key: format!("{hour:02}"),
        name: format!("{hour:02}"),
        value: count(now),
        before: count(before),
    });
    Course {
        id: "messages-by-hour",
        name: text!("Messages of people by hour of the day", "Mensajes de personas por hora del día"),
        definition: text!(
            "messages of people in the period by the clock of its time zone",
            "mensajes de personas en el período según el reloj de su zona horaria"
        ),
        axis: text!("hour of the day", "hora del día"),
        points: points.collect(),
    }
}
