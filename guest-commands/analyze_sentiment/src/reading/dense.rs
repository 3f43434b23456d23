//! What is counted in a message as a whole: how its known words feel, its marks, emoji and length.

use super::grams;
use super::lexicon::{Known, Lexicon, phrase, phrase_begins};
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
            if all[at].kind != Kind::Word || lexicon.get(phrase_begins(self.hashes[at])).is_none() {
                at += 1;
                continue;
            }
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
                    Some(Known::Beginning) | None => {
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
        let mut seen = Seen::default();
        for ((token, &feeling), known) in tokens.all.iter().zip(&self.feelings).zip(&self.known) {
            seen.take(token, feeling, *known == Some(Known::Negation));
        }
        let both = seen.pleased - seen.angry;
        const SUM: &[i32] = &[1, 100, 200, 300, 450, 700];
        const BALANCE: &[i32] = &[-700, -450, -250, -120, 0, 1, 121, 251, 451, 701];
        const ONE: &[i32] = &[-250, -120, 0, 1, 121, 251];
        let counted: [(i32, &[i32]); 20] = [
            (seen.pleased, SUM),
            (seen.angry, SUM),
            (both, BALANCE),
            (both * 8 / seen.words.max(4), BALANCE),
            (seen.last, ONE),
            (seen.first, ONE),
            (seen.strongest, &[-350, -250, -150, 0, 1, 151, 251, 351]),
            (seen.of_symbols, &[-200, 0, 1, 201, 500]),
            (seen.of_emoticons, &[-150, 0, 1, 151]),
            (seen.symbols, &[1, 2, 4]),
            (seen.exclamations, &[1, 2, 3]),
            (seen.questions, &[1, 2]),
            (seen.dots, &[1, 2]),
            (seen.loud, &[1, 2, 4]),
            (seen.stretched, &[1, 2]),
            (seen.words, &[1, 2, 3, 5, 9, 14, 20, 33]),
            (seen.addresses, &[1]),
            (seen.handles, &[1, 2]),
            (seen.numbers, &[1, 3]),
            (seen.negations + 3 * seen.ends_asking, &[1, 2, 3, 4]),
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

/// What is counted, in one pass.
#[derive(Debug, Default)]
struct Seen {
    pleased: i32,
    angry: i32,
    first: i32,
    last: i32,
    strongest: i32,
    of_symbols: i32,
    of_emoticons: i32,
    words: i32,
    symbols: i32,
    exclamations: i32,
    questions: i32,
    dots: i32,
    addresses: i32,
    handles: i32,
    numbers: i32,
    loud: i32,
    stretched: i32,
    negations: i32,
    /// 1 where the last token but addresses and handles is a question mark.
    ends_asking: i32,
}

impl Seen {
    fn take(&mut self, token: &Token, feeling: i32, is_negation: bool) {
        self.pleased += feeling.max(0);
        self.angry -= feeling.min(0);
        if feeling != 0 {
            self.last = feeling;
            if self.first == 0 {
                self.first = feeling;
            }
            if feeling.abs() > self.strongest.abs() {
                self.strongest = feeling;
            }
        }
        self.loud += i32::from(token.is_loud);
        self.stretched += i32::from(token.is_stretched);
        self.negations += i32::from(is_negation);
        let count = match token.kind {
            Kind::Address => return self.addresses += 1,
            Kind::Handle => return self.handles += 1,
            Kind::Word => &mut self.words,
            Kind::Number => &mut self.numbers,
            Kind::Symbol => {
                self.of_symbols += feeling;
                &mut self.symbols
            }
            Kind::Exclamation => &mut self.exclamations,
            Kind::Question => &mut self.questions,
            Kind::Dots => &mut self.dots,
            Kind::Emoticon(_) => {
                self.of_emoticons += feeling;
                self.ends_asking = 0;
                return;
            }
            Kind::Stop => return self.ends_asking = 0,
        };
        *count += 1;
        self.ends_asking = i32::from(token.kind == Kind::Question);
    }
}
