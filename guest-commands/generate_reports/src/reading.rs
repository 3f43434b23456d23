//! Reads the rows of both periods from one snapshot, a batch at a time, and adds them up.

use encargo_sdk::batch::{Batch, Cells};
use encargo_sdk::prelude::*;

use crate::buckets::{Buckets, Clocks};
use crate::period::{Chosen, Span};
use crate::sql;
use crate::sums::{MOST_MILLISECONDS, MOST_TOKENS, Side};

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) id: i64,
    pub(crate) slug: String,
    pub(crate) name: String,
}

/// Both periods, added up.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) agents: Vec<Agent>,
    pub(crate) now: Side,
    pub(crate) before: Side,
    pub(crate) buckets: Buckets,
    /// What the database counted of the same.
    pub(crate) counted: Counted,
}

/// What the database itself counted in both periods together, in statements of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) chats: u64,
    pub(crate) messages: u64,
    pub(crate) tokens: u64,
    pub(crate) ratings: u64,
    pub(crate) stars: u64,
}

/// Which of a type's rows are needed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needed {
    pub(crate) messages: bool,
    pub(crate) sentiments: bool,
}

/// Where rows are added.
struct Adding<'a> {
    run: &'a Run,
    chosen: &'a Chosen,
    buckets: [Buckets; 2],
    clocks: Clocks,
    ids: Vec<i64>,
    sides: [Side; 2],
}

/// Reads everything.
pub(crate) fn gather(run: &Run, chosen: &Chosen, needed: Needed) -> Result<Gathered> {
    let outside = || {
        let message = text!(
            "this time, with the one before it, lies outside of the calendar's years",
            "este tiempo, con el anterior, queda fuera de los años del calendario"
        );
        Error::new(ErrorCode::Usage, message)
    };
    let parts = |span| Buckets::new(chosen, span).ok_or_else(outside);
    let buckets = [parts(chosen.now)?, parts(chosen.before)?];
    let clocks = Clocks::new(chosen).ok_or_else(outside)?;
    let snapshot = run.database()?.begin_read_only()?;
    let agents: Vec<(i64, String, String)> = snapshot.rows(sql::AGENTS, &[])?;
    let agents: Vec<_> = agents.into_iter().map(|(id, slug, name)| Agent { id, slug, name }).collect();
    let mut ids: Vec<_> = agents.iter().map(|agent| agent.id).collect();
    ids.sort_unstable();
    let sides = [Side::of_parts(buckets[0].len()), Side::of_parts(buckets[1].len())];
    let mut adding = Adding { run, chosen, buckets, clocks, ids, sides };
    adding.each(&snapshot, sql::CHATS, text!("chats", "chats"), 7, Adding::chat)?;
    if needed.messages {
        adding.each(&snapshot, sql::MESSAGES, text!("messages", "mensajes"), 5, Adding::message)?;
    }
    adding.each(&snapshot, sql::RATINGS, text!("ratings", "valoraciones"), 3, Adding::rating)?;
    if needed.sentiments {
        adding.each(&snapshot, sql::SENTIMENTS, text!("sentiments", "sentimientos"), 3, Adding::sentiment)?;
    }
    let counted = count(&snapshot, chosen.both(), needed)?;
    snapshot.rollback()?;
    let ([now, before], [buckets, _]) = (adding.sides, adding.buckets);
    Ok(Gathered { agents, now, before, buckets, counted })
}

fn count(snapshot: &Transaction, Span { since, until }: Span, needed: Needed) -> Result<Counted> {
    let range: [&dyn ToValue; 2] = [&since, &until];
    let chats = snapshot.row(sql::COUNT_OF_CHATS, &range)?.unwrap_or_default();
    let (messages, tokens) =
        if needed.messages { snapshot.row(sql::COUNT_OF_MESSAGES, &range)?.unwrap_or_default() } else { (0, 0) };
    let (ratings, stars) = snapshot.row(sql::COUNT_OF_RATINGS, &range)?.unwrap_or_default();
    Ok(Counted { chats, messages, tokens, ratings, stars })
}

impl Adding<'_> {
    /// Reads a statement of so many columns of integers, and adds each row.
    fn each(
        &mut self,
        snapshot: &Transaction,
        statement: &str,
        unit: String,
        columns: usize,
        add: fn(&mut Self, &Cell<'_>),
    ) -> Result<()> {
        let phase = Phase::new(text!("reading", "leyendo"), unit);
        let span = self.chosen.both();
        let kinds = vec![Kind::Integer; columns];
        let mut done = 0;
        self.run.progress(&phase, done);
        for batch in snapshot.batches(statement, &[&span.since, &span.until], &kinds)? {
            let batch = batch?;
            for row in 0..batch.rows as usize {
                add(self, &Cell { batch: &batch, row });
            }
            done += u64::from(batch.rows);
            self.run.check()?;
            self.run.progress(&phase, done);
        }
        Ok(())
    }

    /// Which of the two periods it is, and which part of it.
    fn place(&self, at: i64) -> (usize, usize) {
        let side = usize::from(at < self.chosen.now.since);
        (side, self.buckets[side].find(at))
    }

    /// The agent of a row, where there is one.
    fn agent(&self, cell: &Cell<'_>) -> Option<i64> {
        cell.get(1).filter(|id| self.ids.binary_search(id).is_ok())
    }

    fn chat(&mut self, cell: &Cell<'_>) {
        let at = cell.or_zero(0);
        let (agent, (side, part)) = (self.agent(cell), self.place(at));
        let side = &mut self.sides[side];
        let (is_ended, is_handed_over, is_rated) = (cell.is(2), cell.is(5), cell.is(6));
        let (answered, ended) = (since(at, cell.get(3)), since(at, cell.get(4)));
        side.parts[part].chats += 1;
        side.odd.answered_before += u64::from(answered == Some(Err(())));
        side.odd.ended_before += u64::from(ended == Some(Err(())));
        side.add(agent, |sums| {
            let chats = &mut sums.chats;
            chats.begun += 1;
            chats.ended += u64::from(is_ended);
            chats.handed_over += u64::from(is_handed_over);
            chats.deflected += u64::from(is_ended && !is_handed_over);
            chats.rated += u64::from(is_rated);
            chats.ended_and_rated += u64::from(is_ended && is_rated);
            chats.unanswered += u64::from(answered.is_none());
            if let Some(Ok(milliseconds)) = answered {
                chats.first_response.add(milliseconds);
            }
            if let Some(Ok(milliseconds)) = ended {
                chats.resolution.add(milliseconds);
            }
        });
    }

    fn message(&mut self, cell: &Cell<'_>) {
        let at = cell.or_zero(0);
        let (agent, (place, part)) = (self.agent(cell), self.place(at));
        let role = usize::try_from(cell.or_zero(2)).unwrap_or_default();
        let tokens = within(cell.get(3), MOST_TOKENS);
        let response = within(cell.get(4), MOST_MILLISECONDS);
        let hour = if role == 0 { Some(self.clocks.hour(at)) } else { None };
        let side = &mut self.sides[place];
        side.parts[part].messages += 1;
        side.odd.tokens += u64::from(tokens == Some(Err(())));
        side.odd.responses += u64::from(response == Some(Err(())));
        if let Some(hour) = hour {
            side.hours[hour] += 1;
        }
        side.add(agent, |sums| {
            let messages = &mut sums.messages;
            messages.by_role[role] += 1;
            if let Some(Ok(tokens)) = tokens {
                messages.tokens += tokens;
                messages.with_tokens += 1;
            }
            if let Some(Ok(milliseconds)) = response {
                messages.response.add(milliseconds);
            }
        });
    }

    fn rating(&mut self, cell: &Cell<'_>) {
        let (agent, (side, part)) = (self.agent(cell), self.place(cell.or_zero(0)));
        // The schema has them from 1 to 5.
        let stars = usize::try_from(cell.or_zero(2).clamp(1, 5)).unwrap_or(1);
        let part = &mut self.sides[side].parts[part];
        part.ratings += 1;
        part.satisfied += u64::from(stars > 3);
        self.sides[side].add(agent, |sums| sums.ratings[stars - 1] += 1);
    }

    fn sentiment(&mut self, cell: &Cell<'_>) {
        let (agent, (side, _)) = (self.agent(cell), self.place(cell.or_zero(0)));
        let label = cell.or_zero(2);
        self.sides[side].add(agent, |sums| {
            let feelings = &mut sums.feelings;
            *match label {
                0 => &mut feelings.negative,
                1 => &mut feelings.neutral,
                2 => &mut feelings.positive,
                _ => &mut feelings.unknown,
            } += 1;
        });
    }
}

/// A row of integers.
struct Cell<'a> {
    batch: &'a Batch,
    row: usize,
}

impl Cell<'_> {
    fn get(&self, column: usize) -> Option<i64> {
        let column = &self.batch.columns[column];
        match &column.cells {
            Cells::Integers(cells) if !column.is_null(self.row) => cells.get(self.row).copied(),
            _ => None,
        }
    }

    fn or_zero(&self, column: usize) -> i64 {
        self.get(column).unwrap_or_default()
    }

    fn is(&self, column: usize) -> bool {
        self.or_zero(column) != 0
    }
}

/// Milliseconds from a time to a later one; an error for an earlier one.
fn since(begun: i64, then: Option<i64>) -> Option<Result<u64, ()>> {
    then.map(|then| u64::try_from(then.saturating_sub(begun)).map(|micros| micros / 1_000).map_err(drop))
}

/// A number from 0 to a bound; an error beyond.
fn within(number: Option<i64>, most: i64) -> Option<Result<u64, ()>> {
    number.map(|number| if number <= most { u64::try_from(number).map_err(drop) } else { Err(()) })
}
