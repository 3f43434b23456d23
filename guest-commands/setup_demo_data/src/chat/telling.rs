//! A chat while it is told, message by message.

use encargo_sdk::random::Random;

use super::{Course, Message, Mood};
use crate::calendar::{MINUTE, SECOND};
use crate::seeds::dialogues::{Dialogue, Lines};
use crate::seeds::knowledge::topic;
use crate::seeds::phrases::{
    APPEASED, CITIES, CLOSINGS, GREETINGS, HANDED_OVER, PERSON, PRODUCTS, SORRY, STILL_ANGRY, TEAM, WOODEN,
};

/// Topics that speak of wood.
const OF_WOOD: [&str; 4] = ["wood-care", "missing-parts", "guarantee", "assembly"];

pub(super) struct Telling<'a> {
    dialogue: &'static Dialogue,
    lines: &'static Lines,
    language: usize,
    random: &'a mut Random,
    /// What stands for what.
    details: Vec<(&'static str, String)>,
    at: i64,
    messages: Vec<Message>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(dialogue: &'static Dialogue, language: usize, at: i64, random: &'a mut Random) -> Self {
        let products = if OF_WOOD.contains(&dialogue.topic) { &PRODUCTS[..WOODEN] } else { &PRODUCTS[..] };
        let (english, spanish, cents) = random.pick(products);
        let (whole, rest) = (cents / 100, cents % 100);
        let amount = if language == 0 { format!("€{whole}.{rest:02}") } else { format!("{whole},{rest:02} €") };
        let details = vec![
            ("{product}", [english, spanish][language].to_owned()),
            ("{amount}", amount),
            ("{order}", format!("AL-{}", random.between(20_000, 98_000))),
            ("{city}", random.pick(&CITIES).to_owned()),
            ("{name}", random.pick(&TEAM).to_owned()),
            ("{article}", topic(dialogue.topic).map_or("", |topic| topic.title[language]).to_owned()),
        ];
        Self { dialogue, lines: &dialogue.says[language], language, random, details, at, messages: Vec::new() }
    }

    /// The title and what was said.
    pub(super) fn end(self) -> (String, Vec<Message>) {
        let title = self.filled(self.lines.title);
        let mut letters = title.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        (first + letters.as_str(), self.messages)
    }

    pub(super) fn tell(&mut self, course: Course) {
        let lines = self.lines;
        let opening = self.random.pick(&lines.opens);
        self.customer(opening, Mood::Neutral, 0);
        let greeting = self.random.pick(&GREETINGS[self.language]);
        self.agent(&format!("{greeting}{}", lines.asks));
        let detail = self.random.pick(&lines.details);
        self.customer(detail, Mood::Neutral, 90);
        if let Some((_, answer)) = self.dialogue.tool {
            self.at += self.random.between(200_000, 1_400_000);
            self.say("tool", answer, Mood::Neutral, None, None);
        }
        let answer = self.random.pick(&lines.answers);
        self.agent(answer);
        match course {
            Course::Silent => {}
            Course::Helped => {
                let words = self.random.pick(&lines.pleased);
                self.customer(words, Mood::Pleased, 240);
                let words = self.random.pick(&CLOSINGS[self.language]);
                self.agent(words);
            }
            Course::Appeased | Course::Angry => {
                let words = self.random.pick(&lines.angry);
                self.customer(words, Mood::Angry, 180);
                let words = self.random.pick(&SORRY[self.language]);
                self.agent(words);
                self.person(course);
            }
        }
    }

    /// Somebody of the team takes over.
    fn person(&mut self, course: Course) {
        self.at += self.random.between(MINUTE, 18 * MINUTE);
        self.say("system", HANDED_OVER[self.language], Mood::Neutral, None, None);
        self.at += self.random.between(30 * SECOND, 6 * MINUTE);
        let words = self.random.pick(&PERSON[self.language]);
        self.say("assistant", words, Mood::Neutral, None, None);
        let (words, mood) = match course {
            Course::Angry => (self.random.pick(&STILL_ANGRY[self.language]), Mood::Angry),
            _ => (self.random.pick(&APPEASED[self.language]), Mood::Pleased),
        };
        self.customer(words, mood, 600);
    }

    /// The customer writes, after up to so many seconds.
    fn customer(&mut self, words: &str, mood: Mood, within: i64) {
        if within > 0 {
            self.at += self.random.between(8 * SECOND, within * SECOND);
        }
        self.say("user", words, mood, None, None);
    }

    /// The agent answers. Most answers take a second or two, some many more.
    fn agent(&mut self, words: &str) {
        let slow = if self.random.percent(6) { 9 } else { 1 };
        let response_ms = self.random.between(600, 2_600) * slow + words.len() as i64 * 4;
        self.at += response_ms * 1_000;
        let tokens = words.chars().count() as i64 / 3 + self.random.between(12, 60);
        self.say("assistant", words, Mood::Neutral, Some(tokens), Some(response_ms));
    }

    fn say(&mut self, role: &'static str, words: &str, mood: Mood, tokens: Option<i64>, response_ms: Option<i64>) {
        let body = self.filled(words);
        self.messages.push(Message { role, body, tokens, response_ms, at: self.at, mood });
    }

    fn filled(&self, words: &str) -> String {
        let filled = self.details.iter().fold(words.to_owned(), |text, (slot, detail)| text.replace(slot, detail));
        match self.language {
            0 => filled.replace(" a oak ", " an oak "),
            _ => filled.replace(" de el ", " del ").replace(" a el ", " al ").replace("De el ", "Del "),
        }
    }
}
