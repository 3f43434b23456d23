//! Items whose records have no place for everything: what they lack stays as it is in the table.

use encargo_sdk::error::Result;

use crate::sink::{KnowledgeSink, Stored};
use encargo_sdk::knowledge::{Absent, Hasher, Item};

/// How many items are looked up together.
pub(crate) const TOGETHER: usize = encargo_sdk::sql::HUNDRED;
/// How many bytes of items wait at most.
const MOST_BYTES: usize = 1 << 20;

/// Items that wait until what is stored of them is known.
#[derive(Debug, Default)]
pub(crate) struct Completing {
    waiting: Vec<Waiting>,
    bytes: usize,
    /// Whether items that are not stored yet are left out.
    pub(crate) only_known: bool,
}

/// An item that is kept.
#[derive(Debug)]
struct Waiting {
    id: String,
    external_id: String,
    title: String,
    body: String,
    language: String,
    tags: String,
    source: String,
    absent: Absent,
}

impl Completing {
    /// Nothing waits yet; `only_known` leaves items out that are not stored.
    pub(crate) fn new(only_known: bool) -> Self {
        Self { only_known, ..Self::default() }
    }

    /// Keeps an item that lacks something, and hands all over when they are many.
    ///
    /// # Errors
    /// As the sink's.
    pub(crate) fn add<K: KnowledgeSink>(&mut self, item: &Item<'_>, hasher: &mut Hasher, sink: &mut K) -> Result<()> {
        self.bytes += item.title.len() + item.body.len() + item.tags.len() + item.source.len();
        self.waiting.push(Waiting {
            id: hasher.identity(item).external_id.to_owned(),
            external_id: item.external_id.to_owned(),
            title: item.title.to_owned(),
            body: item.body.to_owned(),
            language: item.language.to_owned(),
            tags: item.tags.to_owned(),
            source: item.source.to_owned(),
            absent: item.absent,
        });
        if self.waiting.len() < TOGETHER && self.bytes < MOST_BYTES { Ok(()) } else { self.flush(hasher, sink) }
    }

    /// Completes what waits with what is stored, and writes it.
    ///
    /// # Errors
    /// As the sink's.
    pub(crate) fn flush<K: KnowledgeSink>(&mut self, hasher: &mut Hasher, sink: &mut K) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let ids: Vec<&str> = self.waiting.iter().map(|waiting| waiting.id.as_str()).collect();
        let stored = sink.stored(&ids)?;
        for waiting in self.waiting.drain(..) {
            let known = stored.get(&waiting.id);
            if known.is_none() && self.only_known {
                sink.skip();
                continue;
            }
            let kept = |is_absent: bool, own: &'_ str, of: fn(&Stored) -> &String| {
                known.filter(|_| is_absent).map_or_else(|| own.to_owned(), |known| of(known).clone())
            };
            let Absent { language, tags, source } = waiting.absent;
            let language = kept(language, &waiting.language, |stored| &stored.language);
            let tags = kept(tags, &waiting.tags, |stored| &stored.tags);
            let source = kept(source, &waiting.source, |stored| &stored.source);
            let item = Item {
                external_id: &waiting.external_id,
                title: &waiting.title,
                body: &waiting.body,
                language: &language,
                tags: &tags,
                source: &source,
                absent: Absent::default(),
            };
            sink.write(&item, &hasher.identity(&item))?;
        }
        Ok(())
    }
}
