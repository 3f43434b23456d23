//! Old chats: each goes with its messages and what hangs on them, in one transaction.

use std::collections::VecDeque;

use encargo_sdk::prelude::*;

use crate::Job;
use crate::cleaned::{Cleaned, Reason, Totals};
use crate::sql;

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
    let mut page = VecDeque::new();
    let deleting = cleaned.deleting(&text!("chats", "chats"));
    let walked = chats.each_transaction(job.database, &deleting, |transaction, &after, totals| {
        if page.is_empty() {
            page = transaction.rows::<Old>(sql::NEXT_CHATS, &[&after, &last, &job.cutoff, &job.batch_size])?.into();
        }
        let group = take(&mut page, job.batch_size);
        let Some(to) = group.to else { return Ok(Step { next: None, done: 0 }) };
        let range: [&dyn ToValue; 3] = [&after, &to, &job.cutoff];
        transaction.execute(sql::DELETE_SENTIMENTS, &range)?;
        transaction.execute(sql::DELETE_FEEDBACK, &range)?;
        let messages = transaction.execute(sql::DELETE_MESSAGES, &range)?;
        let chats = transaction.execute(sql::DELETE_CHATS, &range)?;
        totals.cleaned.messages += messages;
        totals.cleaned.deleted += chats;
        totals.cleaned.bytes += group.bytes;
        Ok(Step { next: (to < last).then_some(to), done: chats })
    });
    *cleaned = chats.totals().cleaned.clone();
    walked
}

/// What there is to do, as it was when the run first looked.
fn look(job: &Job<'_>, cleaned: &Cleaned) -> Result<Totals> {
    let mut cleaned = cleaned.clone();
    let overview = job.database.row::<Overview>(sql::OVERVIEW_OF_CHATS, &[&job.cutoff])?;
    let Some(overview) = overview else { return Ok(Totals { cleaned, last: None }) };
    cleaned.matched = overview.matched;
    cleaned.kept =
        vec![(Reason::LegalHold, overview.held), (Reason::Pinned, overview.pinned), (Reason::Open, overview.open)];
    (cleaned.oldest, cleaned.newest) = (overview.oldest, overview.newest);
    Ok(Totals { cleaned, last: overview.last })
}

/// Some chats of a page: up to which id, and how much their messages hold.
#[derive(Debug, PartialEq, Eq)]
struct Group {
    to: Option<i64>,
    bytes: u64,
}

/// Takes as many chats as make a transaction of `batch_size` rows, messages included; a larger chat goes alone.
fn take(page: &mut VecDeque<Old>, batch_size: u32) -> Group {
    let (mut group, mut rows) = (Group { to: None, bytes: 0 }, 0);
    while let Some(chat) = page.pop_front_if(|chat| rows == 0 || rows + 1 + chat.messages <= u64::from(batch_size)) {
        rows += 1 + chat.messages;
        group = Group { to: Some(chat.id), bytes: group.bytes + chat.bytes };
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
        while let Group { to: Some(to), bytes } = take(&mut page, 7) {
            groups.push((to, bytes));
        }
        // 3 + 4 rows, 10 rows that cannot be parted, 1 + 5 rows.
        assert_eq!(groups, [(2, 20), (3, 10), (5, 20)]);
    }
}
