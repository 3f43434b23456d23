//! What an item has to be like in its version.

use encargo_sdk::prelude::*;
use encargo_sdk::table::Table;

use crate::item::Item;
use crate::steps::{language, tags};
use crate::version::Version;

/// What can be wrong with an item. The words are the rules' names in reports, and never mean something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Rule {
    /// The number of its version is none of those that there are.
    UnknownVersion,
    /// It is in another version than the one that was asked about.
    OtherVersion,
    /// The title is empty.
    Title,
    /// The body is empty.
    Body,
    /// The content hash is not that of what it says.
    ContentHash,
    /// From 2.0 on: the language is no language tag.
    Language,
    /// From 2.0 on: the tags are no JSON array of texts.
    Tags,
    /// From 2.1 on: the tags are not normalised.
    NormalisedTags,
}

impl Rule {
    /// All rules, in the order in which they are told.
    pub(crate) const ALL: [Self; 8] = [
        Self::UnknownVersion,
        Self::OtherVersion,
        Self::Title,
        Self::Body,
        Self::ContentHash,
        Self::Language,
        Self::Tags,
        Self::NormalisedTags,
    ];

    pub(crate) fn words(self) -> String {
        match self {
            Self::UnknownVersion => text!("the version is unknown", "la versión es desconocida"),
            Self::OtherVersion => text!("it is in another version", "está en otra versión"),
            Self::Title => text!("the title is empty", "el título está vacío"),
            Self::Body => text!("the body is empty", "el texto está vacío"),
            Self::ContentHash => text!("the content hash is another one", "el hash del contenido es otro"),
            Self::Language => text!("the language is no language tag", "el idioma no es una etiqueta de idioma"),
            Self::Tags => text!("the tags are no JSON array of texts", "las etiquetas no son una lista JSON de textos"),
            Self::NormalisedTags => text!("the tags are not normalised", "las etiquetas no están normalizadas"),
        }
    }
}

/// What is wrong with an item in its version, which should be `wanted` where that was said.
pub(crate) fn broken(item: &Item, wanted: Option<Version>) -> Vec<Rule> {
    let Some(version) = item.version() else { return vec![Rule::UnknownVersion] };
    let from_2_0 = version >= Version::V2_0;
    let has_array = tags::read(&item.tags).is_some();
    let checks = [
        (Rule::OtherVersion, wanted.is_none_or(|wanted| wanted == version)),
        (Rule::Title, !item.title.trim().is_empty()),
        (Rule::Body, !item.body.trim().is_empty()),
        (Rule::ContentHash, item.content_hash == item.hash()),
        (Rule::Language, !from_2_0 || language::is_tag(&item.language)),
        (Rule::Tags, !from_2_0 || has_array),
        (Rule::NormalisedTags, version < Version::V2_1 || !has_array || is_normalised(&item.tags)),
    ];
    checks.into_iter().filter(|(_, holds)| !holds).map(|(rule, _)| rule).collect()
}

/// Whether normalising would change nothing but how the array is written.
fn is_normalised(array: &str) -> bool {
    tags::read(&tags::normalised(array, false).0) == tags::read(array)
}

/// How many ids are named for each rule.
const NAMED: usize = 20;

/// What was found over all items.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) items: u64,
    invalid: u64,
    broken: Vec<(Rule, u64, Vec<i64>)>,
}

impl Found {
    /// Looks at an item.
    pub(crate) fn look(&mut self, item: &Item, wanted: Option<Version>) {
        self.items += 1;
        let rules = broken(item, wanted);
        self.invalid += u64::from(!rules.is_empty());
        for rule in rules {
            if !self.broken.iter().any(|(known, ..)| *known == rule) {
                self.broken.push((rule, 0, Vec::new()));
            }
            for (_, n, ids) in self.broken.iter_mut().filter(|(known, ..)| *known == rule) {
                *n += 1;
                if ids.len() < NAMED {
                    ids.push(item.id);
                }
            }
        }
    }

    /// How many items break a rule.
    pub(crate) fn invalid(&self) -> u64 {
        self.invalid
    }

    /// A table of the rules that items break, with the first ids of each.
    pub(crate) fn table(&self) -> Table {
        let mut table = table!(
            "Invalid items" / "Elementos inválidos":
            "rule" / "regla", "what it means" / "qué significa", "items" / "elementos", "first ids" / "primeros identificadores",
        );
        for rule in Rule::ALL {
            for (_, n, ids) in self.broken.iter().filter(|(known, ..)| *known == rule) {
                let mut named = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                if ids.len() as u64 != *n {
                    named.push_str(", …");
                }
                table.row(&[&rule.word(), &rule.words(), n, &named]);
            }
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(version: Version) -> Item {
        let mut item = Item {
            id: 1,
            external_id: "a".to_owned(),
            title: "T".to_owned(),
            body: "B".to_owned(),
            language: "es".to_owned(),
            tags: r#"["a"]"#.to_owned(),
            source: String::new(),
            content_hash: String::new(),
            format_version: version.number(),
            legacy: None,
            created_at: Instant::from_micros(1),
            updated_at: Instant::from_micros(1),
        };
        item.content_hash = item.hash();
        item
    }

    #[test]
    fn each_version_has_its_rules() {
        for version in Version::ALL {
            assert_eq!(broken(&item(version), None), []);
            let hashed = |change: fn(&mut Item)| {
                let mut item = item(version);
                change(&mut item);
                item.content_hash = item.hash();
                broken(&item, None)
            };
            let from = |needed, rule| if version >= needed { vec![rule] } else { Vec::new() };
            assert_eq!(hashed(|item| item.title = " ".to_owned()), [Rule::Title]);
            assert_eq!(hashed(|item| item.body.clear()), [Rule::Body]);
            assert_eq!(hashed(|item| item.language = "Spanish!".to_owned()), from(Version::V2_0, Rule::Language));
            assert_eq!(hashed(|item| item.tags = "a;b".to_owned()), from(Version::V2_0, Rule::Tags));
            assert_eq!(hashed(|item| item.tags = r#"["A"]"#.to_owned()), from(Version::V2_1, Rule::NormalisedTags));
            assert_eq!(hashed(|item| item.tags = r#"[ "a" ]"#.to_owned()), []);
        }
        let item = Item { content_hash: "x".to_owned(), ..item(Version::V2_0) };
        assert_eq!(broken(&item, Some(Version::V2_1)), [Rule::OtherVersion, Rule::ContentHash]);
        assert_eq!(broken(&Item { format_version: 9, ..item }, None), [Rule::UnknownVersion]);
    }

    #[test]
    fn many_broken_items_are_counted_and_the_first_named() {
        let mut found = Found::default();
        for id in 1..=30 {
            found.look(&Item { id, title: String::new(), ..item(Version::V2_0) }, None);
        }
        assert_eq!((found.items, found.invalid()), (30, 30));
        let row = &found.table().rows[0];
        assert_eq!((row[0].as_str(), row[2].as_str()), ("title", "30"));
        assert!(row[3].starts_with("1, 2, ") && row[3].ends_with("20, …"), "{row:?}");
    }
}
