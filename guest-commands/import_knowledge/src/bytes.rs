//! Two questions about many bytes, 32 at a time: a guest's word has only four, and no vector loop is made of them when
//! it is built small.

const LOW_BITS: u64 = u64::MAX / 255;
const HIGH_BITS: u64 = LOW_BITS << 7;

/// Whether all bytes are ASCII.
pub fn is_ascii(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks();
    blocks.iter().fold(0, |all, block| all | joined(block, |word| word)) & HIGH_BITS == 0 && rest.is_ascii()
}

/// Whether there is a C0 control other than tab and line breaks, or DEL.
pub fn has_control(bytes: &[u8]) -> bool {
    let control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7F;
    let (blocks, rest) = bytes.as_chunks();
    let found = blocks.iter().any(|block| {
        // The known tests for a byte below 32 and for a zero byte, here of what differs from DEL.
        let special = joined(block, |word| {
            let other = word ^ (LOW_BITS * 0x7F);
            (word.wrapping_sub(LOW_BITS * 0x20) & !word) | (other.wrapping_sub(LOW_BITS) & !other)
        });
        special & HIGH_BITS != 0 && block.iter().any(control)
    });
    found || rest.iter().any(control)
}

/// All bits of the block's four words, after something was done to each.
fn joined(block: &[u8; 32], of: impl Fn(u64) -> u64) -> u64 {
    let (words, _) = block.as_chunks();
    words.iter().fold(0, |all, word| all | of(u64::from_ne_bytes(*word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..71 {
                let mut bytes = [b'a'; 71];
                bytes[place] = byte;
                assert_eq!(is_ascii(&bytes), byte < 0x80, "{byte} at {place}");
                let control = char::from(byte).is_ascii_control() && !b"\t\n\r".contains(&byte);
                assert_eq!(has_control(&bytes), control, "{byte} at {place}");
            }
        }
        assert!(is_ascii(b"") && !has_control(b""));
    }

    #[test]
    fn a_control_beside_other_special_bytes_is_found() {
        for bytes in [&b"\n\n\n\n\n\n\n\x01"[..], b"\xC3\xB1\t\r\n\x7F\xFF\x80", b" \n\0\n !~\n"] {
            assert!(has_control(&bytes.repeat(5)), "{bytes:?}");
        }
        assert!(!has_control("ñ\n\t\r ~!€😀\u{80}\n".repeat(9).as_bytes()));
    }
}
