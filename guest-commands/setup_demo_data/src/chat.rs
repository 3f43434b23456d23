//! Chats, put together from the dialogues: who says what when, and what becomes of it.

mod telling;

use encargo_sdk::random::Random;

use crate::calendar::{DAY, MINUTE, SECOND, moments};
use crate::seeds::LANGUAGES;
use crate::seeds::dialogues::{Dialogue, dialogues};
use crate::seeds::knowledge::external_id;
use crate::seeds::phrases::COMMENTS;
use telling::Telling;

/// How many chats there are.
pub(crate) const CHATS: u64 = 220;

/// A chat, complete.
#[derive(Debug, Clone)]
pub(crate) struct Chat {
    pub(crate) external_id: String,
    pub(crate) agent: &'static str,
    pub(crate) language: &'static str,
    pub(crate) title: String,
    pub(crate) status: &'static str,
    pub(crate) is_pinned: bool,
    pub(crate) legal_hold: bool,
    pub(crate) created_at: i64,
    pub(crate) first_response_at: Option<i64>,
    pub(crate) handed_over_at: Option<i64>,
    pub(crate) resolved_at: Option<i64>,
    pub(crate) updated_at: i64,
    pub(crate) messages: Vec<Message>,
    pub(crate) feedback: Option<Feedback>,
    /// The external id of the item that it cites.
    pub(crate) cites: String,
    /// Whether the moods of its customer are analysed already.
    pub(crate) is_analysed: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) role: &'static str,
    pub(crate) body: String,
    pub(crate) tokens: Option<i64>,
    pub(crate) response_ms: Option<i64>,
    pub(crate) at: i64,
    pub(crate) mood: Mood,
}

#[derive(Debug, Clone)]
pub(crate) struct Feedback {
    pub(crate) rating: i64,
    pub(crate) comment: &'static str,
    pub(crate) at: i64,
}

/// How somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Pleased,
    Neutral,
    Angry,
}

/// How a chat goes on after the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// The customer is helped.
    Helped,
    /// The customer is angry, and a person helps.
    Appeased,
    /// The customer is angry and stays it.
    Angry,
    /// The customer says no more.
    Silent,
}

/// All chats up to this time.
pub(crate) fn chats(now: i64) -> Vec<Chat> {
    let dialogues = dialogues();
    let begun = moments(now, CHATS, &mut Random::of(&[1]));
    let chat = |(n, at): (u64, i64)| {
        let mut random = Random::of(&[2, n]);
        // Every dialogue comes equally often, in an order that does not repeat with the days.
        let dialogue = dialogues[((n * 5 + n / 16) % dialogues.len() as u64) as usize];
        compose(n, dialogue, usize::from(random.percent(56)), at, now, &mut random)
    };
    (0..).zip(begun).map(chat).collect()
}

fn compose(n: u64, dialogue: &'static Dialogue, language: usize, at: i64, now: i64, random: &mut Random) -> Chat {
    let course = match random.below(100) {
        0..57 => Course::Helped,
        57..74 => Course::Appeased,
        74..84 => Course::Angry,
        _ => Course::Silent,
    };
    let mut telling = Telling::new(dialogue, language, at, random);
    telling.tell(course);
    let (title, mut messages) = telling.end();
    let is_cut = messages.iter().any(|message| message.at > now);
    messages.retain(|message| message.at <= now);
    let last = messages.last().map_or(at, |message| message.at);
    let ends = match course {
        Course::Silent => last + DAY,
        _ => last + random.between(5 * SECOND, 4 * MINUTE),
    };
    let stays_open = is_cut
        || ends > now
        || (now - at < 4 * DAY && random.percent(45))
        || (course == Course::Angry && now - at < 14 * DAY && random.percent(40));
    let status = match course {
        _ if stays_open => "open",
        Course::Helped | Course::Appeased if random.percent(80) => "resolved",
        _ => "closed",
    };
    let resolved_at = (!stays_open).then_some(ends);
    let first = |role: &str| messages.iter().find(|message| message.role == role).map(|message| message.at);
    let (first_response_at, handed_over_at) = (first("assistant"), first("system"));
    Chat {
        external_id: format!("demo-chat-{:04}", n + 1),
        agent: dialogue.agent,
        language: LANGUAGES[language],
        title,
        status,
        is_pinned: random.percent(3),
        legal_hold: random.percent(2),
        created_at: at,
        first_response_at,
        handed_over_at,
        resolved_at,
        updated_at: resolved_at.unwrap_or(last),
        feedback: resolved_at.and_then(|ends| feedback(course, language, ends, now, random)),
        cites: external_id(dialogue.topic, LANGUAGES[language]),
        is_analysed: random.percent(12),
        messages,
    }
}

/// What the customer says about the chat; most say nothing.
fn feedback(course: Course, language: usize, ends: i64, now: i64, random: &mut Random) -> Option<Feedback> {
    let (asked, ratings) = match course {
        Course::Helped => (58, [5, 5, 5, 4, 4, 3]),
        Course::Appeased => (50, [4, 4, 3, 3, 5, 2]),
        Course::Angry => (62, [1, 1, 2, 2, 1, 3]),
        Course::Silent => (14, [3, 2, 4, 3, 1, 3]),
    };
    let rating = random.pick(&ratings);
    let comment = random.pick(&COMMENTS[language][rating as usize - 1]);
    let at = ends + random.between(3 * MINUTE, 50 * MINUTE);
    (random.percent(asked) && at <= now).then_some(Feedback { rating, comment, at })
}

#[cfg(test)]
mod tests;
