//! Sets up a demo within a tenant: a shop with agents, knowledge, documents and three months of chats.

mod calendar;
mod chat;
mod demo;
mod kind;
mod look;
mod making;
mod media;
mod removing;
mod seeds;
mod sql;
mod told;

use demo::Demo;
use encargo_sdk::prelude::*;
use removing::{remove, remove_files};

/// Set up demonstration data: agents, knowledge, chats, documents.
///
/// It makes the shop Alerce: agents with tools, knowledge in English and Spanish, documents with files, settings, and
/// chats of the 90 days before the run, with feedback, log lines and events. Everything is tagged (`demo` among the tags
/// and at the beginning of every external id), and each chat cites an item of the knowledge.
///
/// Run again, it makes what is new in it and nothing else: what is there by its natural key is left as it is, what people
/// changed is kept, and what somebody deleted stays deleted. `--remove` takes back just what it made: what was changed
/// since, and agents that other chats use, are kept and belong to the tenant from then on. `--reset` removes the demo and
/// sets it up again, with fresh dates and with what was deleted. Either way it is one transaction. What other commands
/// added to its chats, such as moods, goes with them.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "default",
    effect = "changes",
    idempotent = true,
    permissions(
        "read,insert,delete:tools,agents,agent_tools,knowledge_items,documents,files,chats,messages,sentiments,feedback,settings,logs,analytics_events",
        "read,insert,update,delete:journals,journal_entries",
        "update:files,chats",
        "list-files,create-files,remove-files:media"
    ),
    conflicts("remove", "reset"),
    exit(13, "It was refused: `--reset`, or anything in production, without `--yes`."),
    example("setup_demo_data", "Set up the demo in the default tenant."),
    example("setup_demo_data --tenant=shop --reset --yes", "Set it up anew, with dates up to today."),
    example("setup_demo_data --remove", "Take back what it made, and leave the rest.")
)]
struct SetupDemoData {
    /// Take back what the demo made.
    remove: bool,

    /// Take back what the demo made and set it up again.
    reset: bool,
}

impl Command for SetupDemoData {
    fn run(self, run: &Run) -> Result<Report> {
        if run.environment() == "production" {
            run.confirm(&text!(
                "Change demonstration data in a production environment?",
                "¿Cambiar datos de demostración en un entorno de producción?"
            ))?;
        } else if self.reset {
            run.confirm(&text!(
                "Remove the demo and set it up again?",
                "¿Quitar la demostración y prepararla de nuevo?"
            ))?;
        }
        let database = run.database()?;
        let transaction = database.begin()?;
        let mut removed = None;
        if (self.remove || self.reset)
            && let Some(demo) = Demo::find(run, &transaction)?
        {
            removed = Some(remove(demo)?);
        }
        if self.remove {
            transaction.commit()?;
            let Some(mut removed) = removed else { return Ok(told::removed(Tally::default())) };
            remove_files(&mut removed)?;
            let about_kept = removed.about_kept();
            return Ok(told::removed(removed.tally).notes(about_kept));
        }
        let mut demo = Demo::find_or_begin(run, &transaction)?;
        let made = making::make(&mut demo);
        let Demo { mut tally, files, .. } = demo;
        if let Err(error) = made.and_then(|()| transaction.commit()) {
            for (name, hash) in files {
                media::remove(&name, &hash)?;
            }
            return Err(error);
        }
        if let Some(removed) = removed {
            removed.about_kept().into_iter().for_each(|note| tally.note(note));
            // What was kept is counted among what is there; the files were found as they are and used again.
            for subject in removed.tally.subjects() {
                tally.add(subject, Action::Deleted, removed.tally.of(subject, Action::Deleted));
            }
        }
        Ok(told::set_up(tally, run.tenant().unwrap_or_default()))
    }
}

export_command!(SetupDemoData);
