//! The search for the few characters that a format writes in another way than they are.

/// The place of the first special byte; the length when there is none. Special bytes are below 32 or among the needles,
/// and `is_special` says which of those are meant.
///
/// It searches for all of them in one pass, because one for each takes a fifth of an export's time.
#[inline]
pub fn find<const N: usize>(data: &[u8], needles: [u8; N], is_special: impl Fn(u8) -> bool) -> usize {
    let (blocks, rest) = data.as_chunks::<BLOCK>();
    for (place, block) in blocks.iter().enumerate() {
        if may_be_special(block, needles)
            && let Some(at) = block.iter().position(|byte| is_special(*byte))
        {
            return place * BLOCK + at;
        }
    }
    blocks.len() * BLOCK + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

/// Writes a text with each quote in it twice.
///
/// Cells that need it are short or have few quotes. A copy of few bytes is a call in a guest, so they go through a buffer.
pub fn push_doubled(text: &[u8], out: &mut Vec<u8>) {
    let (mut buffer, mut filled) = ([0; 16 * BLOCK], 0);
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut push = |bytes: &[u8], buffer: &mut [u8; 16 * BLOCK], filled: &mut usize| {
        for &byte in bytes {
            buffer[*filled] = byte;
            *filled += 1;
            if byte == b'"' {
                buffer[*filled] = byte;
                *filled += 1;
            }
        }
        if *filled > buffer.len() - 2 * BLOCK {
            out.extend_from_slice(&buffer[..*filled]);
            *filled = 0;
        }
    };
    for block in blocks {
        if is_in(block, b'"') {
            push(block, &mut buffer, &mut filled);
        } else if let Some(room) = buffer[filled..].first_chunk_mut() {
            *room = *block;
            filled += BLOCK;
            push(&[], &mut buffer, &mut filled);
        }
    }
    push(rest, &mut buffer, &mut filled);
    out.extend_from_slice(&buffer[..filled]);
}

/// How many bytes are looked at together.
#[cfg(target_feature = "simd128")]
const BLOCK: usize = 16;

#[cfg(target_feature = "simd128")]
fn vector(block: &[u8; BLOCK]) -> core::arch::wasm32::v128 {
    let (low, high) = block.split_at(8);
    let word = |half: &[u8]| u64::from_le_bytes(half.try_into().unwrap_or_default());
    core::arch::wasm32::u64x2(word(low), word(high))
}

/// False only when no byte is below 32 or a needle.
#[cfg(target_feature = "simd128")]
fn may_be_special<const N: usize>(block: &[u8; BLOCK], needles: [u8; N]) -> bool {
    use core::arch::wasm32::{u8x16_eq, u8x16_lt, u8x16_splat, v128_any_true, v128_or};
    let block = vector(block);
    let low = u8x16_lt(block, u8x16_splat(0x20));
    v128_any_true(needles.iter().fold(low, |found, needle| v128_or(found, u8x16_eq(block, u8x16_splat(*needle)))))
}

/// Whether the byte is in the block.
#[cfg(target_feature = "simd128")]
fn is_in(block: &[u8; BLOCK], byte: u8) -> bool {
    use core::arch::wasm32::{u8x16_eq, u8x16_splat, v128_any_true};
    v128_any_true(u8x16_eq(vector(block), u8x16_splat(byte)))
}

/// How many bytes are looked at together.
#[cfg(not(target_feature = "simd128"))]
const BLOCK: usize = 8;

/// False only when no byte is below 32 or a needle.
#[cfg(not(target_feature = "simd128"))]
fn may_be_special<const N: usize>(block: &[u8; BLOCK], needles: [u8; N]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let word = u64::from_le_bytes(*block);
    let mut found = word.wrapping_sub(ONES * 0x20) & !word;
    for needle in needles {
        let difference = word ^ (ONES * u64::from(needle));
        found |= difference.wrapping_sub(ONES) & !difference;
    }
    found & u64::from_ne_bytes([0x80; 8]) != 0
}

/// Whether the byte is in the block.
#[cfg(not(target_feature = "simd128"))]
fn is_in(block: &[u8; BLOCK], byte: u8) -> bool {
    block.contains(&byte)
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

    #[test]
    fn quotes_are_doubled_wherever_they_stand() {
        for length in 0..700 {
            for every in [1, 2, 7, 16, 31, 1_000] {
                let text: Vec<u8> = (0..length).map(|at| if at % every == every / 2 { b'"' } else { b'x' }).collect();
                let expected = String::from_utf8_lossy(&text).replace('"', "\"\"");
                let mut out = b"before".to_vec();
                push_doubled(&text, &mut out);
                assert_eq!(String::from_utf8_lossy(&out), format!("before{expected}"), "{length} {every}");
            }
        }
    }
}
