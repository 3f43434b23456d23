//! Sentences from a small grammar in two languages, whose feelings are known because they were chosen.
//!
//! A form has slots: `{p}` for a product, `{d}` for a day, `{o}` for the number of an order, `{n}` for a small number.

mod english;
mod spanish;

use encargo_sdk::random::Random;

/// How a sentence feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Negative,
    Neutral,
    Positive,
}

impl Label {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }

    pub(crate) const fn score(self) -> f64 {
        match self {
            Self::Negative => -0.8,
            Self::Neutral => 0.0,
            Self::Positive => 0.8,
        }
    }
}

/// What is said in one language.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) tag: &'static str,
    products: &'static [&'static str],
    days: &'static [&'static str],
    /// What customers say, by how they feel.
    negative: &'static [&'static str],
    neutral: &'static [&'static str],
    positive: &'static [&'static str],
    /// What agents say.
    agent: &'static [&'static str],
    /// Titles of chats and of knowledge.
    titles: &'static [&'static str],
    /// What articles say.
    facts: &'static [&'static str],
    pub(crate) handed_over: &'static str,
    pub(crate) tags: &'static [&'static str],
    /// What is said beside a rating, from the worst on.
    pub(crate) comments: &'static [&'static str; 5],
    pub(crate) names: &'static [&'static str],
}

/// The languages.
pub(crate) const LANGUAGES: [&Words; 2] = [&english::WORDS, &spanish::WORDS];

impl Words {
    /// A customer's sentences that feel like this.
    pub(crate) fn customer(&self, label: Label, sentences: u64, random: &mut Random, out: &mut String) {
        let forms = match label {
            Label::Negative => self.negative,
            Label::Neutral => self.neutral,
            Label::Positive => self.positive,
        };
        // The first carries the feeling; what follows it says more, and feels like nothing or the same.
        self.fill(random.pick(forms), random, out);
        for _ in 1..sentences {
            let more = if random.percent(60) { self.neutral } else { forms };
            out.push(' ');
            self.fill(random.pick(more), random, out);
        }
    }

    /// An agent's sentences.
    pub(crate) fn agent(&self, sentences: u64, random: &mut Random, out: &mut String) {
        self.several(self.agent, sentences, random, out);
    }

    /// An article's sentences.
    pub(crate) fn facts(&self, sentences: u64, random: &mut Random, out: &mut String) {
        self.several(self.facts, sentences, random, out);
    }

    pub(crate) fn title(&self, random: &mut Random, out: &mut String) {
        self.fill(random.pick(self.titles), random, out);
    }

    fn several(&self, forms: &[&str], sentences: u64, random: &mut Random, out: &mut String) {
        for n in 0..sentences {
            if n > 0 {
                out.push(' ');
            }
            self.fill(random.pick(forms), random, out);
        }
    }

    fn fill(&self, form: &str, random: &mut Random, out: &mut String) {
        let mut parts = form.split('{');
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            match part.as_bytes()[0] {
                b'p' => out.push_str(random.pick(self.products)),
                b'd' => out.push_str(random.pick(self.days)),
                b'o' => {
                    out.push_str("AL-");
                    push_number(random.below(90_000) + 10_000, out);
                }
                _ => push_number(random.below(9) + 2, out),
            }
            out.push_str(&part[2..]);
        }
    }
}

/// Writes a number without the machinery of formatting, which costs several times as much.
pub(crate) fn push_number(mut number: u64, out: &mut String) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).expect("the digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_filled_and_no_two_feelings_share_one() {
        for words in LANGUAGES {
            let lists = [words.negative, words.neutral, words.positive, words.agent, words.titles, words.facts];
            let mut random = Random::of(&[1]);
            for form in lists.into_iter().flatten() {
                let mut text = String::new();
                words.fill(form, &mut random, &mut text);
                assert!(!text.contains(['{', '}']) && text.len() > 5, "{text}");
            }
            assert!(words.negative.iter().all(|form| !words.positive.contains(form) && !words.neutral.contains(form)));
            assert!(words.negative.len() > 15 && words.positive.len() > 15 && words.neutral.len() > 15);
        }
    }

    #[test]
    fn numbers_are_written_as_elsewhere() {
        for number in [0, 7, 10, 98_765, u64::MAX] {
            let mut text = String::new();
            push_number(number, &mut text);
            assert_eq!(text, number.to_string());
        }
    }
}
