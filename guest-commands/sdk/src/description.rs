//! Putting a description together while a command is compiled. What `derive(Args)` writes stands on it.

/// The bytes before the text of a frame: `ENCARGO1` and the text's length.
#[doc(hidden)]
pub const HEAD: usize = 12;

/// The bytes of all pieces.
#[doc(hidden)]
pub const fn length(pieces: &[&str]) -> usize {
    let (mut length, mut at) = (0, 0);
    while at < pieces.len() {
        length += pieces[at].len();
        at += 1;
    }
    length
}

/// The pieces, one behind the other.
#[doc(hidden)]
pub const fn joined<const LENGTH: usize>(pieces: &[&str]) -> [u8; LENGTH] {
    let mut all = [0; LENGTH];
    let (mut filled, mut at) = (0, 0);
    while at < pieces.len() {
        filled = put(&mut all, filled, pieces[at].as_bytes());
        at += 1;
    }
    all
}

/// The text that the bytes are: they were pieces of text.
#[doc(hidden)]
pub const fn text(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("pieces of text are a text"),
    }
}

/// `ENCARGO1`, the length in four bytes (least significant first), the text: two fragments in one section show.
#[doc(hidden)]
#[expect(clippy::cast_possible_truncation, reason = "a description has at most 1 MiB, which the packer checks")]
pub const fn framed<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    let mut frame = [0; LENGTH];
    let filled = put(&mut frame, 0, b"ENCARGO1");
    let filled = put(&mut frame, filled, &(text.len() as u32).to_le_bytes());
    put(&mut frame, filled, text.as_bytes());
    frame
}

/// Leaves a framed text in a section of the component: it survives linking inside the nested core module, from where the
/// packer takes it.
#[doc(hidden)]
#[macro_export]
macro_rules! section {
    ($name:literal, $text:expr) => {
        // Not an expectation: in a command's crate the lint may be on or off.
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            const TEXT: &str = $text;
            #[used]
            #[unsafe(link_section = $name)]
            static FRAGMENT: [u8; TEXT.len() + $crate::description::HEAD] = $crate::description::framed(TEXT);
        };
    };
}

const fn put(into: &mut [u8], mut filled: usize, bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        into[filled] = bytes[at];
        filled += 1;
        at += 1;
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one_text_in_a_frame() {
        const PIECES: &[&str] = &["{\"es\":\"ca\u{f1}a\",", "", "\"n\":1}"];
        const JOINED: [u8; length(PIECES)] = joined(PIECES);
        let all = PIECES.concat();
        assert_eq!(text(&JOINED), all);
        const FRAME: [u8; length(PIECES) + HEAD] = framed(text(&JOINED));
        assert_eq!(FRAME[..8], *b"ENCARGO1");
        assert_eq!(FRAME[8..HEAD], u32::try_from(all.len()).unwrap().to_le_bytes());
        assert_eq!(FRAME[HEAD..], *all.as_bytes());
    }
}
