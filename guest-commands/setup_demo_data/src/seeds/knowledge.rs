//! The sample knowledge of the shop Alerce: what its agents answer from, each item in English and Spanish.

mod account;
mod orders;
mod products;
mod returns;

/// One thing that the shop's customers ask about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Topic {
    /// With the language it is the item's external id: `demo-returns-es`.
    pub(crate) slug: &'static str,
    /// In English and Spanish.
    pub(crate) tags: [&'static [&'static str]; 2],
    /// In English and Spanish.
    pub(crate) title: [&'static str; 2],
    /// In English and Spanish.
    pub(crate) body: [&'static str; 2],
}

/// All of them.
pub(crate) fn topics() -> impl Iterator<Item = &'static Topic> {
    [orders::TOPICS, returns::TOPICS, account::TOPICS, products::TOPICS].into_iter().flatten()
}

/// The topic of this slug.
pub(crate) fn topic(slug: &str) -> Option<&'static Topic> {
    topics().find(|topic| topic.slug == slug)
}

/// An item's external id.
pub(crate) fn external_id(slug: &str, language: &str) -> String {
    format!("demo-{slug}-{language}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_item_has_its_own_title_in_both_languages_and_something_to_say() {
        let titles: BTreeSet<_> = topics().flat_map(|topic| topic.title).collect();
        assert_eq!(titles.len(), topics().count() * 2);
        assert!(titles.len() > 40, "{} items", titles.len());
        for topic in topics() {
            assert!(topic.body.iter().all(|body| body.len() > 120 && body.ends_with('.')), "{}", topic.slug);
            assert!(topic.tags.iter().all(|tags| !tags.is_empty()), "{}", topic.slug);
            assert!(topic.body[1].contains(['á', 'é', 'í', 'ó', 'ú', 'ñ']), "{}", topic.slug);
        }
    }
}
