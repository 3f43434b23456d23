//! The frame around a description in a core module: a mark, the length as four little-endian bytes, JSON.
//!
//! A linker lays the statics of one section end to end, and only the frame tells two of them from one.

use encargo_model::text;

use crate::{MOST_BYTES, PackError};

/// The mark that a frame begins with.
pub const FRAME: &[u8; 8] = b"ENCARGO1";

/// The JSON of every frame in a section's contents.
pub(crate) fn frames(mut section: &[u8]) -> Result<Vec<&[u8]>, PackError> {
    let mut found = Vec::new();
    while !section.is_empty() {
        let rest = section.strip_prefix(FRAME).ok_or(PackError::Frame(text!(
            "there are bytes that belong to no frame",
            "hay bytes que no pertenecen a ningún marco"
        )))?;
        let (length, rest) = rest
            .split_first_chunk()
            .ok_or(PackError::Frame(text!("its length is cut short", "su longitud está cortada")))?;
        let length = u32::from_le_bytes(*length) as usize;
        if length > MOST_BYTES {
            return Err(PackError::TooLarge(length));
        }
        let (json, rest) =
            rest.split_at_checked(length).ok_or(PackError::Frame(text!("it is cut short", "está cortada")))?;
        found.push(json);
        section = rest;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statics_laid_end_to_end_are_told_apart() {
        let two = b"ENCARGO1\x02\0\0\0{}ENCARGO1\x04\0\0\0null";
        assert_eq!(frames(two).unwrap(), [&b"{}"[..], b"null"]);
        assert_eq!(frames(b"").unwrap(), [&b""[..]; 0]);
    }

    #[test]
    fn what_is_not_a_whole_frame_is_refused() {
        for (section, problem) in [
            (&b"{}"[..], "bytes that belong to no frame"),
            (b"ENCARGO1\x02\0\0\0{}\0", "bytes that belong to no frame"),
            (b"ENCARGO1\x02\0\0\0{", "it is cut short"),
            (b"ENCARGO1\x02\0", "its length is cut short"),
            (b"ENCARGO1\xff\xff\xff\xff{}", "has 4294967295 bytes"),
        ] {
            let refused = frames(section).unwrap_err().to_string();
            assert!(refused.contains(problem), "{refused}");
        }
    }
}
