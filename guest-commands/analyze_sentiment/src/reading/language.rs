//! Which language a message is in, by the pieces of its words: Spanish, English, or another one that is written in Latin
//! letters; other letters are another language.

use super::folding::{Class, EDGE, class};
use super::grams::{begun, place, taken};
use super::tokens::{Kind, Tokens};

/// Languages that are told apart, each with a lane of the table; the first two are those that there are models for.
pub const LANES: usize = 16;
/// The table has so many places, as a power of two.
pub const BITS: u32 = 12;
/// Of a message so many letters are looked at: each adds three weights at most, and all of them fit into 16 bits.
const LOOKED_AT: usize = 80;
/// How much better than Spanish and English another language has to be.
const MARGIN: i32 = 40;
/// How much more a language is worth that is expected.
const EXPECTED: i32 = 100;
/// How much better one of the two has to be than the other to be certain.
const BETWEEN: i32 = 40;
/// So few letters are of no language: `ok` is all of them.
const FEW: usize = 6;

/// A language that there is a model for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Spanish.
    Spanish,
    /// English.
    English,
}

/// What is found out about a message's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Surely one of the two.
    One(Language),
    /// Spanish or English, or too few words to say; the likelier of the two.
    Either(Language),
    /// Another one.
    Other,
    /// There are no words.
    Wordless,
}

/// What the words of a message say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    /// Letters of Latin.
    pub latin: usize,
    /// Other letters.
    pub foreign: usize,
    /// What speaks for each language.
    pub sums: [i32; LANES],
}

/// The table that languages are told apart with.
#[derive(Debug, Clone, Copy)]
pub struct Languages<'a> {
    weights: &'a [[u8; LANES]],
}

impl<'a> Languages<'a> {
    /// Takes the table from its file; none where it has another size.
    pub fn of(weights: &'a [u8]) -> Option<Self> {
        let (weights, rest) = weights.as_chunks();
        (weights.len() == 1 << BITS && rest.is_empty()).then_some(Self { weights })
    }

    /// Which language the words are in; `expected` is the one that they should be in as far as anybody knows.
    pub fn find(&self, text: &str, tokens: &Tokens, expected: Option<Language>) -> Found {
        let Weighed { latin, foreign, mut sums } = self.weigh(text, tokens);
        match expected {
            Some(Language::Spanish) => sums[0] += EXPECTED,
            Some(Language::English) => sums[1] += EXPECTED,
            None => {}
        }
        match (latin, foreign) {
            (0, 0) => Found::Wordless,
            _ if foreign > latin => Found::Other,
            _ => verdict(&sums, latin < FEW),
        }
    }

    /// What speaks for each language.
    pub fn weigh(&self, text: &str, tokens: &Tokens) -> Weighed {
        let (mut latin, mut foreign) = (0_usize, 0_usize);
        let mut sums = [0_i16; LANES];
        'words: for token in tokens.all.iter().filter(|token| token.kind == Kind::Word) {
            let (mut second, mut first) = (None, begun());
            // Hashes of the pieces that the next character ends: of one, two and three characters.
            first = taken(first, EDGE);
            let word = &text[token.bytes.clone()];
            for c in word.chars().chain([' ']) {
                if latin + foreign == LOOKED_AT {
                    break 'words;
                }
                let class = class(c);
                if class == Class::Letter {
                    if (c as u32) < 0x250 { latin += 1 } else { foreign += 1 }
                }
                let c = small(c);
                if let Some(second) = second {
                    self.add(&mut sums, taken(second, c));
                }
                let pair = taken(first, c);
                self.add(&mut sums, pair);
                second = Some(pair);
                first = taken(begun(), c);
                if c != EDGE {
                    self.add(&mut sums, first);
                }
            }
        }
        Weighed { latin, foreign, sums: sums.map(i32::from) }
    }

    fn add(&self, sums: &mut [i16; LANES], hash: u32) {
        let Some(weights) = self.weights.get(place(hash, BITS) as usize) else { return };
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum = sum.wrapping_add(weight.cast_signed().into());
        }
    }
}

fn verdict(sums: &[i32; LANES], is_short: bool) -> Found {
    let [spanish, english, others @ ..] = sums;
    let other = others.iter().copied().max().unwrap_or(i32::MIN);
    if other > *spanish.max(english) + MARGIN && !is_short {
        return Found::Other;
    }
    match spanish - english {
        more if more > BETWEEN && !is_short => Found::One(Language::Spanish),
        more if more < -BETWEEN && !is_short => Found::One(Language::English),
        more if more >= 0 => Found::Either(Language::Spanish),
        _ => Found::Either(Language::English),
    }
}

/// A letter of Latin in lower case, with its accent.
fn small(c: char) -> u32 {
    let c = c as u32;
    match c {
        0x41..=0x5A => c + 0x20,
        0xC0..=0xDE if c != 0xD7 => c + 0x20,
        0x100..=0x137 | 0x14A..=0x177 => c | 1,
        0x139..=0x148 | 0x179..=0x17E => (c + 1) & !1,
        0x2019 => 0x27,
        _ => c,
    }
}
