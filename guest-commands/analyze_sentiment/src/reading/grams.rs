//! What a message is made of: words alone and in pairs, and pieces of words, each as a number.

use super::folding::EDGE;
use super::tokens::{Kind, Token, Tokens};

const BASIS: u32 = 0x811C_9DC5;
const PRIME: u32 = 0x0100_0193;
/// What words within the reach of a negation are told apart by.
const NEGATED: u32 = 0x5BD1_E995;
/// The shortest and the longest piece of a word.
const PIECES: std::ops::RangeInclusive<usize> = 2..=5;

/// Takes one more character into a hash (FNV-1a over characters).
pub const fn taken(hash: u32, character: u32) -> u32 {
    (hash ^ character).wrapping_mul(PRIME)
}

/// The hash of a word.
pub fn hash(word: &[u32]) -> u32 {
    word.iter().fold(BASIS, |hash, &character| taken(hash, character))
}

/// The hash of a prefix of nothing.
pub const fn begun() -> u32 {
    BASIS
}

/// The place of a hash among `1 << bits`.
pub const fn place(hash: u32, bits: u32) -> u32 {
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
    let hash = (hash ^ (hash >> 12)).wrapping_mul(0x297A_2D39);
    hash >> (32 - bits)
}

/// Two words, one behind the other.
const fn pair(first: u32, second: u32) -> u32 {
    first.rotate_left(13).wrapping_mul(0x85EB_CA6B) ^ second
}

/// Calls `found` with the place of each word and pair of words, and the token that it ends with. `is_negated` has a flag
/// for each token.
pub fn words(tokens: &Tokens, hashes: &[u32], is_negated: &[bool], bits: u32, mut found: impl FnMut(u32, usize)) {
    let mut before = BASIS;
    for (at, token) in tokens.all.iter().enumerate() {
        if token.kind == Kind::Stop {
            continue;
        }
        let hash = hashes[at] ^ if is_negated[at] { NEGATED } else { 0 };
        found(place(hash, bits), at);
        found(place(pair(before, hashes[at]), bits), at);
        before = hash;
    }
}

/// Calls `found` with the place of each piece of each word, and its token.
pub fn pieces(tokens: &Tokens, bits: u32, mut found: impl FnMut(u32, usize)) {
    let mut word = Vec::with_capacity(40);
    for (at, token) in tokens.all.iter().enumerate() {
        if !has_pieces(token) {
            continue;
        }
        word.clear();
        word.push(EDGE);
        word.extend_from_slice(&tokens.folded[token.folded.clone()]);
        word.push(EDGE);
        for from in 0..word.len() - 1 {
            let mut hash = BASIS;
            let most = (*PIECES.end()).min(word.len() - from);
            for (length, &character) in (1..=most).zip(&word[from..]) {
                hash = taken(hash, character);
                if length >= *PIECES.start() {
                    found(place(hash, bits), at);
                }
            }
        }
    }
}

fn has_pieces(token: &Token) -> bool {
    token.kind == Kind::Word
}
