//! The one boundary between texts and the caller's terminal: nothing is printed for people or programs but through here.
//!
//! A text may come from a command, a file, the store or an error, and nobody knows any more when it is printed. So the
//! rule is one for all: a character that is not seen, or moves or reorders what is around it, is written out; a text that
//! stands behind words of the host goes on indented after a line break; and no line begins with a label of the host's,
//! such as `error:`, unless the host put it there. Colours are laid over the text afterwards and cannot be part of it.

use std::borrow::Cow;
use std::fmt::Write as _;

use encargo_model::{Language, is_unseen};

use super::{Style, Word};

/// A piece of a line in its style.
pub(crate) type Span<'a> = (Style, &'a str);

/// How a text goes on after a line break.
const INDENT: &str = "    ";
/// How many characters are a few words.
const FEW: usize = 40;
/// How far a line is moved that would begin with a label.
const SET_OFF: &str = "  ";

/// Characters written out as `\u{1b}` or `\r`, but for tab and line feed.
pub(crate) fn spelled(text: &str) -> Cow<'_, str> {
    spelled_but(text, |c| c == '\n' || c == '\t')
}

/// A text that stands behind words of the host: after a line break it goes on indented.
pub(crate) fn visible(text: &str) -> String {
    spelled(text).replace('\n', &format!("\n{INDENT}"))
}

/// The same where there is room for one line only.
pub(super) fn in_one_line(text: &str) -> Cow<'_, str> {
    spelled_but(text, |_| false)
}

/// The same where there is room for a few words only.
pub(super) fn in_few_words(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(FEW) {
        None => in_one_line(text),
        Some((end, _)) => Cow::Owned(format!("{}…", in_one_line(&text[..end]))),
    }
}

fn spelled_but(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let stays = |c: char| !is_unseen(c) || stays(c);
    if text.chars().all(&stays) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if stays(c) => shown.push(c),
            '\n' | '\r' | '\t' => shown.extend(c.escape_default()),
            c => shown.extend(c.escape_unicode()),
        }
    }
    Cow::Owned(shown)
}

/// Pieces of text as they are written to a stream.
pub(super) fn drawn(spans: &[Span<'_>], is_coloured: bool) -> String {
    let spans: Vec<_> = spans.iter().map(|(style, text)| (*style, spelled(text))).collect();
    let whole: String = spans.iter().map(|(_, text)| text.as_ref()).collect();
    let (mut drawn, mut at, mut line_begins) = (String::with_capacity(whole.len() + 16), 0, true);
    for (style, text) in &spans {
        let mut piece = String::with_capacity(text.len());
        for part in text.split_inclusive('\n') {
            if line_begins && begins_with_label(&whole[at..]) {
                piece.push_str(SET_OFF);
            }
            piece.push_str(part);
            at += part.len();
            line_begins = part.ends_with('\n');
        }
        drawn.push_str(&if is_coloured { style.wrap(&piece) } else { piece });
    }
    drawn
}

/// Whether a text begins with a word that the host alone puts before a colon at the beginning of a line.
fn begins_with_label(text: &str) -> bool {
    let Some((word, _)) = text.split_once([':', '\n']).filter(|(word, _)| word.len() < 32) else { return false };
    if !text[word.len()..].starts_with(':') || word.starts_with(char::is_whitespace) {
        return false;
    }
    let word = word.trim_end();
    let is = |label: &str| word.eq_ignore_ascii_case(label);
    let labels = [Word::Error, Word::Warning, Word::Hint, Word::Note];
    is("debug") || is("info") || labels.iter().any(|label| is(label.get(Language::En)) || is(label.get(Language::Es)))
}

/// Help that was rendered from texts spelled out before: the colours in it are the renderer's.
pub(super) fn rendered(help: &str) -> String {
    let set_off = |line| if begins_with_label(line) { SET_OFF } else { "" };
    let lines = help.split('\n').map(|line| format!("{}{}", set_off(line), rendered_line(line)));
    lines.collect::<Vec<_>>().join("\n")
}

fn rendered_line(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut shown = spelled(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        let code = part.find('m').filter(|end| part[..*end].chars().all(|c| c.is_ascii_digit() || c == ';'));
        match code {
            Some(end) => {
                let _ = write!(shown, "\u{1b}[{}{}", &part[..=end], spelled(&part[end + 1..]));
            }
            None => shown.push_str(&spelled(&format!("\u{1b}[{part}"))),
        }
    }
    shown
}

/// A line of JSON that stands for the same values. Outside of strings JSON has no such characters.
pub(super) fn in_json(line: &str) -> Cow<'_, str> {
    if !line.chars().any(is_unseen) {
        return Cow::Borrowed(line);
    }
    let mut safe = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        if is_unseen(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_unseen_character_is_printed_whichever_way_a_text_goes() {
        for c in ('\0'..=char::MAX).filter(|c| is_unseen(*c)) {
            let text = format!("a{c}b");
            let plain = drawn(&[(Style::Plain, &text)], false);
            let json = in_json(&serde_json::to_string(&text).unwrap()).into_owned();
            let (line, few) = (in_one_line(&text).into_owned(), in_few_words(&text).into_owned());
            let ways = [plain, visible(&text), line, rendered(&text), json.clone(), few];
            for (way, shown) in ways.iter().enumerate() {
                let may_stay = |shown: char| matches!(shown, '\n' | '\t') && ![2, 4, 5].contains(&way);
                assert!(shown.chars().all(|shown| !is_unseen(shown) || may_stay(shown)), "{c:?}: {shown:?}");
            }
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn what_can_be_seen_stays_as_it_is() {
        for text in ["213 leídas\n\tok", "año 日本語 👍🏽 e\u{301}", ""] {
            assert_eq!(drawn(&[(Style::Plain, text)], false), text);
            assert_eq!(in_json(&text.replace(['\n', '\t'], "")), text.replace(['\n', '\t'], ""));
        }
        assert_eq!(spelled("\u{1b}[2Jgone\r\u{202e}"), "\\u{1b}[2Jgone\\r\\u{202e}");
        assert_eq!(in_one_line("a\n\tb"), "a\\n\\tb");
    }

    #[test]
    fn a_few_words_are_cut_between_characters_and_before_they_are_spelled() {
        for (text, shown) in [
            ("ñ".repeat(40), "ñ".repeat(40)),
            ("ñ".repeat(41), format!("{}…", "ñ".repeat(40))),
            ("\r".repeat(1_000), format!("{}…", "\\r".repeat(40))),
            (String::new(), String::new()),
        ] {
            assert_eq!(in_few_words(&text), shown);
        }
    }

    #[test]
    fn no_line_of_a_text_begins_with_a_label_of_the_host() {
        for label in ["error", "Error", "warning", "aviso", "hint", "sugerencia", "note", "info", "ERROR "] {
            let text = format!("{label}: a\nfine\n{label}: b");
            let shown = format!("  {label}: a\nfine\n  {label}: b");
            assert_eq!(drawn(&[(Style::Plain, &text)], false), shown);
            let (one, other) = label.split_at(3);
            assert_eq!(
                drawn(&[(Style::Plain, one), (Style::Plain, other), (Style::Plain, ": x")], false),
                format!("  {label}: x")
            );
        }
        for text in ["errors: 3", "an error: x", "error", "error\n: x", "  hint: x", "terror: x"] {
            assert_eq!(drawn(&[(Style::Plain, text)], false), text);
        }
        assert_eq!(visible("a\nerror: b"), "a\n    error: b");
    }

    #[test]
    fn colours_are_the_hosts_alone() {
        assert_eq!(
            drawn(&[(Style::Good, "\u{1b}[31ma"), (Style::Plain, "b")], true),
            "\u{1b}[32m\\u{1b}[31ma\u{1b}[0mb"
        );
        assert_eq!(
            rendered("\u{1b}[1m\u{1b}[4ma\u{1b}[0m\u{1b}]0;x\u{7}\u{1b}[2J"),
            "\u{1b}[1m\u{1b}[4ma\u{1b}[0m\\u{1b}]0;x\\u{7}\\u{1b}[2J"
        );
    }
}
