//! What is read a page at a time, each page after the last key of the one before.

use crate::error::Result;

/// Reads pages until one is empty. `read` gets the key after which to go on, none at first; `key` is an item's own.
///
/// A list that grows or shrinks meanwhile is no problem: what is behind the key is read once, whatever happens before it.
pub fn pages<T, K>(
    start: Option<K>,
    mut read: impl FnMut(Option<&K>) -> Result<Vec<T>>,
    key: impl Fn(&T) -> K,
) -> impl Iterator<Item = Result<Vec<T>>> {
    let (mut after, mut ended) = (start, false);
    std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let page = read(after.as_ref());
        let last = page.as_ref().ok().and_then(|page| page.last()).map(&key);
        ended = last.is_none();
        after = last.or(after.take());
        match page {
            Ok(page) if page.is_empty() => None,
            page => Some(page),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorCode};

    fn read(after: Option<&u32>, most: u32) -> Vec<u32> {
        let first = after.map_or(0, |after| after + 1);
        (first..most.min(first + 3)).collect()
    }

    #[test]
    fn every_item_comes_once_and_an_empty_page_is_the_end() {
        let all: Vec<_> = pages(None, |after| Ok(read(after, 7)), |item| *item).map(Result::unwrap).collect();
        assert_eq!(all, [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
        let rest: Vec<_> = pages(Some(4), |after| Ok(read(after, 7)), |item| *item).map(Result::unwrap).collect();
        assert_eq!(rest, [vec![5, 6]]);
        assert_eq!(pages(None, |_| Ok(Vec::<u32>::new()), |item| *item).count(), 0);
    }

    #[test]
    fn an_error_is_the_last_that_comes() {
        let refused = || Error::new(ErrorCode::Denied, "no");
        let read = |after: Option<&u32>| if after.is_some() { Err(refused()) } else { Ok(vec![1]) };
        assert_eq!(pages(None, read, |item| *item).collect::<Vec<_>>(), [Ok(vec![1]), Err(refused())]);
    }
}
