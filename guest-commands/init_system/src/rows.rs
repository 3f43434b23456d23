//! One tenant's agents and tools, in one transaction.

use encargo_sdk::prelude::*;

use crate::seed::{Decision, Existing, Seed};
use crate::seeds::{self, LINKS};
use crate::sql;

/// The rows of one table and what is to become of each seed.
struct Plan {
    seeds: Vec<Seed>,
    decisions: Vec<Decision>,
}

impl Plan {
    fn of(seeds: Vec<Seed>, existing: &[Existing]) -> Self {
        let decisions = seeds.iter().map(|seed| seed.decide(existing)).collect();
        Self { seeds, decisions }
    }

    /// A plan that leaves everything as it is and only knows the rows.
    fn look(seeds: Vec<Seed>, existing: &[Existing]) -> Self {
        let here = |seed: &Seed| existing.iter().find(|row| row.slug == seed.slug).map(|row| row.id);
        let (seeds, decisions) =
            seeds.into_iter().filter_map(|seed| here(&seed).map(|id| (seed, Decision::Keep(id)))).unzip();
        Self { seeds, decisions }
    }

    fn new_rows(&self) -> usize {
        self.decisions.iter().filter(|decision| **decision == Decision::Create).count()
    }

    fn changes(&self) -> bool {
        self.decisions.iter().any(|decision| matches!(decision, Decision::Create | Decision::Update(_)))
    }

    fn count(&self, subject: &str, tally: &mut Tally) {
        for decision in &self.decisions {
            let action = match decision {
                Decision::Create => Action::Created,
                Decision::Update(_) => Action::Updated,
                Decision::Unchanged(_) => Action::Unchanged,
                Decision::Keep(_) => Action::Kept,
            };
            tally.add(subject, action, 1);
        }
    }

    /// Writes what is to be written; answers id and slug of each seed's row, and whether it is new.
    fn apply(
        &self,
        transaction: &Transaction,
        now: Instant,
        ids: &mut impl Iterator<Item = i64>,
        [insert, update]: [&str; 2],
    ) -> Result<Vec<(i64, &'static str, bool)>> {
        let mut rows = Vec::new();
        for (seed, decision) in self.seeds.iter().zip(&self.decisions) {
            let hash = seed.hash();
            let values = seed.values.iter().map(|value| value as &dyn ToValue);
            let (id, is_new) = match *decision {
                Decision::Create => {
                    let missing = || Error::new(ErrorCode::Internal, text!("too few ids", "faltan identificadores"));
                    let id = ids.next().ok_or_else(missing)?;
                    let first: [&dyn ToValue; 4] = [&id, &seed.slug, &hash, &now];
                    transaction.execute(insert, &first.into_iter().chain(values).collect::<Vec<_>>())?;
                    (id, true)
                }
                Decision::Update(id) => {
                    let first: [&dyn ToValue; 3] = [&id, &hash, &now];
                    transaction.execute(update, &first.into_iter().chain(values).collect::<Vec<_>>())?;
                    (id, false)
                }
                Decision::Unchanged(id) | Decision::Keep(id) => (id, false),
            };
            rows.push((id, seed.slug, is_new));
        }
        Ok(rows)
    }
}

/// Brings one tenant's agents and tools to what the seeds say.
pub(crate) fn seed(run: &Run, database: &Database, language: &str, agents: bool, tools: bool) -> Result<Tally> {
    let agent_rows: Vec<Existing> =
        database.rows::<AgentRow>(sql::READ_AGENTS, &[])?.into_iter().map(Into::into).collect();
    let tool_rows: Vec<Existing> =
        database.rows::<ToolRow>(sql::READ_TOOLS, &[])?.into_iter().map(Into::into).collect();
    let agent_plan = if agents { Plan::of } else { Plan::look }(seeds::agents(language), &agent_rows);
    let tool_plan = if tools { Plan::of } else { Plan::look }(seeds::tools(language), &tool_rows);
    let mut tally = Tally::default();
    for (subject, plan, wanted) in [("agents", &agent_plan, agents), ("tools", &tool_plan, tools)] {
        if wanted {
            plan.count(subject, &mut tally);
        }
    }
    if !(agents && agent_plan.changes() || tools && tool_plan.changes()) {
        return Ok(tally);
    }
    let needed = agent_plan.new_rows() + tool_plan.new_rows();
    let first = if needed > 0 { run.ids(needed as u32)? } else { 0 };
    let mut ids = first..first + needed as i64;
    let now = run.started_at();
    let transaction = database.begin()?;
    let agents = agent_plan.apply(&transaction, now, &mut ids, [sql::INSERT_AGENT, sql::UPDATE_AGENT])?;
    let tools = tool_plan.apply(&transaction, now, &mut ids, [sql::INSERT_TOOL, sql::UPDATE_TOOL])?;
    for (agent, tool) in links(&agents, &tools) {
        tally.add("agent_tools", Action::Created, transaction.execute(sql::INSERT_LINK, &[&agent, &tool, &now])?);
    }
    transaction.commit()?;
    Ok(tally)
}

/// The links to be made: those of which an end is new. A link between two old rows that is not there was taken away
/// by the tenant.
fn links(agents: &[(i64, &str, bool)], tools: &[(i64, &str, bool)]) -> Vec<(i64, i64)> {
    let find = |rows: &[(i64, &str, bool)], slug: &str| {
        rows.iter().find(|row| row.1 == slug).map(|&(id, _, is_new)| (id, is_new))
    };
    let link = |(agent, tool): (&str, &str)| {
        let ((agent, new_agent), (tool, new_tool)) = (find(agents, agent)?, find(tools, tool)?);
        (new_agent || new_tool).then_some((agent, tool))
    };
    LINKS.into_iter().filter_map(link).collect()
}

macro_rules! existing {
    ($row:ident: $($value:ident),*) => {
        #[derive(FromRow)]
        struct $row {
            id: i64,
            slug: String,
            seed_hash: Option<String>,
            $($value: String,)*
        }

        impl From<$row> for Existing {
            fn from(row: $row) -> Self {
                Self { id: row.id, slug: row.slug, seed_hash: row.seed_hash, values: vec![$(row.$value),*] }
            }
        }
    };
}

existing!(AgentRow: name, description, model, instructions, language);
existing!(ToolRow: name, description, kind, configuration);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_made_only_when_an_end_of_it_is_new() {
        let agents = [(1, "sales", false), (2, "support", true)];
        let tools = [(10, "hand_over", false), (11, "search_knowledge", true)];
        assert_eq!(links(&agents, &tools), [(1, 11), (2, 10), (2, 11)]);
        let old = |rows: &[(i64, &'static str, bool)]| rows.iter().map(|row| (row.0, row.1, false)).collect::<Vec<_>>();
        assert!(links(&old(&agents), &old(&tools)).is_empty());
    }

    #[test]
    fn a_plan_that_only_looks_knows_the_rows_that_are_there() {
        let seeds = seeds::tools("en");
        let row = Existing { id: 4, slug: seeds[1].slug.to_owned(), seed_hash: None, values: seeds[1].values.clone() };
        let plan = Plan::look(seeds.clone(), std::slice::from_ref(&row));
        assert_eq!((plan.seeds.len(), plan.decisions.as_slice()), (1, &[Decision::Keep(4)][..]));
        let plan = Plan::of(seeds, &[row]);
        let mut tally = Tally::default();
        plan.count("tools", &mut tally);
        assert_eq!([Action::Created, Action::Unchanged].map(|action| tally.of("tools", action)), [3, 1]);
        assert!(plan.changes() && plan.new_rows() == 3);
    }
}
