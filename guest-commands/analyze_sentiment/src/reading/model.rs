//! A model of a language: what each thing in a message weighs, added up in integers.

use super::Reader;
use super::dense::PLACES;
use super::grams;
use super::lexicon::Lexicon;

/// What begins a model's file.
const MAGIC: &[u8; 8] = b"ENCSENT1";
/// So many numbers stand behind the lexicon.
const NUMBERS: usize = 7;
/// Steps of the table of powers of e, of which each has 1/64.
const STEPS: usize = 1_024;

/// How a message feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Displeased.
    Negative,
    /// Neither.
    Neutral,
    /// Pleased.
    Positive,
    /// Too unsure to say, or in a language that no model knows.
    Unknown,
}

impl Label {
    /// The word in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
            Self::Unknown => "unknown",
        }
    }
}

/// What a model says of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// The likeliest of the three, or unknown where that is not likely enough.
    pub label: Label,
    /// The likeliest of the three.
    pub best: Label,
    /// How much likelier positive is than negative, in ten-thousandths: from -10,000 to 10,000.
    pub score: i32,
    /// How likely the best label is, in ten-thousandths.
    pub confidence: i32,
}

/// A model as it lies in its file.
#[derive(Debug, Clone, Copy)]
pub struct Model<'a> {
    /// The known words.
    pub lexicon: Lexicon<'a>,
    word_bits: u32,
    piece_bits: u32,
    word_unit: i64,
    piece_unit: i64,
    bias: [i64; 2],
    threshold: i32,
    powers: &'a [u8],
    dense: &'a [u8],
    words: &'a [[u8; 2]],
    pieces: &'a [[u8; 2]],
}

impl<'a> Model<'a> {
    /// Takes a model from its file; none where the file is not one.
    pub fn of(file: &'a [u8]) -> Option<Self> {
        let (lexicon, rest) = Lexicon::split(file.strip_prefix(MAGIC)?)?;
        let (numbers, rest) = rest.split_at_checked(NUMBERS * 4)?;
        let number = |at: usize| i32::from_le_bytes([0, 1, 2, 3].map(|byte| numbers[at * 4 + byte]));
        let (word_bits, piece_bits) = (number(0).cast_unsigned(), number(1).cast_unsigned());
        let (powers, rest) = rest.split_at_checked((STEPS + 2) * 4)?;
        let (dense, rest) = rest.split_at_checked(PLACES as usize * 4)?;
        let (words, rest) = rest.split_at_checked(2 << word_bits)?;
        let (pieces, rest) = rest.split_at_checked(2 << piece_bits)?;
        let model = Self {
            lexicon,
            word_bits,
            piece_bits,
            word_unit: number(2).into(),
            piece_unit: number(3).into(),
            bias: [number(4).into(), number(5).into()],
            threshold: number(6),
            powers,
            dense,
            words: words.as_chunks().0,
            pieces: pieces.as_chunks().0,
        };
        rest.is_empty().then_some(model)
    }

    /// What the model says of the message that the reader holds.
    pub fn judge(&self, reader: &Reader) -> Verdict {
        self.verdict(self.sums(reader))
    }

    /// How much more than neutral it is negative and positive, in 1/1024 of a unit of the logarithm of the odds.
    pub fn sums(&self, reader: &Reader) -> [i64; 2] {
        let mut sums = self.bias;
        for &place in &reader.dense.places {
            for (sum, weight) in sums.iter_mut().zip(self.dense_weight(place)) {
                *sum += weight;
            }
        }
        let (mut words, mut pieces) = (Sum::default(), Sum::default());
        let (hashes, is_negated) = (&reader.dense.hashes, &reader.dense.is_negated);
        grams::words(&reader.tokens, hashes, is_negated, self.word_bits, |place, _| words.add(self.words, place));
        grams::pieces(&reader.tokens, self.piece_bits, |place, _| pieces.add(self.pieces, place));
        for (sum, (word, piece)) in
            sums.iter_mut().zip(words.shares(self.word_unit).zip(pieces.shares(self.piece_unit)))
        {
            *sum += word + piece;
        }
        sums
    }

    /// How much each token speaks for positive and against negative, in the units of the sums. What is counted of the whole is
    /// shared among the tokens that feel like something.
    pub fn shares(&self, reader: &Reader) -> Vec<i64> {
        let tokens = reader.tokens.all.len();
        let difference = |weights: &[[u8; 2]], place: u32| {
            let [negative, positive] = weights[place as usize];
            i64::from(positive.cast_signed()) - i64::from(negative.cast_signed())
        };
        let mut shares = vec![0_i64; tokens];
        let (hashes, is_negated) = (&reader.dense.hashes, &reader.dense.is_negated);
        let mut of_words = (vec![0_i64; tokens], 0_u64);
        grams::words(&reader.tokens, hashes, is_negated, self.word_bits, |place, token| {
            of_words.0[token] += difference(self.words, place);
            of_words.1 += 1;
        });
        let mut of_pieces = (vec![0_i64; tokens], 0_u64);
        grams::pieces(&reader.tokens, self.piece_bits, |place, token| {
            of_pieces.0[token] += difference(self.pieces, place);
            of_pieces.1 += 1;
        });
        for ((all, count), unit) in [(of_words, self.word_unit), (of_pieces, self.piece_unit)] {
            let root = root_of_share(count);
            for (share, sum) in shares.iter_mut().zip(all) {
                *share += (sum * root * unit) >> 32;
            }
        }
        let weights = reader.dense.places.iter().map(|&place| self.dense_weight(place));
        let whole: i64 = weights.map(|[negative, positive]| positive - negative).sum();
        let felt: i64 = reader.dense.feelings.iter().map(|feeling| i64::from(feeling.abs())).sum();
        for (share, &feeling) in shares.iter_mut().zip(&reader.dense.feelings) {
            *share += whole.abs() * i64::from(feeling) / felt.max(1);
        }
        shares
    }

    fn dense_weight(&self, place: u32) -> [i64; 2] {
        let at = place as usize * 4;
        let weight = |at: usize| i64::from(i16::from_le_bytes([self.dense[at], self.dense[at + 1]]));
        [weight(at), weight(at + 2)]
    }

    /// From sums to likelihoods.
    pub fn verdict(&self, [negative, positive]: [i64; 2]) -> Verdict {
        let most = negative.max(positive).max(0);
        let powers = [negative, 0, positive].map(|sum| self.power(most - sum));
        let all: i64 = powers.iter().sum();
        let [negative, neutral, positive] = powers.map(|power| ((power * 20_000 + all) / (2 * all)) as i32);
        let (best, confidence) = if negative > neutral && negative >= positive {
            (Label::Negative, negative)
        } else if positive > neutral {
            (Label::Positive, positive)
        } else {
            (Label::Neutral, neutral)
        };
        let label = if confidence < self.threshold { Label::Unknown } else { best };
        Verdict { label, best, score: positive - negative, confidence }
    }

    /// e to the power of minus so many 1/1024, times 2^20.
    fn power(&self, down: i64) -> i64 {
        let (step, part) = ((down >> 4) as usize, down & 15);
        if step >= STEPS {
            return 0;
        }
        let power = |step: usize| i64::from(u32::from_le_bytes([0, 1, 2, 3].map(|byte| self.powers[step * 4 + byte])));
        power(step) - (((power(step) - power(step + 1)) * part) >> 4)
    }
}

/// The weights of many things of one kind.
#[derive(Debug, Default)]
struct Sum {
    negative: i32,
    positive: i32,
    count: u32,
}

impl Sum {
    fn add(&mut self, weights: &[[u8; 2]], place: u32) {
        let [negative, positive] = weights[place as usize];
        self.negative += i32::from(negative.cast_signed());
        self.positive += i32::from(positive.cast_signed());
        self.count += 1;
    }

    /// What they add up to, divided by the root of how many they are.
    fn shares(&self, unit: i64) -> impl Iterator<Item = i64> {
        let root = root_of_share(self.count.into());
        [self.negative, self.positive].into_iter().map(move |sum| (i64::from(sum) * root * unit) >> 32)
    }
}

/// One divided by the root of a number, times 2^16.
fn root_of_share(count: u64) -> i64 {
    ((1_u64 << 32) / count.max(1)).isqrt().cast_signed()
}
