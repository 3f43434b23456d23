//! What a guest last wrote on its standard error: a panic, or a script's exception with the place where it was raised.

use encargo_model::{Text, text};

/// The last lines of a guest that was stopped, as what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastWords {
    /// A Rust panic: its message and its place.
    Panic(String),
    /// A script's exception: its message, and the script's file and line.
    Exception(String),
}

impl LastWords {
    /// What the lines say, where they say one of these. The last of several counts.
    pub(crate) fn of(lines: &[String]) -> Option<Self> {
        panic(lines).map(Self::Panic).or_else(|| python(lines).or_else(|| javascript(lines)).map(Self::Exception))
    }

    pub(crate) fn text(&self) -> Text {
        match self {
            Self::Panic(words) => text!("the command panicked: {words}", "el comando entró en pánico: {words}"),
            Self::Exception(words) => text!("the script failed: {words}", "el script falló: {words}"),
        }
    }

    /// Whether the lines themselves are the stack that people want to see, and not that of the script's interpreter.
    pub(crate) const fn is_stack(&self) -> bool {
        matches!(self, Self::Exception(_))
    }
}

/// Whether a line says how Rust's own runtime would show its stack, which does nothing here: `--traceback` does.
pub(crate) fn is_rust_note(line: &str) -> bool {
    line.starts_with("note: run with `RUST_BACKTRACE=")
}

fn panic(lines: &[String]) -> Option<String> {
    let at = lines.iter().rposition(|line| line.contains("panicked at "))?;
    let place = lines[at].split_once("panicked at ")?.1.trim_end_matches(':');
    let message = lines.get(at + 1).map_or("", String::as_str);
    Some(format!("{message} ({place})"))
}

/// ```text
/// Traceback (most recent call last):
///   File "/0/app.py", line 12, in run
///     raise ValueError("no rows")
/// ValueError: no rows
/// ```
fn python(lines: &[String]) -> Option<String> {
    let at = lines.iter().rposition(|line| line.starts_with("Traceback (most recent call last):"))?;
    let frames = lines[at + 1..].iter().take_while(|line| line.starts_with(' ') || line.is_empty());
    let message = lines.get(at + 1 + frames.clone().count())?;
    let place = frames.filter_map(|line| {
        let (file, rest) = line.trim_start().strip_prefix("File \"")?.split_once('"')?;
        let number = rest.strip_prefix(", line ")?.split(',').next()?;
        Some(format!("{file}:{number}"))
    });
    Some(placed(message, place.last()))
}

/// ```text
/// Error: no rows
///     at run (app.js:12:7)
/// ```
/// with `run@app.js:12:7` for a frame in SpiderMonkey.
fn javascript(lines: &[String]) -> Option<String> {
    let is_frame = |line: &String| javascript_place(line).is_some();
    let last = lines.iter().rposition(is_frame)?;
    let first = last + 1 - lines[..=last].iter().rev().take_while(|line| is_frame(line)).count();
    let message = lines[..first].iter().rev().find(|line| !line.trim().is_empty() && line.trim() != "Stack:")?;
    let scripts = lines[first..=last].iter().filter_map(|line| javascript_place(line));
    // Frames of the engine itself have no file.
    Some(placed(message, scripts.map(str::to_owned).find(|place| !place.starts_with("native"))))
}

/// Where a frame of a JavaScript stack is: `app.js:12:7`.
fn javascript_place(line: &str) -> Option<&str> {
    let line = line.trim();
    let place = match line.strip_prefix("at ") {
        Some(frame) => frame.rsplit_once('(').map_or(frame, |(_, place)| place.trim_end_matches(')')),
        None => line.split_once('@').filter(|(name, _)| !name.contains(' '))?.1,
    };
    let mut numbers = place.rsplit(':').take_while(|part| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit()));
    (place == "native" || numbers.next().is_some()).then_some(place)
}

fn placed(message: &str, place: Option<String>) -> String {
    let message = message.trim();
    place.map_or_else(|| message.to_owned(), |place| format!("{message} ({place})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<LastWords> {
        LastWords::of(&text.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    fn exception(words: &str) -> Option<LastWords> {
        Some(LastWords::Exception(words.to_owned()))
    }

    #[test]
    fn a_panic_is_worded_with_its_place() {
        let panic = |words: &str| Some(LastWords::Panic(words.to_owned()));
        let told = of("\nthread '<unnamed>' panicked at src/lib.rs:3:5:\nboom\nmore");
        assert_eq!(told, panic("boom (src/lib.rs:3:5)"));
        // The last one of several, and one whose message did not come.
        assert_eq!(of("a panicked at x:1:1:\nfirst\nb panicked at y:2:2:"), panic(" (y:2:2)"));
        assert_eq!(of("fine\n"), None);
        assert!(is_rust_note("note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace"));
        assert!(!is_rust_note("note: run with care"));
    }

    #[test]
    fn an_exception_of_python_names_the_innermost_line_of_the_last_traceback() {
        let one = "working\nTraceback (most recent call last):\n  File \"/0/app.py\", line 12, in run\n    helper()\n    ~~~~~~^^\n  \
                   File \"/0/helper.py\", line 3, in helper\n    raise ValueError(\"no rows\")\nValueError: no rows\n";
        assert_eq!(of(one), exception("ValueError: no rows (/0/helper.py:3)"));
        let chained = format!(
            "{one}\nDuring handling of the above exception, another exception occurred:\n\n\
                              Traceback (most recent call last):\n  File \"a b.py\", line 7, in <module>\nKeyError: 'x'\nbye"
        );
        assert_eq!(of(&chained), exception("KeyError: 'x' (a b.py:7)"));
        assert_eq!(of("Traceback (most recent call last):\nKeyboardInterrupt"), exception("KeyboardInterrupt"));
        // Cut off before the message came: nothing is made up.
        assert_eq!(of("Traceback (most recent call last):\n  File \"a.py\", line 7, in run"), None);
    }

    #[test]
    fn an_exception_of_javascript_names_the_innermost_line_of_a_script() {
        let quickjs =
            "Error: no rows\n    at forEach (native)\n    at run (app.js:12:7)\n    at <anonymous> (init.js:3)\n";
        assert_eq!(of(quickjs), exception("Error: no rows (app.js:12:7)"));
        let spidermonkey = "TypeError: x is undefined\nStack:\n  run@app.js:4:9\n@app.js:9:1\n";
        assert_eq!(of(spidermonkey), exception("TypeError: x is undefined (app.js:4:9)"));
        assert_eq!(of("SyntaxError: bad\n    at app.js:1:2"), exception("SyntaxError: bad (app.js:1:2)"));
        for other in ["mail ana@example.com: sent", "at noon (today)", "    at run (app.js:12:7)", "a@b"] {
            assert_eq!(of(other), None, "{other}");
        }
        for no_frame in ["ana@example.com", "run@app.js:", "at noon (today)"] {
            assert_eq!(of(&format!("sent\n{no_frame}")), None, "{no_frame}");
        }
    }

    #[test]
    fn the_lines_of_an_exception_are_its_stack_and_those_of_a_panic_are_not() {
        assert!(!of("a panicked at x:1:1:\nfirst").unwrap().is_stack());
        assert!(of("Error: no rows\n    at run (app.js:12:7)").unwrap().is_stack());
    }
}
