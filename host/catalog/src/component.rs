//! A command's component: what identifies it, and its bytes, which are read where they are needed.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use encargo_model::{Description, Digest, Timestamp, Worded, text};
use encargo_pack::Described;
use sha2::{Digest as _, Sha256};

use crate::CatalogError;
use crate::digests::{Digests, Known};
use crate::file::ComponentFile;

/// A component that is to be run.
#[derive(Debug)]
pub struct Component {
    /// Of all its bytes: the version of its command.
    pub digest: Digest,
    /// Of those that are compiled, which are all but its description.
    pub code: Digest,
    stored: Stored,
}

#[derive(Debug)]
enum Stored {
    Bytes(Cow<'static, [u8]>),
    /// What is remembered of it was not compared with it yet.
    File {
        path: PathBuf,
        file: ComponentFile,
        digests: Digests,
    },
}

impl Component {
    /// One inside the binary.
    pub(crate) fn packaged(bytes: &'static [u8], described: &Described) -> Self {
        let Known { digest, code, .. } = known(bytes, described);
        Self { digest, code, stored: Stored::Bytes(Cow::Borrowed(bytes)) }
    }

    /// The one in a file, which must have this description. Where its digests are remembered, nothing else is read of it.
    pub(crate) fn placed(
        path: &Path,
        description: &Description,
        digests: Digests,
        now: Timestamp,
    ) -> Result<Self, CatalogError> {
        let broken = |problem| CatalogError::Broken { path: path.to_owned(), problem };
        let file = ComponentFile::open(path).map_err(broken)?;
        let described = file.describe().map_err(broken)?;
        if described.description != *description {
            return Err(replaced(path));
        }
        let remembered = digests.find(&file.identity);
        if let Some(known) = remembered.filter(|known| known.description == sha256(&described.json)) {
            let stored = Stored::File { path: path.to_owned(), file, digests };
            return Ok(Self { digest: known.digest, code: known.code, stored });
        }
        let bytes = file.read().map_err(broken)?;
        let within = encargo_pack::read(std::io::Cursor::new(&bytes));
        let within = within.map_err(|error| broken(error.text()))?;
        if within.description != *description {
            return Err(replaced(path));
        }
        let known = known(&bytes, &within);
        if file.identity.is_settled(now) && file.is_unchanged() {
            digests.remember(&file.identity, Some(known.clone()));
        }
        Ok(Self { digest: known.digest, code: known.code, stored: Stored::Bytes(bytes.into()) })
    }

    /// Its bytes.
    ///
    /// # Errors
    /// Its file cannot be read any more, or is not what was remembered of it.
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, CatalogError> {
        match &self.stored {
            Stored::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
            Stored::File { path, file, digests } => {
                let broken = |problem| CatalogError::Broken { path: path.clone(), problem };
                let bytes = file.read().map_err(broken)?;
                if sha256(&bytes) != self.digest {
                    digests.remember(&file.identity, None);
                    return Err(replaced(path));
                }
                Ok(Cow::Owned(bytes))
            }
        }
    }
}

/// What was granted and what the arguments mean was decided by the description that was found.
fn replaced(path: &Path) -> CatalogError {
    let problem = text!(
        "it was replaced while the run was starting; start it again",
        "fue reemplazado mientras empezaba la ejecución; empiécela de nuevo"
    );
    CatalogError::Broken { path: path.to_owned(), problem }
}

pub(crate) fn known(component: &[u8], described: &Described) -> Known {
    let (before, after) = (&component[..described.section.start], &component[described.section.end..]);
    let mut all = Sha256::new_with_prefix(before);
    // Both begin alike, and all of it where the packer has put the description behind the rest.
    let code = all.clone().chain_update(after);
    all.update(&component[described.section.start..]);
    Known { digest: written(all), code: written(code), description: sha256(&described.json) }
}

fn sha256(bytes: &[u8]) -> Digest {
    written(Sha256::new_with_prefix(bytes))
}

pub(crate) fn written(hash: Sha256) -> Digest {
    Digest(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::samples::component;

    /// Long after every file of the tests was written.
    const LATER: Timestamp = Timestamp(i64::MAX);

    fn described(bytes: &[u8]) -> Described {
        encargo_pack::read(std::io::Cursor::new(bytes)).unwrap()
    }

    /// A description behind a section that stands for code.
    fn with_code(code: u8, permissions: &[&str]) -> Vec<u8> {
        let component = component("hello", permissions);
        [&component[..8], &[0, 3, 1, b'x', code], &component[8..]].concat()
    }

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn of(bytes: &[u8]) -> Self {
            let place = Self { folder: tempfile::tempdir().unwrap() };
            fs::write(place.path(), bytes).unwrap();
            place
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("hello.wasm")
        }

        fn load(&self, permissions: &[&str], now: Timestamp) -> Result<Component, CatalogError> {
            let description = described(&component("hello", permissions)).description;
            Component::placed(&self.path(), &description, Digests::new(Some(self.folder.path())), now)
        }

        /// Puts other digests into the place of those that are remembered.
        fn forge(&self, change: impl FnOnce(Known) -> Known) {
            let digests = Digests::new(Some(self.folder.path()));
            let identity = ComponentFile::open(&self.path()).unwrap().identity;
            digests.remember(&identity, digests.find(&identity).map(change));
        }
    }

    #[test]
    fn the_description_is_no_part_of_the_code() {
        let (one, two) = (with_code(1, &[]), with_code(1, &["read:chats"]));
        let [one, two, other] = [one, two, with_code(2, &[])].map(|bytes| known(&bytes, &described(&bytes)));
        assert!(one.code == two.code && one.digest != two.digest && one.description != two.description);
        assert!(one.code != other.code && one.digest != other.digest && one.description == other.description);
        let bytes = with_code(1, &[]);
        assert_eq!((one.digest, one.code), (sha256(&bytes), sha256(&bytes[..13])));
    }

    #[test]
    fn a_file_that_is_remembered_is_not_read_again_until_its_bytes_are_needed() {
        let place = Place::of(&with_code(1, &[]));
        let first = place.load(&[], LATER).unwrap();
        assert!(matches!(first.stored, Stored::Bytes(_)));
        let again = place.load(&[], LATER).unwrap();
        assert!(matches!(again.stored, Stored::File { .. }));
        assert_eq!((&again.digest, &again.code), (&first.digest, &first.code));
        assert_eq!(again.bytes().unwrap(), with_code(1, &[]));

        fs::write(place.path(), with_code(2, &[])).unwrap();
        let changed = place.load(&[], LATER).unwrap();
        assert_eq!(changed.digest, sha256(&with_code(2, &[])));
    }

    #[test]
    fn a_file_that_changed_just_now_is_not_remembered() {
        let place = Place::of(&with_code(1, &[]));
        for _ in 0..2 {
            assert!(matches!(place.load(&[], Timestamp(0)).unwrap().stored, Stored::Bytes(_)));
        }
    }

    #[test]
    fn what_is_remembered_counts_for_the_description_that_is_there_and_for_bytes_of_its_digest() {
        let place = Place::of(&with_code(1, &[]));
        let first = place.load(&[], LATER).unwrap();
        place.forge(|known| Known { description: sha256(b"other"), digest: sha256(b"other"), ..known });
        assert_eq!(place.load(&[], LATER).unwrap().digest, first.digest);

        place.forge(|known| Known { digest: sha256(b"other"), ..known });
        let refused = place.load(&[], LATER).unwrap().bytes().unwrap_err();
        assert!(refused.to_string().contains("start it again"), "{refused}");
        assert_eq!(place.load(&[], LATER).unwrap().digest, first.digest);
    }

    #[test]
    fn another_description_than_was_found_is_refused_remembered_or_not() {
        let place = Place::of(&with_code(1, &[]));
        for _ in 0..2 {
            let refused = place.load(&["read:chats"], LATER).unwrap_err();
            assert!(refused.to_string().contains("replaced while the run was starting"), "{refused}");
            place.load(&[], LATER).unwrap();
        }
    }
}
