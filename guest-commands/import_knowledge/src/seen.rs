//! The keys that a run has seen, to find duplicates: a set in bounded memory.

/// The most keys that are remembered: 18 MB of places, three quarters full. Then the set is emptied.
const MOST_KEYS: usize = 1_500_000;

/// How many keys a set has room for when nothing is known of the number to come. Grown twice it is the largest, so that
/// the last two together have little more than the largest alone.
const FEWEST_KEYS: usize = MOST_KEYS / (GROWTH * GROWTH);

/// How many times as large a set is that had to grow.
const GROWTH: usize = 16;

/// Keys of 64 bits, which are hashes already, in a table with open places.
///
/// A new key is told by the marks alone, which fit into a processor's cache: reading its place among the keys would wait for
/// the memory each time, and writing it does not.
#[derive(Debug)]
pub struct Seen {
    places: Vec<u64>,
    /// The low byte of each place's key, 1 for 0; 0 is an open place.
    marks: Vec<u8>,
    keys: usize,
    most_keys: usize,
    /// How often the set was full and emptied.
    pub emptied: u64,
}

impl Seen {
    /// A set for about so many keys, when their number is known: it need not grow then.
    pub fn expecting(keys: Option<u64>) -> Self {
        Self::limited(keys, MOST_KEYS)
    }

    fn limited(keys: Option<u64>, most_keys: usize) -> Self {
        let room = keys.map_or(FEWEST_KEYS, |keys| usize::try_from(keys).unwrap_or(most_keys)).clamp(12, most_keys);
        let places = places(room);
        Self { places: vec![0; places], marks: vec![0; places], keys: 0, most_keys, emptied: 0 }
    }

    /// Adds a key; whether it was new.
    pub fn insert(&mut self, key: u64) -> bool {
        let (place, known) = self.place(key);
        if known {
            return false;
        }
        self.places[place] = key;
        self.marks[place] = mark(key);
        self.keys += 1;
        if self.keys == self.most_keys {
            self.marks.fill(0);
            self.keys = 0;
            self.emptied += 1;
        } else if self.keys * 4 >= self.places.len() * 3 {
            self.grow();
        }
        true
    }

    /// The place that has the key, or the open one where it belongs, and whether it has it.
    fn place(&self, key: u64) -> (usize, bool) {
        let mut place = (((key >> 32) * self.places.len() as u64) >> 32) as usize;
        loop {
            match self.marks[place] {
                0 => return (place, false),
                its if its == mark(key) && self.places[place] == key => return (place, true),
                _ => place = if place + 1 == self.places.len() { 0 } else { place + 1 },
            }
        }
    }

    fn grow(&mut self) {
        let grown = (self.places.len() * GROWTH).min(places(self.most_keys));
        let places = std::mem::replace(&mut self.places, vec![0; grown]);
        let marks = std::mem::replace(&mut self.marks, vec![0; grown]);
        for (key, _) in places.into_iter().zip(marks).filter(|(_, mark)| *mark != 0) {
            let (place, _) = self.place(key);
            self.places[place] = key;
            self.marks[place] = mark(key);
        }
    }
}

/// What tells most keys apart without the key itself.
fn mark(key: u64) -> u8 {
    (key as u8).max(1)
}

/// How many places so many keys need, a quarter of which stays open.
const fn places(keys: usize) -> usize {
    keys / 3 * 4 + 4
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// A sequence of well-spread numbers.
    fn keys(count: u64) -> impl Iterator<Item = u64> {
        (0..count).map(|index| (index + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    #[test]
    fn a_key_is_new_once_however_the_set_grows() {
        for expected in [None, Some(0), Some(100_000), Some(u64::MAX)] {
            let mut seen = Seen::limited(expected, 200_000);
            assert!(keys(100_000).all(|key| seen.insert(key)), "{expected:?}");
            assert!(!keys(100_000).any(|key| seen.insert(key)), "{expected:?}");
        }
    }

    #[test]
    fn it_answers_as_a_set_of_the_standard_library_does() {
        let (mut seen, mut known) = (Seen::expecting(None), HashSet::new());
        for key in keys(50_000).map(|key| key >> 50).chain([0, 1, u64::MAX, u64::MAX - 1, u64::MAX]) {
            assert_eq!(seen.insert(key), known.insert(key), "{key}");
        }
    }

    #[test]
    fn a_full_set_is_emptied_and_says_so() {
        let mut seen = Seen::limited(None, 1_000);
        assert!(keys(2_500).all(|key| seen.insert(key)));
        assert_eq!((seen.emptied, seen.keys), (2, 500));
        assert!(seen.places.len() <= places(1_000));
    }

    #[test]
    fn growing_to_the_largest_set_takes_no_more_than_20_megabytes() {
        let mut largest = 0;
        let mut places_now = places(FEWEST_KEYS);
        while places_now < places(MOST_KEYS) {
            let grown = (places_now * GROWTH).min(places(MOST_KEYS));
            largest = largest.max((places_now + grown) * 9);
            places_now = grown;
        }
        assert!((18_000_000..20_000_000).contains(&largest), "{largest}");
        assert_eq!(Seen::expecting(Some(u64::MAX)).places.len(), places(MOST_KEYS));
    }
}
