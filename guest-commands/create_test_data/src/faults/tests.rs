//! Tests of what is planted.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::batch::{Batch, Scenario};
use crate::shape::DAY;
use crate::volume::Volume;

fn maker() -> Maker {
    Maker::new(Batch { seed: 4, scenario: Scenario::Faults, until: 20_454 * DAY, counts: Volume::Small.counts() })
}

#[test]
fn every_fault_is_planted_as_often_and_no_row_has_two() {
    let planted = plant(&maker());
    let (mut times, mut rows) = (BTreeMap::new(), BTreeSet::new());
    for answer in &planted.answers {
        *times.entry((answer.command, answer.issue, answer.relation)).or_insert(0) += 1;
        assert!(rows.insert((answer.relation, answer.id.clone())), "{answer:?} is told already");
    }
    assert!(times.values().all(|&n| n == TIMES), "{times:?}");
    assert!(times.len() > 40, "{}", times.len());
}

#[test]
fn planted_rows_lie_behind_the_batch_and_within_its_ids() {
    let maker = maker();
    let planted = plant(&maker);
    let ids = maker.batch.id(PLANTED)..maker.batch.id(PLANTED + (1 << 16));
    assert!(planted.items.iter().all(|item| ids.contains(&item.id)));
    assert!(planted.chats.iter().all(|chat| ids.contains(&chat.id)));
    let all: BTreeSet<_> = planted.chats.iter().map(|chat| chat.id).collect();
    assert!(planted.messages.iter().all(|(chat, ..)| all.contains(chat)));
    assert!(planted.messages.iter().all(|(_, message, _)| maker.batch.ids().contains(&message.id)));
    let crossed = |sentiment: &&SentimentRow| sentiment.message_id / 64 * 64 != sentiment.chat_id;
    assert!(planted.sentiments.iter().filter(crossed).count() > 0);
    assert!(
        planted
            .sentiments
            .iter()
            .all(|sentiment| all.contains(&sentiment.chat_id) || sentiment.chat_id == maker.batch.id(0))
    );
    let names: BTreeSet<_> = planted.media.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), planted.media.len());
}
