//! Old chats: each goes with its messages and what hangs on them, in one transaction.

use std::collections::{BTreeSet, VecDeque};

use encargo_sdk::prelude::*;

use crate::archive::{self, without};
use crate::cleaned::{Cleaned, Reason, Totals};
use crate::pace::Due;
use crate::sql;
use crate::{Job, Mode};

#[derive(FromRow)]
struct Overview {
    matched: u64,
    held: u64,
    pinned: u64,
    open: u64,
    last: Option<i64>,
    oldest: Option<Instant>,
    newest: Option<Instant>,
}

/// A chat that is to be deleted.
#[derive(Debug, FromRow)]
struct Old {
    id: i64,
    messages: u64,
    bytes: u64,
}

/// Deletes the tenant's old chats.
pub(crate) fn clean(job: &Job<'_>, cleaned: &mut Cleaned) -> Result<()> {
    let mut chats = job.run.take_up("chats", i64::MIN, || look(job, cleaned))?;
    *cleaned = chats.totals().cleaned.clone();
    let Some(last) = chats.totals().last else { return Ok(()) };
    let cutoff = chats.totals().cleaned.cutoff;
    let times = [cutoff.micros()];
    let mut archive = match chats.after() {
        Some(&after) => job.archive(&archive::CHATS, [after, last], &times, cleaned.deleted)?,
        None => None,
    };
    let (end, is_cut) = archive.as_ref().map_or((last, false), |archive| (archive.to, archive.is_cut));
    let mut page = VecDeque::new();
    let deleting = cleaned.deleting(&text!("chats", "chats"));
    let walked = chats.each_transaction(job.database, &deleting, |transaction, &after, totals| {
        if job.pace.due(totals.cleaned.deleted) == Due::Stop {
            totals.cleaned.is_cut_short = true;
            return Ok(Step { next: None, done: 0 });
        }
        if totals.cleaned.deleted > 0 {
            job.pace.pause(job.run)?;
        }
        if page.is_empty() {
            page = transaction.rows::<Old>(job.old_chats()[1], &[&after, &end, &cutoff, &job.batch_size])?.into();
        }
        let most = job.pace.batch(totals.cleaned.deleted, u32::MAX);
        let group = take(&mut page, job.batch_size, most);
        // Behind the last one there may be some in the archive that are not to be deleted any more.
        let to = group.to.unwrap_or(end);
        let kept = match &mut archive {
            Some(archive) => archive.differing(job, transaction, [after, to], &times)?,
            None => BTreeSet::new(),
        };
        totals.cleaned.keep(Reason::NotArchived, kept.len() as u64);
        if group.to.is_none() {
            totals.cleaned.is_cut_short |= is_cut;
            return Ok(Step { next: None, done: 0 });
        }
        let (messages, chats) = match job.mode {
            Mode::Delete => delete(transaction, &kept, [after, to], cutoff)?,
            Mode::Anonymize => {
                let range: [&dyn ToValue; 3] = [&after, &to, &cutoff];
                transaction.execute(sql::ANONYMIZE_FEEDBACK, &range)?;
                let messages = transaction.execute(sql::ANONYMIZE_MESSAGES, &range)?;
                transaction.execute(sql::ANONYMIZE_CHATS, &range)?;
                (messages, group.chats)
            }
        };
        totals.cleaned.messages += messages;
        totals.cleaned.deleted += chats;
        // A chat that stays may have grown since the page was read.
        totals.cleaned.bytes += group.bytes.saturating_sub(bytes_of(transaction, &kept, cutoff)?);
        totals.cleaned.is_cut_short |= is_cut && to == end;
        Ok(Step { next: (to < end).then_some(to), done: chats })
    });
    *cleaned = chats.totals().cleaned.clone();
    walked
}

/// Deletes the old chats of a range with all that goes with them, but for some, and answers how many messages and chats.
fn delete(transaction: &Transaction, kept: &BTreeSet<i64>, range: [i64; 2], cutoff: Instant) -> Result<(u64, u64)> {
    let (mut messages, mut chats) = (0, 0);
    for [after, to] in without(kept, range) {
        let range: [&dyn ToValue; 3] = [&after, &to, &cutoff];
        transaction.execute(sql::DELETE_SENTIMENTS, &range)?;
        transaction.execute(sql::DELETE_FEEDBACK, &range)?;
        messages += transaction.execute(sql::DELETE_MESSAGES, &range)?;
        chats += transaction.execute(sql::DELETE_CHATS, &range)?;
    }
    Ok((messages, chats))
}

/// How much the messages of chats hold that are old and stay nevertheless.
fn bytes_of(transaction: &Transaction, kept: &BTreeSet<i64>, cutoff: Instant) -> Result<u64> {
    kept.iter().try_fold(0, |bytes, id| {
        let old: Option<Old> = transaction.row(sql::NEXT_CHATS, &[&(id - 1), id, &cutoff, &1])?;
        Ok(bytes + old.map_or(0, |old| old.bytes))
    })
}

/// What there is to do, as it was when the run first looked.
fn look(job: &Job<'_>, cleaned: &Cleaned) -> Result<Totals> {
    let mut cleaned = cleaned.clone();
    let overview = |cutoff: Instant| job.database.row::<Overview>(job.old_chats()[0], &[&cutoff]);
    let Some(all) = overview(cleaned.cutoff)? else { return Ok(Totals { cleaned, last: None }) };
    cleaned.matched = all.matched;
    if let Some(last) = job.keep_last {
        let place = i64::from(last) - 1;
        let newest: Option<Instant> = job.database.row(sql::LAST_CHAT, &[&place])?;
        // Where there are not so many, none goes.
        cleaned.cutoff = cleaned.cutoff.min(newest.unwrap_or(Instant::from_micros(i64::MIN)));
    }
    let Some(overview) = overview(cleaned.cutoff)? else { return Ok(Totals { cleaned, last: None }) };
    let among_the_last = all.matched - overview.matched;
    cleaned.kept =
        vec![(Reason::LegalHold, overview.held), (Reason::Pinned, overview.pinned), (Reason::Open, overview.open)];
    if job.keep_last.is_some() {
        cleaned.kept.push((Reason::Last, among_the_last));
    }
    (cleaned.oldest, cleaned.newest) = (overview.oldest, overview.newest);
    Ok(Totals { cleaned, last: overview.last })
}

/// Some chats of a page: up to which id, and how much their messages hold.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    to: Option<i64>,
    chats: u64,
    bytes: u64,
}

/// Takes as many chats as make a transaction of `batch_size` rows, messages included, and at most so many; a larger chat goes
/// alone.
fn take(page: &mut VecDeque<Old>, batch_size: u32, most: u32) -> Group {
    let (mut group, mut rows) = (Group { to: None, chats: 0, bytes: 0 }, 0);
    while group.chats < u64::from(most)
        && let Some(chat) = page.pop_front_if(|chat| rows == 0 || rows + 1 + chat.messages <= u64::from(batch_size))
    {
        rows += 1 + chat.messages;
        group = Group { to: Some(chat.id), chats: group.chats + 1, bytes: group.bytes + chat.bytes };
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_holds_whole_chats_and_about_a_batch_of_rows() {
        let old = |(id, messages): (i64, u64)| Old { id, messages, bytes: 10 };
        let mut page: VecDeque<_> = [(1, 2), (2, 3), (3, 9), (4, 0), (5, 4)].into_iter().map(old).collect();
        let mut groups = Vec::new();
        while let Group { to: Some(to), bytes, .. } = take(&mut page, 7, u32::MAX) {
            groups.push((to, bytes));
        }
        // 3 + 4 rows, 10 rows that cannot be parted, 1 + 5 rows.
        assert_eq!(groups, [(2, 20), (3, 10), (5, 20)]);
        let mut page: VecDeque<_> = [(1, 0), (2, 0), (3, 0)].into_iter().map(old).collect();
        assert_eq!(take(&mut page, 7, 2), Group { to: Some(2), chats: 2, bytes: 20 });
    }
}
