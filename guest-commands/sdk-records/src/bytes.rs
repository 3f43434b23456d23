//! Two questions about many bytes, 32 at a time: a guest's word has only four.

/// How many bytes are looked at together.
const BLOCK: usize = 32;

/// Whether all bytes are ASCII.
pub fn is_ascii(bytes: &[u8]) -> bool {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    blocks.iter().all(|block| !looked_at(block).beyond_ascii) && rest.is_ascii()
}

/// Whether there is a C0 control other than tab and line breaks, or DEL.
pub fn has_control(bytes: &[u8]) -> bool {
    let control = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7F;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    blocks.iter().any(|block| looked_at(block).may_control && block.iter().any(control)) || rest.iter().any(control)
}

/// What a block has.
struct Looked {
    beyond_ascii: bool,
    /// Whether any byte is below 32 or DEL.
    may_control: bool,
}

#[cfg(target_feature = "simd128")]
#[inline]
fn looked_at(block: &[u8; BLOCK]) -> Looked {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128_any_true, v128_or};
    let (words, _) = block.as_chunks::<8>();
    let word = |at: usize| u64::from_le_bytes(words[at]);
    let (left, right) = (u64x2(word(0), word(1)), u64x2(word(2), word(3)));
    let special = |half| v128_or(u8x16_lt(half, u8x16_splat(0x20)), u8x16_eq(half, u8x16_splat(0x7F)));
    Looked {
        beyond_ascii: u8x16_bitmask(v128_or(left, right)) != 0,
        may_control: v128_any_true(v128_or(special(left), special(right))),
    }
}

#[cfg(not(target_feature = "simd128"))]
#[inline]
fn looked_at(block: &[u8; BLOCK]) -> Looked {
    const LOW_BITS: u64 = u64::MAX / 255;
    const HIGH_BITS: u64 = LOW_BITS << 7;
    let (words, _) = block.as_chunks::<8>();
    let joined = |of: fn(u64) -> u64| words.iter().fold(0, |all, word| all | of(u64::from_ne_bytes(*word))) & HIGH_BITS;
    Looked {
        beyond_ascii: joined(|word| word) != 0,
        // The known tests for a byte below 32 and for a zero byte, here of what differs from DEL.
        may_control: joined(|word| {
            let other = word ^ (LOW_BITS * 0x7F);
            (word.wrapping_sub(LOW_BITS * 0x20) & !word) | (other.wrapping_sub(LOW_BITS) & !other)
        }) != 0,
    }
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
