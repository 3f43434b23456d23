//! The text of HTML: tags go, blocks are lines, references are what they stand for. What is no HTML stays as it is.

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "blockquote",
    "pre",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "dt",
    "dd",
    "dl",
    "figure",
    "figcaption",
];

/// References that are more frequent than their numbers.
const NAMED: [(&str, char); 34] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("aacute", 'á'),
    ("eacute", 'é'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
    ("Aacute", 'Á'),
    ("Eacute", 'É'),
    ("Iacute", 'Í'),
    ("Oacute", 'Ó'),
    ("Uacute", 'Ú'),
    ("ntilde", 'ñ'),
    ("Ntilde", 'Ñ'),
    ("uuml", 'ü'),
    ("Uuml", 'Ü'),
    ("iquest", '¿'),
    ("iexcl", '¡'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("euro", '€'),
    ("copy", '©'),
    ("reg", '®'),
];

/// The longest name of a reference.
const LONGEST: usize = 10;

/// The text of HTML.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    // Behind the last `>` nothing is a tag, and nobody looks for its end again and again.
    let last = html.rfind('>').map_or(html.len(), |last| html.len() - last);
    while let Some(at) = rest.find(['<', '&']) {
        push(&rest[..at], &mut text);
        let behind = &rest[at..];
        rest = match (behind.starts_with('<'), behind.len() > last) {
            (true, true) => tag(behind, &mut text),
            (true, false) => {
                text.push('<');
                &behind[1..]
            }
            (false, _) => reference(behind, &mut text),
        };
    }
    push(rest, &mut text);
    text.truncate(text.trim_end().len());
    text
}

/// Adds text in which any white space is a blank.
fn push(written: &str, text: &mut String) {
    for character in written.chars() {
        if !character.is_ascii_whitespace() {
            text.push(character);
        } else if !text.is_empty() && !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

/// Goes past a tag or a comment; answers what is behind it.
fn tag<'a>(html: &'a str, text: &mut String) -> &'a str {
    if let Some(comment) = html.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    let inside = &html[1..];
    let name = inside.strip_prefix(['/', '!', '?']).unwrap_or(inside);
    let length = name.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(name.len());
    let end = name[length..].find('>').map(|end| inside.len() - name.len() + length + end);
    let (Some(end), true) = (end, name.starts_with(|first: char| first.is_ascii_alphabetic())) else {
        text.push('<');
        return inside;
    };
    let (name, behind) = (name[..length].to_ascii_lowercase(), &inside[end + 1..]);
    if BLOCKS.contains(&name.as_str()) && !text.is_empty() {
        text.truncate(text.trim_end_matches(' ').len());
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    if ["script", "style"].contains(&name.as_str()) && !inside.starts_with('/') {
        // What is in it is for machines.
        let closing = format!("</{name}");
        let close = behind
            .match_indices('<')
            .find(|(at, _)| behind.get(*at..*at + closing.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(&closing)));
        return close.map_or("", |(at, _)| &behind[at..]);
    }
    if name == "li" && !inside.starts_with('/') {
        text.push_str("- ");
    }
    behind
}

/// Adds what a reference stands for; answers what is behind it.
fn reference<'a>(html: &'a str, text: &mut String) -> &'a str {
    let end = html[1..].bytes().take(LONGEST + 1).position(|byte| byte == b';');
    let found = end.map(|end| (&html[1..=end], &html[end + 2..])).and_then(|(name, behind)| {
        let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| *character);
        let numbered = || {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        };
        Some((named.or_else(numbered)?, behind))
    });
    match found {
        Some((character, behind)) => {
            text.push(character);
            behind
        }
        None => {
            text.push('&');
            &html[1..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_what_they_say_of_lines_stays() {
        for (html, text) in [
            ("plain, 1 < 2 & 3 <> 4 <3", "plain, 1 < 2 & 3 <> 4 <3"),
            ("<p>Uno  dos</p>\n<p>tres<br/>cuatro</p>", "Uno dos\ntres\ncuatro"),
            ("a <b>b</b><i>c</i> <a href=\"x?a=1&amp;b=2\">d</a>", "a bc d"),
            ("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\nc"),
            ("&iquest;A&ntilde;o&#63; &#x1F600; &nope; &", "¿Año? 😀 &nope; &"),
            ("x<script>if (a < b) {}</SCRIPT>y<!-- <b> -->z", "xyz"),
            ("<style>p{}", ""),
            ("<p", "<p"),
            ("", ""),
        ] {
            assert_eq!(text_of(html), text, "{html}");
        }
    }

    #[test]
    fn what_never_ends_is_looked_at_once() {
        for html in ["&", "<a", "<", "<a &", "&a;", "<!", "<a>&"] {
            let many = html.repeat(1 << 20);
            assert!(text_of(&many).len() <= many.len());
        }
    }
}
