//! Where a repository is: a folder of this machine, or a bucket of an S3-compatible store.

use std::fmt;
use std::path::PathBuf;

use encargo_model::{ErrorCode, PathValue, text};

use crate::BackendError;

/// Where a repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder.
    Folder(PathBuf),
    /// A bucket.
    Bucket(Bucket),
}

/// A place in an S3-compatible store, written as restic writes it: `s3:ENDPOINT/BUCKET/PREFIX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its address with `http://` or `https://`.
    pub endpoint: String,
    /// The bucket.
    pub name: String,
    /// What the names of all objects begin with; may be empty.
    pub prefix: String,
}

impl Location {
    /// Reads a place of backups.
    ///
    /// # Errors
    /// `usage` for a store's place without a bucket.
    pub fn parse(written: &str) -> Result<Self, BackendError> {
        if !PathValue::is_in_store(written) {
            return Ok(Self::Folder(PathBuf::from(written)));
        }
        let place = written.trim_start_matches("s3:");
        let (scheme, place) = match place.split_once("://") {
            Some((scheme @ ("http" | "https"), place)) => (scheme, place),
            // `s3://BUCKET/PREFIX`, as the tools of the store's maker write it.
            None if place.starts_with("//") => ("https", place),
            None => ("https", place),
            Some(_) => return Err(unreadable(written)),
        };
        let place = match place.strip_prefix("//") {
            Some(bucket) => format!("s3.amazonaws.com/{bucket}"),
            None => place.to_owned(),
        };
        let mut parts = place.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next().unwrap_or_default()) {
            (Some(host), Some(name), prefix) if !host.is_empty() && !name.is_empty() => {
                let (endpoint, prefix) = (format!("{scheme}://{host}"), prefix.trim_matches('/').to_owned());
                Ok(Self::Bucket(Bucket { endpoint, name: name.to_owned(), prefix }))
            }
            _ => Err(unreadable(written)),
        }
    }
}

impl Bucket {
    /// Whether it is one of the store's maker, who tells its machines who they are.
    pub(super) fn is_the_makers(&self) -> bool {
        self.endpoint.ends_with("amazonaws.com")
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Bucket(Bucket { endpoint, name, prefix }) if prefix.is_empty() => write!(f, "s3:{endpoint}/{name}"),
            Self::Bucket(Bucket { endpoint, name, prefix }) => write!(f, "s3:{endpoint}/{name}/{prefix}"),
        }
    }
}

fn unreadable(written: &str) -> BackendError {
    let message = text!(
        "`{written}` names no bucket; write `s3:https://ENDPOINT/BUCKET/PREFIX` or `s3://BUCKET/PREFIX`",
        "`{written}` no nombra ningún bucket; escriba `s3:https://ENDPOINT/BUCKET/PREFIJO` o `s3://BUCKET/PREFIJO`"
    );
    BackendError::new(ErrorCode::Usage, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket_and_is_shown_as_it_is_read_again() {
        for (written, shown) in [
            ("/srv/backups", "/srv/backups"),
            ("s3:http://127.0.0.1:9000/b/one/two/", "s3:http://127.0.0.1:9000/b/one/two"),
            ("s3:minio.local/b", "s3:https://minio.local/b"),
            ("s3://b/one", "s3:https://s3.amazonaws.com/b/one"),
        ] {
            let location = Location::parse(written).unwrap();
            assert_eq!(location.to_string(), shown);
            assert_eq!(Location::parse(shown).unwrap(), location);
        }
        for wrong in ["s3:", "s3:host", "s3:host/", "s3://", "s3:ftp://host/b"] {
            assert_eq!(Location::parse(wrong).unwrap_err().code, ErrorCode::Usage, "{wrong}");
        }
    }
}
