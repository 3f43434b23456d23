//! Judges texts with the command's own code: `judge < texts > verdicts`. Texts are lines of standard input, each with its chat's
//! language before a tab, perhaps none. A line of the answer has the label, the best guess, score and confidence in
//! ten-thousandths, and the model. `judge --time` answers how many texts there were and how many seconds it took to judge them.

use std::env;
use std::hint::black_box;
use std::io::{self, BufRead as _, BufWriter, Write as _};
use std::time::Instant;

use analyze_sentiment::engine::Engine;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut engine = Engine::new().map_err(|error| error.message)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if env::args().nth(1).as_deref() == Some("--time") {
        let lines = io::stdin().lock().lines().collect::<Result<Vec<_>, _>>()?;
        let split: Vec<_> = lines.iter().map(|line| line.split_once('\t').unwrap_or(("", line))).collect();
        let begun = Instant::now();
        for (chat, text) in &split {
            black_box(engine.judge(text, chat));
        }
        writeln!(out, "{}\t{}", split.len(), begun.elapsed().as_secs_f64())?;
        return Ok(out.flush()?);
    }
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (chat, text) = line.split_once('\t').unwrap_or(("", &line));
        let judged = engine.judge(text, chat);
        let verdict = judged.verdict;
        let (label, best) = (verdict.label.word(), verdict.best.word());
        writeln!(out, "{label}\t{best}\t{}\t{}\t{}", verdict.score, verdict.confidence, judged.model)?;
    }
    Ok(out.flush()?)
}
