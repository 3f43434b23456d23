//! The search for the few characters that a format writes in another way than they are.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// The place of the first special byte; the length when there is none. Special bytes are below 32 or among the needles,
/// and `is_special` says which of those are meant.
///
/// It goes eight bytes at a time and searches for all of them in one pass, because without vector instructions one pass
/// for each takes a fifth of an export's time.
#[inline]
pub(crate) fn find<const N: usize>(data: &[u8], needles: [u8; N], is_special: impl Fn(u8) -> bool) -> usize {
    let patterns = needles.map(|needle| ONES * u64::from(needle));
    let (words, rest) = data.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        if may_be_special(u64::from_le_bytes(*word), patterns)
            && let Some(at) = word.iter().position(|byte| is_special(*byte))
        {
            return place * 8 + at;
        }
    }
    words.len() * 8 + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

/// False only when none of the eight bytes is below 32 or a needle.
fn may_be_special<const N: usize>(word: u64, patterns: [u64; N]) -> bool {
    let mut found = word.wrapping_sub(ONES * 0x20) & !word;
    for pattern in patterns {
        let difference = word ^ pattern;
        found |= difference.wrapping_sub(ONES) & !difference;
    }
    found & HIGH != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_special_byte_is_found_wherever_it_stands() {
        let specials = *b",\"\n\r\xef";
        let find = |data: &[u8]| find(data, *b",\"\xef", |byte| specials.contains(&byte));
        for filler in [b'x', b' ', b'\t', 0x7f, 0x80, 0xac, 0xee, 0xff, b'+', b'-', b'!', b'#'] {
            for length in 0..40 {
                let mut data = vec![filler; length];
                assert_eq!(find(&data), length);
                for at in 0..length {
                    for special in specials {
                        data[at] = special;
                        assert_eq!(find(&data), at, "{special} among {filler}");
                        data[at] = filler;
                    }
                }
            }
        }
    }
}
