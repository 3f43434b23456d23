//! Tests of the chats: what they cite, when they happen, what they have of everything.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::calendar::DAYS;
use crate::seeds::knowledge::{topic, topics};

const NOW: i64 = 20_783 * DAY + 11 * 60 * MINUTE;

#[test]
fn every_chat_cites_an_item_of_its_language_and_its_times_are_in_order() {
    let known: BTreeSet<_> =
        topics().flat_map(|topic| LANGUAGES.map(|language| external_id(topic.slug, language))).collect();
    for chat in chats(NOW) {
        assert!(known.contains(&chat.cites), "{}", chat.cites);
        let slug = chat.cites.trim_start_matches("demo-").rsplit_once('-').unwrap().0;
        let language = usize::from(chat.language == "es");
        let title = topic(slug).unwrap().title[language];
        let answered = chat.messages.iter().filter(|message| message.role == "assistant").count() > 1;
        assert_eq!(chat.messages.iter().any(|message| message.body.contains(title)), answered, "{chat:?}");
        assert!(!chat.messages.iter().any(|message| message.body.contains(['{', '}']) && message.role != "tool"));

        assert!(chat.messages.is_sorted_by_key(|message| message.at), "{chat:?}");
        assert_eq!(chat.messages[0].at, chat.created_at);
        let last = chat.messages.last().unwrap().at;
        assert!(chat.created_at >= NOW - DAYS * DAY && last <= chat.updated_at && chat.updated_at <= NOW, "{chat:?}");
        assert_eq!(chat.resolved_at.is_none(), chat.status == "open");
        assert!(chat.resolved_at.is_none_or(|at| at >= last && at <= NOW));
        assert!(chat.handed_over_at >= chat.first_response_at || chat.handed_over_at.is_none());
        assert!(chat.feedback.is_none_or(|feedback| feedback.at <= NOW && Some(feedback.at) > chat.resolved_at));
    }
}

#[test]
fn there_is_something_of_everything_and_little_twice() {
    let chats = chats(NOW);
    assert_eq!(chats.len() as u64, CHATS);
    let mut counted = BTreeMap::new();
    for chat in &chats {
        let rating = chat.feedback.as_ref().map_or(0, |feedback| feedback.rating);
        for key in [chat.status.to_owned(), chat.language.to_owned(), chat.agent.to_owned(), rating.to_string()] {
            *counted.entry(key).or_insert(0) += 1;
        }
    }
    for (key, least) in
        [("open", 5), ("resolved", 80), ("closed", 20), ("es", 90), ("en", 70), ("demo-sales", 15), ("1", 4), ("5", 20)]
    {
        assert!(counted.get(key).is_some_and(|&n| n >= least), "{key}: {counted:?}");
    }
    let told: BTreeSet<_> =
        chats.iter().map(|chat| chat.messages.iter().map(|message| &message.body).collect::<Vec<_>>()).collect();
    assert_eq!(told.len(), chats.len(), "no two chats say the same");
    assert!(chats.iter().any(|chat| chat.is_pinned) && chats.iter().any(|chat| chat.legal_hold));
    let analysed = chats.iter().filter(|chat| chat.is_analysed).count();
    assert!((5..60).contains(&analysed), "{analysed}");
}

#[test]
fn spanish_articles_and_english_ones_are_drawn_together() {
    for chat in chats(NOW) {
        for message in &chat.messages {
            assert!(!message.body.contains(" de el ") && !message.body.contains(" a oak "), "{}", message.body);
        }
    }
}
