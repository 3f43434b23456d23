//! Characters that are not seen, or move or reorder what is around them.

/// Controls, line and paragraph separators, and every format character: marks of writing direction, joiners, byte order
/// marks, tags. Each is a way to make a text look like another one. Tab and line feed are among them.
pub const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

    use super::*;

    #[test]
    fn every_control_separator_and_format_character_is_unseen_and_no_other() {
        for c in '\0'..=char::MAX {
            let category = c.general_category();
            let expected = matches!(
                category,
                GeneralCategory::Control
                    | GeneralCategory::Format
                    | GeneralCategory::LineSeparator
                    | GeneralCategory::ParagraphSeparator
            );
            // Unassigned neighbours in the two blocks that Unicode reserves for characters of this kind.
            let reserved = matches!(c, '\u{2065}' | '\u{e0000}'..='\u{e007f}');
            assert_eq!(is_unseen(c), expected || reserved, "{c:?} is {category:?}");
        }
    }
}
