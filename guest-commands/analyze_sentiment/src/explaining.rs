//! Which words made a message what it is.

use encargo_sdk::prelude::*;

use crate::engine::Engine;
use crate::metrics::Unhappy;
use crate::sql;

/// So many words of a message are named at most.
const NAMED: usize = 6;
/// A word that moves the score by less is not named, in 1/1024 of a unit of the logarithm of the odds.
const WORTH_NAMING: i64 = 100;

/// Why a message was judged as it was.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reason {
    pub(crate) message: Unhappy,
    /// Words with how much they speak for positive, and against where it is negative; the weightiest first.
    pub(crate) words: Vec<(String, f64)>,
}

/// The reasons of some messages. A message whose text changed since it was judged has those of its text now.
pub(crate) fn reasons(database: &Database, messages: &[Unhappy]) -> Result<Vec<Reason>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let mut engine = Engine::new()?;
    let mut reasons = Vec::new();
    for &message in messages {
        let found: Option<(String, String)> = database.row(sql::BODY, &[&message.id])?;
        let Some((body, language)) = found else { continue };
        reasons.push(Reason { message, words: words(&mut engine, &body, &language) });
    }
    Ok(reasons)
}

/// The words of a text that moved its score, the weightiest first.
fn words(engine: &mut Engine, body: &str, chat: &str) -> Vec<(String, f64)> {
    let Some(language) = engine.judge(body, chat).language else { return Vec::new() };
    let shares = engine.model(language).shares(&engine.reader);
    let tokens = &engine.reader.tokens.all;
    let mut moved: Vec<(String, i64)> = Vec::new();
    for (token, share) in tokens.iter().zip(shares) {
        if !token.is_shown() {
            continue;
        }
        let word = body[token.bytes.clone()].to_lowercase();
        match moved.iter_mut().find(|known| known.0 == word) {
            Some(known) => known.1 += share,
            None => moved.push((word, share)),
        }
    }
    moved.retain(|(_, share)| share.abs() >= WORTH_NAMING);
    moved.sort_by_key(|(_, share)| std::cmp::Reverse(share.abs()));
    moved.truncate(NAMED);
    moved.into_iter().map(|(word, share)| (word, share as f64 / 1_024.0)).collect()
}
