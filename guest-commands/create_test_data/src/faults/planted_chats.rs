//! Faults of chats, their messages and sentiments; and old chats, which a cleanup deletes or keeps.

use super::{DAMAGED, Planted, TIMES, next};
use crate::maker::{Maker, Told};
use crate::rows::SentimentRow;
use crate::shape::{DAY, HOUR, SECOND};

/// How many messages a planted chat has.
const LENGTH: u64 = 4;

const ISSUES: [&str; 10] = [
    "chats.E005",
    "chats.E007",
    "chats.W008",
    "chats.W009",
    "chats.E010",
    "chats.E011",
    "chats.E012",
    "chats.W015",
    "deleted",
    "kept",
];

pub(super) fn plant(maker: &Maker, planted: &mut Planted) {
    for time in 0..TIMES {
        for issue in ISSUES {
            one(maker, planted, issue, time as usize);
        }
    }
}

/// A chat without a fault: resolved, a while ago.
fn sound(maker: &Maker, planted: &Planted, texts: &mut String) -> Told {
    let mut told = maker.chat(next(planted.chats.len()), LENGTH, texts);
    let last = told.messages[told.messages.len() - 1].at;
    let chat = &mut told.chat;
    (chat.status, chat.is_pinned, chat.legal_hold) = ("resolved", false, false);
    (chat.resolved_at, chat.updated_at) = (Some(last + 30 * SECOND), last + 30 * SECOND);
    told
}

fn one(maker: &Maker, planted: &mut Planted, issue: &'static str, time: usize) {
    let mut texts = String::new();
    let mut told = sound(maker, planted, &mut texts);
    let (chat, messages) = (&mut told.chat, &mut told.messages);
    let id = chat.id;
    let mut bodies: Vec<_> = messages.iter().map(|message| texts[message.text.clone()].to_owned()).collect();
    match issue {
        "chats.E005" | "chats.E011" => {
            let message = &messages[0];
            // The chat before, which is a planted one too; for the first there is the batch's first.
            let other = planted.chats.last().map_or(maker.batch.id(0), |chat| chat.id);
            let is_crossed = issue == "chats.E005";
            let (score, confidence) =
                if is_crossed { (0.0, 0.5) } else { [(7.5, 0.5), (0.1, 1.5), (-1.01, 0.2)][time] };
            planted.sentiments.push(SentimentRow {
                id: message.id,
                message_id: message.id,
                chat_id: if is_crossed { other } else { id },
                label: "neutral",
                score,
                confidence,
                model: "test-data",
                created_at: message.at,
            });
            planted.fault(issue, "sentiments", &message.id);
        }
        "chats.E007" => {
            let before = Some(chat.created_at - HOUR);
            match time {
                0 => chat.first_response_at = before,
                1 => chat.handed_over_at = before,
                _ => chat.resolved_at = before,
            }
            planted.fault(issue, "chats", &id);
        }
        "chats.W008" => {
            messages[0].at = chat.created_at - HOUR;
            planted.fault(issue, "messages", &messages[0].id);
        }
        "chats.W009" => {
            chat.status = "open";
            planted.fault(issue, "chats", &id);
        }
        "chats.E010" => {
            let message = &mut messages[1];
            (message.tokens, message.response_ms) = if time == 0 { (Some(-5), Some(10)) } else { (Some(5), Some(-1)) };
            planted.fault(issue, "messages", &message.id);
        }
        "chats.E012" => {
            bodies[0] = DAMAGED[time].to_owned();
            planted.fault(issue, "messages", &messages[0].id);
        }
        "chats.W015" => {
            chat.language = ["español", "e", "12"][time].to_owned();
            planted.fault(issue, "chats", &id);
        }
        _ => {
            old(&mut told, 400 * DAY);
            if issue == "kept" {
                let chat = &mut told.chat;
                match time {
                    0 => chat.is_pinned = true,
                    1 => chat.legal_hold = true,
                    _ => (chat.status, chat.resolved_at) = ("open", None),
                }
            }
            planted.cleanup(issue, "chats", id);
        }
    }
    let Told { chat, messages, .. } = told;
    planted.chats.push(chat);
    planted.messages.extend(messages.into_iter().zip(bodies).map(|(message, body)| (id, message, body)));
}

/// Moves a chat into the past.
fn old(told: &mut Told, by: i64) {
    let chat = &mut told.chat;
    (chat.created_at, chat.updated_at) = (chat.created_at - by, chat.updated_at - by);
    for time in [&mut chat.first_response_at, &mut chat.handed_over_at, &mut chat.resolved_at].into_iter().flatten() {
        *time -= by;
    }
    told.messages.iter_mut().for_each(|message| message.at -= by);
}
