//! Finds the end of one JSON value without reading what is in it, however its bytes are cut.

/// The deepest nesting that is read.
pub const MOST_DEPTH: u32 = 16;

/// Where a value ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Before this byte of those given.
    At(usize),
    /// Not in those given.
    Later,
}

/// How far into a value the bytes have gone.
#[derive(Debug, Default)]
pub struct Extent {
    depth: u32,
    in_text: bool,
    escaped: bool,
    in_word: bool,
    /// The deepest nesting so far.
    deepest: u32,
}

impl Extent {
    /// Whether it is nested deeper than is read.
    pub fn is_too_deep(&self) -> bool {
        self.deepest > MOST_DEPTH
    }

    /// Goes on with these bytes, the first of which belongs to the value.
    pub fn find(&mut self, bytes: &[u8]) -> End {
        let mut at = 0;
        loop {
            if self.in_text {
                match self.close_text(bytes, at) {
                    Some(after) if self.depth == 0 => return End::At(after),
                    Some(after) => at = after,
                    None => return End::Later,
                }
            }
            let Some(&byte) = bytes.get(at) else { return End::Later };
            match byte {
                b'{' | b'[' => {
                    self.depth += 1;
                    self.deepest = self.deepest.max(self.depth);
                }
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => return End::At(at + 1),
                b'"' if !self.in_word => self.in_text = true,
                b'}' | b']' | b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => return End::At(at),
                _ => self.in_word |= self.depth == 0,
            }
            at += 1;
        }
    }

    /// The byte after the text's closing quote.
    fn close_text(&mut self, bytes: &[u8], mut at: usize) -> Option<usize> {
        while at < bytes.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            at += memchr::memchr2(b'"', b'\\', &bytes[at..])?;
            if bytes[at] == b'"' {
                self.in_text = false;
                return Some(at + 1);
            }
            self.escaped = true;
            at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_it_ends_however_it_is_cut() {
        for (value, rest) in [
            ("{}", ",1"),
            (r#"{"a":"}\"\\","b":[1,{"c":"]"}]}"#, "\n}"),
            ("[[],[]]", "]"),
            (r#""a\\""#, "\"b\""),
            ("-1.5e3", ","),
            ("true", "}"),
            ("null", " "),
        ] {
            let all = format!("{value}{rest}");
            for cut in 1..value.len() {
                let mut extent = Extent::default();
                assert_eq!(extent.find(&all.as_bytes()[..cut]), End::Later, "{value} cut at {cut}");
                assert_eq!(extent.find(&all.as_bytes()[cut..]), End::At(value.len() - cut), "{value} cut at {cut}");
            }
        }
    }

    #[test]
    fn absurd_depth_is_noticed() {
        for (depth, is_too_deep) in [(16, false), (17, true), (100_000, true)] {
            let mut extent = Extent::default();
            assert_eq!(extent.find("[".repeat(depth).as_bytes()), End::Later);
            assert_eq!(extent.find("]".repeat(depth).as_bytes()), End::At(depth));
            assert_eq!(extent.is_too_deep(), is_too_deep, "{depth}");
        }
    }
}
