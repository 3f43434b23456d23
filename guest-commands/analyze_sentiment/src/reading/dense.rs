//! What is counted in a message as a whole: how its known words feel, its marks, emoji and length.

use super::grams;
use super::lexicon::{Known, Lexicon, phrase};
use super::tokens::{Kind, Token, Tokens};

/// So many words behind a negation are within its reach.
const REACH: usize = 4;
/// A phrase has so many words at most.
const LONGEST_PHRASE: usize = 4;

/// The feelings of one message after the other, in buffers that are used again.
#[derive(Debug, Default)]
pub struct Dense {
    /// The hash of each token.
    pub hashes: Vec<u32>,
    /// Whether each token is within the reach of a negation.
    pub is_negated: Vec<bool>,
    /// How each token feels, in hundredths, with what stands before it.
    pub feelings: Vec<i32>,
    /// Which of the [`PLACES`] hold.
    pub places: Vec<u32>,
    known: Vec<Option<Known>>,
}

/// How many places there are.
pub const PLACES: u32 = 192;

impl Dense {
    /// Looks at a message.
    pub fn read(&mut self, tokens: &Tokens, lexicon: &Lexicon<'_>) {
        let all = &tokens.all;
        self.hashes.clear();
        self.known.clear();
        for token in all {
            let word = &tokens.folded[token.folded.clone()];
            self.hashes.push(grams::hash(word));
            self.known.push(match token.kind {
                Kind::Word | Kind::Symbol => lexicon.word(word),
                _ => None,
            });
        }
        self.phrases(all, lexicon);
        self.feel(all);
        self.count(tokens);
    }

    /// A phrase stands for its words: the first of them has what it feels like.
    fn phrases(&mut self, all: &[Token], lexicon: &Lexicon<'_>) {
        let mut at = 0;
        while at < all.len() {
            let words = all[at..].iter().take(LONGEST_PHRASE).take_while(|token| token.kind == Kind::Word).count();
            let found = (2..=words).rev().find_map(|length| {
                let known = lexicon.get(phrase(self.hashes[at..at + length].iter().copied()))?;
                Some((length, known))
            });
            let Some((length, known)) = found else {
                at += 1;
                continue;
            };
            self.known[at..at + length].fill(None);
            self.known[at + length - 1] = Some(known);
            at += length;
        }
    }

    fn feel(&mut self, all: &[Token]) {
        self.is_negated.clear();
        self.feelings.clear();
        let (mut reach, mut degree) = (0, 100);
        for (token, known) in all.iter().zip(&self.known) {
            self.is_negated.push(reach > 0 && token.kind == Kind::Word);
            let mut feeling = 0;
            match token.kind {
                Kind::Word | Kind::Symbol => match known {
                    Some(Known::Feeling(tenths)) => {
                        feeling = i32::from(*tenths) * 10 * degree / 100;
                        if token.is_loud {
                            feeling = feeling * 5 / 4;
                        }
                        if token.is_stretched {
                            feeling = feeling * 6 / 5;
                        }
                        if reach > 0 {
                            feeling = -feeling * 3 / 4;
                        }
                        degree = 100;
                        reach = usize::saturating_sub(reach, 1);
                    }
                    Some(Known::Negation) => reach = REACH,
                    Some(Known::Degree(more)) => degree = (degree + i32::from(*more)).clamp(30, 220),
                    Some(Known::But) => {
                        for before in &mut self.feelings {
                            *before = *before * 2 / 3;
                        }
                        (reach, degree) = (0, 100);
                    }
                    None => {
                        degree = 100;
                        reach = usize::saturating_sub(reach, 1);
                    }
                },
                Kind::Emoticon(so) => {
                    feeling = i32::from(so) * 120;
                    (reach, degree) = (0, 100);
                }
                Kind::Exclamation | Kind::Question | Kind::Dots | Kind::Stop => (reach, degree) = (0, 100),
                _ => {}
            }
            self.feelings.push(feeling);
        }
    }

    fn count(&mut self, tokens: &Tokens) {
        let all = &tokens.all;
        let of = |kind: Kind| all.iter().filter(|token| token.kind == kind).count() as i32;
        let sum = |wanted: &dyn Fn(&Kind, i32) -> bool| {
            let both = all.iter().zip(&self.feelings);
            both.filter(|(token, feeling)| wanted(&token.kind, **feeling)).map(|(_, feeling)| *feeling).sum::<i32>()
        };
        let pleased = sum(&|_, feeling| feeling > 0);
        let angry = -sum(&|_, feeling| feeling < 0);
        let symbols = sum(&|kind, _| *kind == Kind::Symbol);
        let emoticons = sum(&|kind, _| matches!(kind, Kind::Emoticon(_)));
        let words = of(Kind::Word);
        let last = self.feelings.iter().rev().find(|feeling| **feeling != 0).copied().unwrap_or(0);
        let first = self.feelings.iter().find(|feeling| **feeling != 0).copied().unwrap_or(0);
        let strongest = self.feelings.iter().fold(0_i32, |most, &one| if one.abs() > most.abs() { one } else { most });
        let both = pleased - angry;
        let loud = all.iter().filter(|token| token.is_loud).count() as i32;
        let stretched = all.iter().filter(|token| token.is_stretched).count() as i32;
        let negations = self.known.iter().filter(|known| **known == Some(Known::Negation)).count() as i32;
        let ends_asking = all.iter().rev().find(|token| token.kind != Kind::Address && token.kind != Kind::Handle);
        let ends_asking = i32::from(ends_asking.is_some_and(|token| token.kind == Kind::Question));
        const SUM: &[i32] = &[1, 100, 200, 300, 450, 700];
        const BALANCE: &[i32] = &[-700, -450, -250, -120, 0, 1, 121, 251, 451, 701];
        const ONE: &[i32] = &[-250, -120, 0, 1, 121, 251];
        let counted: [(i32, &[i32]); 20] = [
            (pleased, SUM),
            (angry, SUM),
            (both, BALANCE),
            (both * 8 / words.max(4), BALANCE),
            (last, ONE),
            (first, ONE),
            (strongest, &[-350, -250, -150, 0, 1, 151, 251, 351]),
            (symbols, &[-200, 0, 1, 201, 500]),
            (emoticons, &[-150, 0, 1, 151]),
            (of(Kind::Symbol), &[1, 2, 4]),
            (of(Kind::Exclamation), &[1, 2, 3]),
            (of(Kind::Question), &[1, 2]),
            (of(Kind::Dots), &[1, 2]),
            (loud, &[1, 2, 4]),
            (stretched, &[1, 2]),
            (words, &[1, 2, 3, 5, 9, 14, 20, 33]),
            (of(Kind::Address), &[1]),
            (of(Kind::Handle), &[1, 2]),
            (of(Kind::Number), &[1, 3]),
            (negations + 3 * ends_asking, &[1, 2, 3, 4]),
        ];
        self.places.clear();
        let mut begin = 0;
        for (count, bounds) in counted {
            let step = bounds.iter().filter(|bound| count >= **bound).count() as u32;
            self.places.push(begin + step);
            begin += bounds.len() as u32 + 1;
        }
        debug_assert!(begin <= PLACES);
    }
}
