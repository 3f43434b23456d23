//! Where an export goes: the format and the names of its files.

use encargo_sdk::files::Destination;
use encargo_sdk::prelude::*;

use crate::format::Format;
use crate::relation::Relation;

/// Which files are written, and how.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) format: Format,
    /// A name for each of the relations.
    pub(crate) names: Vec<String>,
}

impl Plan {
    /// Plans an export of these relations.
    ///
    /// # Errors
    /// `usage` for more than one relation where there is room for one.
    pub(crate) fn of(destination: Destination, format: Option<Format>, relations: &[Relation]) -> Result<Self> {
        let by_default = |format: Format| relations.iter().map(move |relation| file_name(*relation, format)).collect();
        match destination {
            Destination::Folder => {
                let format = format.unwrap_or(Format::Csv);
                Ok(Self { format, names: by_default(format) })
            }
            _ if relations.len() > 1 => {
                let n = relations.len();
                bail!(
                    Usage,
                    "`--output` is one file and {n} types are to be exported; name a folder, or one type with `--type`",
                    "`--output` es un solo archivo y se exportan {n} tipos; indique una carpeta, o un tipo con `--type`"
                )
            }
            Destination::File(name) => {
                let format = format.or_else(|| Format::from_name(&name)).unwrap_or(Format::Csv);
                Ok(Self { format, names: vec![name] })
            }
            Destination::StandardOutput => {
                let format = format.unwrap_or(Format::Csv);
                Ok(Self { format, names: by_default(format) })
            }
        }
    }
}

fn file_name(relation: Relation, format: Format) -> String {
    format!("{}.{}", relation.word(), format.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_takes_all_types_and_a_file_one() {
        let plan = Plan::of(Destination::Folder, None, Relation::ALL).unwrap();
        assert_eq!(plan.names[..3], ["chats.csv", "agents.csv", "knowledge.csv"]);
        assert_eq!(plan.names.len(), Relation::ALL.len());
        for destination in [Destination::File("all.csv".to_owned()), Destination::StandardOutput] {
            let refused = Plan::of(destination, None, Relation::ALL).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Usage);
            assert!(refused.message.contains("7 types"), "{}", refused.message);
        }
    }

    #[test]
    fn the_format_that_was_asked_for_wins_over_the_suffix() {
        let file =
            |format| Plan::of(Destination::File("k.json.gz".to_owned()), format, &[Relation::Knowledge]).unwrap();
        assert_eq!(file(None).format, Format::Json);
        assert_eq!(file(Some(Format::Xml)).format, Format::Xml);
        assert_eq!(file(None).names, ["k.json.gz"]);
        let standard = Plan::of(Destination::StandardOutput, None, &[Relation::Agents]).unwrap();
        assert_eq!((standard.format, standard.names), (Format::Csv, vec!["agents.csv".to_owned()]));
    }
}
