//! What is odd and allowed: whoever breaks on one of these has a fault of its own.

use encargo_sdk::random::Random;

/// Texts that formats and pages like to lose.
const TEXTS: [&str; 20] = [
    "",
    " ",
    "\t tabs\tand  spaces ",
    "one\nline\r\nand\rothers",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇸 👍🏽",
    "𝒜𝓁𝑒𝓇𝒸𝑒 𠜎𠜱𠝹",
    "مرحبا، أين طلبي رقم 42؟",
    "שלום, איפה ההזמנה שלי?",
    "e\u{301}\u{323} und o\u{308}: composed of several",
    "zero\u{200b}width\u{2060}joined\u{feff}",
    "\u{202e}right to left\u{202c} and back",
    "=1+1",
    "@SUM(A1:A9)",
    "-2+3",
    "say \"so\", 'so', «so» and `so`",
    "a;b,c|d\\e/f",
    "<b>bold</b> &amp; ]]> <!-- no -->",
    "Robert'); DROP TABLE chats;--",
    "NULL",
    "{\"json\":[1,2,{\"deep\":null}]} {{ slot }} %s ${x}",
];

/// Languages that are written as the standard says, and none.
const LANGUAGES: [&str; 5] = ["", "pt-BR", "zh-Hant-TW", "sr-Latn-RS", "es-419"];

/// Tags that have to be quoted.
pub(crate) const TAGS: [&str; 4] = ["a;b", "say \"so\"", "ñandú 🦤", "c,d"];

/// Ends of summer time, a leap day, the end of a year, and the microseconds around them.
const MOMENTS: [i64; 7] = [
    1_743_296_399_999_999,
    1_743_296_400_000_000,
    1_761_440_399_999_999,
    1_761_440_400_000_000,
    1_709_251_199_999_999,
    1_767_139_199_999_999,
    1_740_787_200_000_000,
];

/// An odd text; one in fifty is long.
pub(crate) fn text(random: &mut Random, out: &mut String) {
    if random.percent(2) {
        for _ in 0..random.between(5_000, 30_000) {
            out.push('ñ');
        }
        return;
    }
    out.push_str(random.pick(&TEXTS));
}

pub(crate) fn language(random: &mut Random) -> &'static str {
    random.pick(&LANGUAGES)
}

pub(crate) fn moment(random: &mut Random) -> i64 {
    random.pick(&MOMENTS)
}
