//! Parts sum to totals, and totals are what the database counts; a report where they do not is not written.

use encargo_sdk::prelude::*;

use crate::reading::{Gathered, Needed};
use crate::sums::{Side, Sums};

/// Every sum that does not come out, as a sentence; none where all do.
pub(crate) fn faults(gathered: &Gathered, needed: Needed) -> Vec<String> {
    let mut faults = Vec::new();
    let mut same = |what: String, parts: u64, whole: u64| {
        if parts != whole {
            faults.push(text!(
                "{what}: the parts are {parts} and the whole is {whole}",
                "{what}: las partes son {parts} y el todo es {whole}"
            ));
        }
    };
    let (now, before, counted) = (&gathered.now, &gathered.before, &gathered.counted);
    for side in [now, before] {
        let all = &side.all;
        for (what, of) in sums() {
            same(text!("{what} of agents", "{what} de los agentes"), side.agents.values().map(of).sum(), of(all));
        }
        same(
            text!("chats by time", "chats según la hora"),
            side.parts.iter().map(|part| part.chats).sum(),
            all.chats.begun,
        );
        same(
            text!("messages by time", "mensajes según la hora"),
            side.parts.iter().map(|part| part.messages).sum(),
            all.messages.n(),
        );
        same(
            text!("ratings by time", "valoraciones según la hora"),
            side.parts.iter().map(|part| part.ratings).sum(),
            all.ratings_given(),
        );
        same(
            text!("messages of people by hour", "mensajes de personas por hora"),
            side.hours.iter().sum(),
            all.messages.by_role[0],
        );
        let answered = all.chats.first_response.n() + all.chats.unanswered + side.odd.answered_before;
        same(text!("chats that were answered or not", "chats respondidos o no"), answered, all.chats.begun);
    }
    let both = |of: fn(&Side) -> u64| of(now) + of(before);
    same(text!("chats in the database", "chats en la base de datos"), both(|side| side.all.chats.begun), counted.chats);
    if needed.messages {
        same(
            text!("messages in the database", "mensajes en la base de datos"),
            both(|side| side.all.messages.n()),
            counted.messages,
        );
        same(
            text!("tokens in the database", "tokens en la base de datos"),
            both(|side| side.all.messages.tokens),
            counted.tokens,
        );
    }
    same(
        text!("ratings in the database", "valoraciones en la base de datos"),
        both(|side| side.all.ratings_given()),
        counted.ratings,
    );
    same(text!("stars in the database", "estrellas en la base de datos"), both(|side| stars(&side.all)), counted.stars);
    faults
}

fn stars(sums: &Sums) -> u64 {
    sums.ratings.iter().zip(1..).map(|(n, stars)| n * stars).sum()
}

type Of = fn(&Sums) -> u64;

/// What agents add up to.
fn sums() -> [(String, Of); 8] {
    [
        (text!("chats", "chats"), |sums| sums.chats.begun),
        (text!("chats that ended", "chats terminados"), |sums| sums.chats.ended),
        (text!("chats handed over", "chats traspasados"), |sums| sums.chats.handed_over),
        (text!("messages", "mensajes"), |sums| sums.messages.n()),
        (text!("tokens", "tokens"), |sums| sums.messages.tokens),
        (text!("ratings", "valoraciones"), Sums::ratings_given),
        (text!("stars", "estrellas"), stars),
        (text!("sentiments", "sentimientos"), |sums| sums.feelings.n()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buckets::Buckets;
    use crate::moment;
    use crate::period::{Chosen, Period};
    use crate::reading::Counted;

    const ALL: Needed = Needed { messages: true, sentiments: true };

    /// One answered and rated chat of an agent, with a message of somebody, in both periods.
    fn sound() -> Gathered {
        let zone = moment::zone("UTC").unwrap();
        let now = Instant::from_micros(1_800_000_000_000_000);
        let chosen = Chosen::choose(Some(Period::Daily), (None, None), &zone, now).unwrap();
        let buckets = Buckets::new(&chosen, chosen.now).unwrap();
        let mut side = Side::of_parts(buckets.len());
        side.add(Some(1), |sums| {
            (sums.chats.begun, sums.messages.by_role, sums.messages.tokens) = (1, [1, 0, 0, 0], 7);
            (sums.ratings, sums.feelings.neutral) = ([0, 0, 0, 0, 1], 1);
            sums.chats.first_response.add(5);
        });
        (side.parts[3].chats, side.parts[3].messages, side.parts[3].ratings, side.hours[3]) = (1, 1, 1, 1);
        let counted = Counted { chats: 2, messages: 2, tokens: 14, ratings: 2, stars: 10 };
        Gathered { agents: Vec::new(), now: side.clone(), before: side, buckets, counted }
    }

    #[test]
    fn whatever_is_missing_somewhere_is_found() {
        assert_eq!(faults(&sound(), ALL), [""; 0]);
        let spoilt: [fn(&mut Gathered); 15] = [
            |gathered| gathered.now.all.chats.begun += 1,
            |gathered| gathered.now.all.chats.ended += 1,
            |gathered| gathered.now.all.chats.handed_over += 1,
            |gathered| gathered.before.all.messages.by_role[1] += 1,
            |gathered| gathered.before.all.messages.tokens += 1,
            |gathered| gathered.now.all.ratings[4] -= 1,
            |gathered| gathered.now.all.ratings = [0, 0, 0, 1, 0],
            |gathered| gathered.now.all.feelings.unknown += 1,
            |gathered| gathered.now.parts[3].messages = 0,
            |gathered| gathered.now.hours[4] += 1,
            |gathered| gathered.now.all.chats.unanswered += 1,
            |gathered| gathered.counted.chats += 1,
            |gathered| gathered.counted.messages -= 1,
            |gathered| gathered.counted.tokens += 1,
            |gathered| gathered.counted.stars += 1,
        ];
        for (at, spoil) in spoilt.into_iter().enumerate() {
            let mut gathered = sound();
            spoil(&mut gathered);
            assert_ne!(faults(&gathered, ALL), [""; 0], "{at}");
        }
    }
}
