//! Makes test data: any volume of it, the same for the same seed on every machine, and removes it again.

mod answers;
mod batch;
mod edges;
mod faults;
mod maker;
mod making;
mod media;
mod progress;
mod removing;
mod rows;
mod shape;
mod sql;
mod told;
mod volume;
mod words;

use batch::{Batch, LAST_SEED, Scenario};
use encargo_sdk::prelude::*;
use faults::{TIMES, plant};
use maker::Maker;
use making::Making;
use progress::State;
use volume::{Counts, Volume};

/// Create test data of any volume, the same for the same seed.
///
/// A batch is what one `--seed` makes in one `--scenario`: agents, knowledge, documents with files, chats with messages and
/// feedback, log lines and events, half in Spanish and half in English, with 27 % of the customers' messages positive, 61 %
/// neutral and 12 % negative. Its ids and keys are those of no other batch and of no other row, so batches of several
/// seeds stand beside each other, and it is the same byte for byte wherever it is made: everything follows from seed,
/// scenario, counts and `--until` by integer arithmetic. Again the same line makes nothing; other counts need another seed.
///
/// `small` has 5 agents, 200 items, 20 documents, 500 chats, 4,000 messages, 500 log lines and 1,000 events; `medium` 20,
/// 2,000, 100, 10,000, 100,000, 10,000 and 20,000; `large` 50, 20,000, 500, 100,000, 1,000,000, 100,000 and 200,000;
/// `stress` 200, 200,000, 1,000, 1,000,000, 10,000,000, 500,000 and 1,000,000. Agents have their shares by Zipf's law,
/// chats come with the hours and the weekdays of the 90 days before `--until`, lengths and response times are log-normal.
///
/// How each customer's message feels goes to `--labels`, and for one chat in twenty into the sentiments too, with the model
/// `test-data`. The scenario `faults` plants each of its faults three times and writes to `--answers` which row has which,
/// a JSON object a line: what `validate_system` is to find (`issue`), and what `cleanup_old_data` is to have `deleted` or
/// `kept`. An interrupted batch is gone on with by `--resume` or by the same line again.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "default",
    effect = "changes",
    idempotent = true,
    permissions(
        "read,insert,delete:agents,tools,knowledge_items,documents,files,chats,messages,sentiments,feedback,logs,analytics_events,settings",
        "read,insert,update,delete:journals,journal_entries",
        "update:files,chats",
        "read,delete:agent_tools,deletions",
        "list-files,create-files,remove-files:media"
    ),
    conflicts("remove", "volume"),
    conflicts("remove", "labels"),
    conflicts("remove", "answers"),
    exit(13, "It was refused in production, without `--yes`."),
    example("create_test_data --volume=large --tenant=demo", "Make a million messages."),
    example("create_test_data --scenario=faults --answers=key.jsonl", "Plant faults, and tell which."),
    example("create_test_data --seed=7 --chats=2000 --messages=30000", "Make a batch of a size of its own."),
    example("create_test_data --remove", "Remove every batch of the tenant.")
)]
struct CreateTestData {
    /// How much is made; `small` by default.
    volume: Option<Volume>,

    /// What kind of data; `normal` by default, and every one with `--remove`.
    scenario: Option<Scenario>,

    /// What everything follows from; by default 1 to 4 for the volumes, and every one with `--remove`.
    #[arg(min = 0, max = 16383)]
    seed: Option<u32>,

    /// The time up to which everything lies.
    #[arg(default = "2026-01-01T00:00:00Z")]
    until: Instant,

    /// How many agents, in the place of the volume's number.
    #[arg(min = 0, max = 100_000)]
    agents: Option<u64>,

    /// How many knowledge items.
    #[arg(min = 0, max = 16_000_000)]
    knowledge: Option<u64>,

    /// How many documents, each with its file.
    #[arg(min = 0, max = 100_000)]
    documents: Option<u64>,

    /// How many chats.
    #[arg(min = 0, max = 16_000_000)]
    chats: Option<u64>,

    /// How many messages, from 1 to 40 a chat.
    #[arg(min = 0, max = 640_000_000)]
    messages: Option<u64>,

    /// How many lines of the log.
    #[arg(min = 0, max = 16_000_000)]
    logs: Option<u64>,

    /// How many events.
    #[arg(min = 0, max = 16_000_000)]
    events: Option<u64>,

    /// Write how each message of a customer feels into this file.
    labels: Option<Output>,

    /// Write which faults were planted into this file; by default into the exports of the run.
    answers: Option<Output>,

    /// Remove the batches of this seed and scenario.
    remove: bool,
}

impl Command for CreateTestData {
    fn run(self, run: &Run) -> Result<Report> {
        let database = run.database()?;
        if run.environment() == "production" {
            run.confirm(&text!(
                "Change test data in a production environment?",
                "¿Cambiar datos de prueba en un entorno de producción?"
            ))?;
        }
        if self.remove {
            let (tally, batches) = removing::remove(run, &database, self.seed, self.scenario)?;
            return Ok(told::removed(tally, batches));
        }
        let batch = self.batch()?;
        let transaction = database.begin()?;
        let (journal, details) = progress::begin(run, &transaction, batch)?;
        transaction.commit()?;
        let maker = Maker::new(batch);
        let is_made = journal.state == State::Made.word();
        let tally = match is_made {
            true => Tally::default(),
            false => Making { run, database: &database, maker: &maker, journal, details }.make()?,
        };
        let mut report = told::made(tally, &batch);
        if self.labels.is_some() {
            report = report.count("labels", Action::Created, answers::write_labels(run, &maker)?);
        }
        if batch.scenario == Scenario::Faults {
            let planted = plant(&maker);
            answers::write_faults(&planted.answers)?;
            report = report.count("answers", Action::Created, planted.answers.len() as u64);
        }
        Ok(report)
    }
}

impl CreateTestData {
    /// The batch that was asked for.
    fn batch(&self) -> Result<Batch> {
        let volume = self.volume.unwrap_or(Volume::Small);
        let seed = self.seed.unwrap_or_else(|| volume.seed());
        ensure!(seed <= LAST_SEED, Usage, "a seed is 0 to {LAST_SEED}", "una semilla va de 0 a {LAST_SEED}");
        let scenario = self.scenario.unwrap_or(Scenario::Normal);
        let named = volume.counts();
        let chats = self.chats.unwrap_or(named.chats);
        let counts = Counts {
            agents: self.agents.unwrap_or(named.agents),
            knowledge: self.knowledge.unwrap_or(named.knowledge),
            documents: self.documents.unwrap_or(named.documents),
            chats,
            // Chats without a word about their messages have as many each as the volume's.
            messages: self.messages.unwrap_or(chats * named.messages / named.chats),
            logs: self.logs.unwrap_or(named.logs),
            events: self.events.unwrap_or(named.events),
        };
        counts.check()?;
        ensure!(
            self.answers.is_none() || scenario == Scenario::Faults,
            Usage,
            "`--answers` tells planted faults, which only `--scenario=faults` has",
            "`--answers` dice qué fallos se pusieron, y solo los tiene `--scenario=faults`"
        );
        ensure!(
            scenario != Scenario::Faults || (counts.agents.min(counts.knowledge) >= TIMES && counts.chats > 0),
            Usage,
            "`--scenario=faults` needs at least {TIMES} agents, {TIMES} items and a chat",
            "`--scenario=faults` necesita al menos {TIMES} agentes, {TIMES} elementos y un chat"
        );
        Ok(Batch { seed, scenario, until: self.until.micros(), counts })
    }
}

export_command!(CreateTestData);
