//! Reads a text between quotes, with its escapes.

use encargo_model::text;

use super::cursor::Cursor;
use super::literal::wrong;
use super::{Place, Wrong};

impl Cursor<'_> {
    /// The text that begins with the quote that comes next, behind its prefix; none where it is computed or bytes.
    pub(super) fn string(&mut self, prefix: &str) -> Result<Option<String>, Wrong> {
        let opened = self.place;
        let prefix = prefix.to_ascii_lowercase();
        let (is_raw, is_text) = (prefix.contains('r'), !prefix.contains(['b', 'f', 't']));
        let quote = self.peek().unwrap_or('"');
        let three = quote.to_string().repeat(3);
        let is_long = self.take(&three);
        if !is_long {
            self.next();
        }
        let mut said = String::new();
        loop {
            if is_long && self.take(&three) {
                break;
            }
            let place = self.place;
            match self.next() {
                Some(c) if c == quote && !is_long => break,
                Some('\\') if is_raw || !is_text => {
                    said.push('\\');
                    // A quote behind it does not end the text.
                    said.extend(self.line_break().or_else(|| self.next()));
                }
                Some('\\') => self.escape(place, &mut said)?,
                None => return Err(unclosed(opened)),
                Some('\n') if !is_long => return Err(unclosed(opened)),
                Some('\r') if self.peek() == Some('\n') => {}
                Some(c) => said.push(c),
            }
        }
        Ok(is_text.then_some(said))
    }

    fn line_break(&mut self) -> Option<char> {
        (self.take("\r\n") || self.take("\n")).then_some('\n')
    }

    /// What stands behind a backslash.
    fn escape(&mut self, place: Place, said: &mut String) -> Result<(), Wrong> {
        if self.line_break().is_some() {
            return Ok(());
        }
        let code = match self.next() {
            Some(same @ ('\\' | '\'' | '"')) => u32::from(same),
            Some('n') => 0x0a,
            Some('t') => 0x09,
            Some('r') => 0x0d,
            Some('a') => 0x07,
            Some('b') => 0x08,
            Some('f') => 0x0c,
            Some('v') => 0x0b,
            Some(first @ '0'..='7') => {
                let mut code = first.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    if let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) {
                        self.next();
                        code = code * 8 + digit;
                    }
                }
                code
            }
            Some('x') => self.code(2, place)?,
            Some('u') => self.code(4, place)?,
            Some('U') => self.code(8, place)?,
            Some('N') => {
                let sentence = text!(
                    "`\\N` with a name is not read; write the character itself",
                    "`\\N` con un nombre no se lee; escriba el carácter mismo"
                );
                return Err(wrong(place, sentence));
            }
            // Python keeps the backslash of what is no escape.
            Some(other) => {
                said.extend(['\\', other]);
                return Ok(());
            }
            None => return Ok(()),
        };
        said.push(char::from_u32(code).ok_or_else(|| no_character(place))?);
        Ok(())
    }

    fn code(&mut self, digits: usize, place: Place) -> Result<u32, Wrong> {
        let mut code = 0_u32;
        for _ in 0..digits {
            let digit = self.peek().and_then(|c| c.to_digit(16)).ok_or_else(|| no_character(place))?;
            self.next();
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        Ok(code)
    }
}

fn unclosed(opened: Place) -> Wrong {
    wrong(opened, text!("the text is not closed", "el texto no se cierra"))
}

fn no_character(place: Place) -> Wrong {
    wrong(place, text!("the escape stands for no character", "la secuencia no representa ningún carácter"))
}
