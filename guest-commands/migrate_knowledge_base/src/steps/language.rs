//! The language of an item.

use whatlang::{Detector, Lang};

use crate::item::Item;

/// The item's language as a tag: its own, written as `en-GB` is; else Spanish or English where its text is surely one of
/// the two; else none. A guess that may be wrong is worse than none, because answers are chosen by it.
pub(crate) fn of(item: &Item) -> String {
    let own = item.language.trim();
    if !own.is_empty() {
        return written(own);
    }
    let text = format!("{}\n{}", item.title, item.body);
    let found = Detector::with_allowlist(vec![Lang::Spa, Lang::Eng]).detect(&text);
    match found.filter(whatlang::Info::is_reliable).map(|found| found.lang()) {
        Some(Lang::Spa) => "es".to_owned(),
        Some(Lang::Eng) => "en".to_owned(),
        _ => String::new(),
    }
}

/// A tag with hyphens, its language in lower case and its region in upper case (RFC 5646, 2.1.1).
fn written(tag: &str) -> String {
    let part = |(at, part): (usize, &str)| match (at, part.len()) {
        (0, _) => part.to_lowercase(),
        (_, 2) => part.to_uppercase(),
        _ => part.to_owned(),
    };
    tag.split(['-', '_']).enumerate().map(part).collect::<Vec<_>>().join("-")
}

/// Whether it has the shape of a language tag, or is empty.
pub(crate) fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    tag.is_empty()
        || ((2..=8).contains(&language.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_written_one_way_and_told_from_other_texts() {
        for (tag, expected) in [("es_MX", "es-MX"), ("EN", "en"), ("pt-br", "pt-BR"), ("zh-Hant-tw", "zh-Hant-TW")] {
            assert_eq!(written(tag), expected);
            assert!(is_tag(expected));
        }
        for tag in ["Spanish (Spain)", "ES", "e", "es-", "es_MX"] {
            assert!(!is_tag(tag), "{tag}");
        }
    }
}
