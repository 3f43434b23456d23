//! Tests of what is made: counts, order, uniqueness, shares.

use std::collections::BTreeSet;

use super::*;
use crate::batch::A_CHAT;
use crate::shape::DAY;
use crate::volume::{Counts, Volume};

fn maker(seed: u32, scenario: Scenario, counts: Counts) -> Maker {
    Maker::new(Batch { seed, scenario, until: 20_454 * DAY, counts })
}

fn all_chats(maker: &Maker) -> Vec<(Told, Vec<String>)> {
    let mut all = Vec::new();
    for group in 0..maker.groups() {
        let mut made = Group::default();
        maker.group(group, &mut made);
        let texts =
            |told: &Told| told.messages.iter().map(|message| made.texts[message.text.clone()].to_owned()).collect();
        all.extend(made.chats.iter().map(|told| (told.clone(), texts(told))));
    }
    all
}

#[test]
fn there_are_as_many_messages_as_asked_for_whatever_the_counts() {
    for (chats, messages) in
        [(1, 1), (1, 40), (63, 63), (64, 2_560), (65, 70), (500, 4_000), (1_000, 39_999), (129, 131)]
    {
        let counts = Counts { chats, messages, ..Volume::Small.counts() };
        let all = all_chats(&maker(3, Scenario::Normal, counts));
        assert_eq!(all.len() as u64, chats);
        assert_eq!(all.iter().map(|(told, _)| told.messages.len() as u64).sum::<u64>(), messages, "{counts:?}");
        assert!(all.iter().all(|(told, _)| (1..=A_CHAT as usize).contains(&told.messages.len())));
    }
}

#[test]
fn a_group_is_the_same_whatever_was_made_before_it_and_another_seed_makes_another() {
    let counts = Volume::Small.counts();
    let all = all_chats(&maker(1, Scenario::Normal, counts));
    let mut made = Group::default();
    maker(1, Scenario::Normal, counts).group(5, &mut made);
    let alone: Vec<_> = made.chats.iter().map(|told| &told.chat).collect();
    let within: Vec<_> = all[320..384].iter().map(|(told, _)| &told.chat).collect();
    assert_eq!(alone, within);
    let other = all_chats(&maker(2, Scenario::Normal, counts));
    assert!(all.iter().zip(&other).all(|(one, other)| one.0.chat.id != other.0.chat.id));
    assert!(all.iter().zip(&other).filter(|(one, other)| one.1 == other.1).count() < 10);
}

#[test]
fn times_are_in_order_and_nothing_lies_after_the_end() {
    for scenario in [Scenario::Normal, Scenario::HighLoad, Scenario::EdgeCases, Scenario::Faults] {
        let maker = maker(9, scenario, Counts { messages: 12_000, ..Volume::Small.counts() });
        for (told, texts) in all_chats(&maker) {
            let chat = &told.chat;
            assert!(told.messages.is_sorted_by_key(|message| message.at), "{told:?}");
            assert_eq!(told.messages[0].at, chat.created_at);
            assert!(
                chat.updated_at >= told.messages[told.messages.len() - 1].at && chat.updated_at <= maker.batch.until
            );
            assert_eq!(chat.status == "open", chat.resolved_at.is_none());
            assert!(told.feedback.is_none_or(|feedback| Some(feedback.created_at) >= chat.resolved_at));
            assert!(texts.iter().all(|text| !text.contains(['\0', '\u{fffd}'])));
            assert_eq!(
                told.messages.iter().all(|message| message.response_ms.is_none()),
                chat.first_response_at.is_none()
            );
        }
    }
}

#[test]
fn what_is_to_be_unique_is_so_in_every_scenario_and_across_seeds() {
    let counts = Counts { knowledge: 3_000, ..Volume::Small.counts() };
    let (mut keys, mut titles) = (BTreeSet::new(), BTreeSet::new());
    let mut all = 0;
    for (seed, scenario) in [(1, Scenario::Normal), (2, Scenario::Normal), (1, Scenario::EdgeCases)] {
        let maker = maker(seed, scenario, counts);
        for item in (0..3_000).map(|n| maker.item(n)) {
            let (external_id, hash) = content_hash(&item);
            assert_eq!((&external_id, &hash), (&item.external_id, &item.content_hash));
            keys.insert(item.external_id);
            titles.insert((scenario as u8, item.title));
            all += 1;
        }
        let names: BTreeSet<_> = (0..200).map(|n| maker.agent(n).name.to_lowercase()).collect();
        assert_eq!(names.len(), 200);
    }
    assert_eq!((keys.len(), titles.len()), (all, all));
}

#[test]
fn lengths_have_a_long_tail_and_moods_the_shares_that_are_published() {
    let all = all_chats(&maker(5, Scenario::Normal, Volume::Medium.counts()));
    let mut lengths: Vec<_> = all.iter().map(|(told, _)| told.messages.len()).collect();
    lengths.sort_unstable();
    let (median, most) = (lengths[lengths.len() / 2], lengths[lengths.len() - 1]);
    assert!((6..10).contains(&median) && most >= 40, "{median} {most}");
    let labels: Vec<_> =
        all.iter().flat_map(|(told, _)| told.messages.iter().filter_map(|message| message.label)).collect();
    let share = |label| labels.iter().filter(|&&one| one == label).count() * 100 / labels.len();
    use crate::words::Label::{Negative, Neutral, Positive};
    assert_eq!(
        [share(Positive) / 5, share(Neutral) / 5, share(Negative) / 5],
        [5, 12, 2],
        "27, 61 and 12 of a hundred"
    );
    let spanish = all.iter().filter(|(told, _)| told.chat.language == "es").count();
    assert!((4_700..5_300).contains(&spanish), "{spanish}");
}
