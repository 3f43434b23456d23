//! Names that someone may have meant.

/// Two names at least this near are taken for a slip of the keys.
const NEAR: f64 = 0.8;
/// More names than this are no help.
const MOST: usize = 3;

/// Those of the known names that are near to a name that is none of them, in any case, the nearest first; three at most.
pub fn near_names<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let name = name.to_lowercase();
    let nearness = |known: &str| strsim::jaro_winkler(&known.to_lowercase(), &name);
    let mut near: Vec<_> = known.into_iter().map(|known| (nearness(known), known)).collect();
    near.retain(|(nearness, _)| *nearness >= NEAR);
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().map(|(_, known)| known.to_owned()).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keys_is_near_and_another_word_is_not() {
        let known = ["chats", "logs", "temporary", "analytics"];
        for (name, near) in [
            ("chat", &["chats"][..]),
            ("Chats", &["chats"]),
            ("chtas", &["chats"]),
            ("analitics", &["analytics"]),
            ("tempory", &["temporary"]),
            ("files", &[]),
            ("", &[]),
        ] {
            assert_eq!(near_names(name, known), near, "{name}");
        }
    }
}
