//! Writes what a model weighs in each text, for the training: `features LEXICON WORD-BITS PIECE-BITS < texts > numbers`. Texts
//! are lines of standard input. Each gets three lists of numbers, 32 bits each and the least significant byte first, each with
//! its length before it: what holds of the whole, words and pairs, pieces of words.

use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::{env, fs};

use analyze_sentiment::reading::dense::Dense;
use analyze_sentiment::reading::grams;
use analyze_sentiment::reading::lexicon::Lexicon;
use analyze_sentiment::reading::tokens::Tokens;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [lexicon, word_bits, piece_bits] = &arguments[..] else {
        return Err("usage: features LEXICON WORD-BITS PIECE-BITS".into());
    };
    let (word_bits, piece_bits) = (word_bits.parse()?, piece_bits.parse()?);
    let file = fs::read(lexicon)?;
    let (lexicon, _) = Lexicon::split(&file).ok_or("the lexicon is cut short")?;
    let (mut tokens, mut dense) = (Tokens::default(), Dense::default());
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        tokens.read(&line?);
        dense.read(&tokens, &lexicon);
        let (mut words, mut pieces) = (Vec::new(), Vec::new());
        grams::words(&tokens, &dense.hashes, &dense.is_negated, word_bits, |place, _| words.push(place));
        grams::pieces(&tokens, piece_bits, |place, _| pieces.push(place));
        for list in [&dense.places, &words, &pieces] {
            out.write_all(&(list.len() as u32).to_le_bytes())?;
            for number in list {
                out.write_all(&number.to_le_bytes())?;
            }
        }
    }
    Ok(out.flush()?)
}
