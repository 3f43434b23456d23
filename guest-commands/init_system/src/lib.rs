//! Sets up an installation: the administrator, a tenant, its first agents and tools.

mod rows;
mod seed;
mod seeds;
mod sql;
mod steps;
mod told;

use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use encargo_sdk::users::{self, Ensured};
use steps::{Agents, Step, Steps, name_of};
use told::Told;

/// The tenant that is made when none is named.
const DEMO: &str = "demo";

/// Set up the system: administrator, tenant, agents and tools.
///
/// Without `--tenant` it makes the tenant `demo` and makes it the default; with it, it makes or completes that tenant,
/// which becomes the default when there is none. Either way it makes the administrator when there is none, three agents
/// and four tools. The administrator's password comes from `ENCARGO_ADMIN_PASSWORD`, `DJANGO_SUPERUSER_PASSWORD` or
/// `--password-file`; else one is made and shown once on the terminal.
///
/// It may be run again at any time: what is there and as it should be is unchanged, what an older version wrote and
/// nobody has edited is updated, what a tenant has edited is kept. Each tenant is one transaction. In a `production`
/// environment no demo agents are made unless a tenant is named.
#[derive(Args)]
#[command(
    scope = "system",
    takes_new_tenant = true,
    criticality = "critical",
    effect = "changes",
    idempotent = true,
    permissions("list,create:tenants", "ensure:admin", "read,insert,update:agents,tools", "read,insert:agent_tools"),
    conflicts("skip-admin", "only"),
    exit(10, "The tenant is not there and was not to be made."),
    exit(13, "Demo agents were asked for in production without `--yes`."),
    example("init_system", "Set up everything with the tenant `demo`."),
    example(
        "init_system --tenant=shop --skip-admin",
        "Make or complete one tenant and leave the administrator alone."
    ),
    example("init_system --only=tools --tenant=all", "Bring the tools of every tenant up to date.")
)]
struct InitSystem {
    /// Leave the administrator out.
    skip_admin: bool,

    /// Take only these steps.
    only: Choices<Step>,

    /// The administrator's name, when one is made.
    #[arg(default = "Administrator")]
    admin_name: String,

    /// The administrator's address, when one is made.
    #[arg(default = "admin@localhost")]
    admin_email: String,

    /// A file whose first line is the administrator's password, when one is made.
    #[arg(kind = "password-file")]
    password_file: bool,
}

impl Command for InitSystem {
    fn run(self, run: &Run) -> Result<Report> {
        let steps = Steps::of(&self.only, self.skip_admin, run.selected().is_some(), run.environment());
        if steps.agents == Agents::Ask {
            run.confirm(&text!(
                "Make demo agents in a production environment?",
                "¿Crear agentes de demostración en un entorno de producción?"
            ))?;
        }
        let slugs = run.selected().map_or_else(|| vec![DEMO.to_owned()], <[String]>::to_vec);
        let mut told = Told::new();
        if steps.admin {
            self.admin(&mut told)?;
        }
        let setting_up = Phase::new(text!("setting up", "preparando"), text!("tenants", "inquilinos"));
        for slug in run.track(slugs.clone(), setting_up) {
            let slug = slug?;
            let done = set_up(run, &slug, steps).context(text!("tenant `{slug}`", "inquilino `{slug}`"))?;
            told.take_in(&slug, &done);
        }
        if steps.agents == Agents::LeaveInProduction {
            told.note(text!(
                "no demo agents were made, because this is a production environment; `encargo init_system --tenant={DEMO}` makes them",
                "no se crearon agentes de demostración, porque es un entorno de producción; `encargo init_system --tenant={DEMO}` los crea"
            ));
        }
        Ok(told.report().notes(next_commands(slugs.first().map_or(DEMO, String::as_str))))
    }
}

impl InitSystem {
    /// Makes sure of the administrator, with a note when what was said about one was of no use.
    fn admin(&self, told: &mut Told) -> Result<()> {
        let is_new = users::ensure_admin(&self.admin_name, &self.admin_email)? == Ensured::Created;
        told.take_in("", &one("users", if is_new { Action::Created } else { Action::Unchanged }));
        if !is_new && self.password_file {
            told.note(text!(
                "there is an administrator already, so the password file was not used; `encargo users set-password` changes a password",
                "ya hay una cuenta de administración, así que el archivo de contraseña no se usó; `encargo users set-password` cambia una contraseña"
            ));
        }
        Ok(())
    }
}

/// One thing, and what happened to it.
fn one(subject: &str, action: Action) -> Tally {
    let mut tally = Tally::default();
    tally.add(subject, action, 1);
    tally
}

/// Sets up one tenant.
fn set_up(run: &Run, slug: &str, steps: Steps) -> Result<Tally> {
    let is_there = tenants::list()?.iter().any(|known| known == slug);
    let mut done = Tally::default();
    if steps.tenants {
        done.take_in(&one("tenants", ensure_tenant(slug, is_there, run.selected().is_none())?));
    }
    if steps.seeds() {
        ensure!(
            is_there || steps.tenants,
            NotFound,
            "there is no such tenant; `--only=tenants` makes it",
            "no existe ese inquilino; `--only=tenants` lo crea"
        );
        let agents = matches!(steps.agents, Agents::Make | Agents::Ask);
        done.take_in(&rows::seed(run, &tenants::open(slug)?, &tenants::language(slug)?, agents, steps.tools)?);
    }
    Ok(done)
}

/// Makes the tenant when it is not there, and makes it the default when there is none. The demo tenant of a plain run
/// also takes the place of another default, but only on the day when it is made: later on that is the operator's choice.
fn ensure_tenant(slug: &str, is_there: bool, plain: bool) -> Result<Action> {
    if !is_there {
        tenants::create(slug, &name_of(slug))?;
    }
    let becomes_default = match tenants::default()? {
        None => true,
        Some(default) => plain && !is_there && default != slug,
    };
    if becomes_default {
        tenants::set_default(slug)?;
    }
    Ok(match (is_there, becomes_default) {
        (false, _) => Action::Created,
        (true, true) => Action::Updated,
        (true, false) => Action::Unchanged,
    })
}

/// Three commands to copy; they work from any folder.
fn next_commands(tenant: &str) -> [String; 3] {
    [
        text!("is everything well?  encargo health_check", "¿está todo bien?  encargo health_check"),
        text!(
            "see the agents:  encargo export_data --type=agents --tenant={tenant} --output=-",
            "ver los agentes:  encargo export_data --type=agents --tenant={tenant} --output=-"
        ),
        text!(
            "import knowledge from the tenant's folder:  encargo import_knowledge --tenant={tenant}",
            "importar conocimientos de la carpeta del inquilino:  encargo import_knowledge --tenant={tenant}"
        ),
    ]
}

export_command!(InitSystem);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_commands_name_the_tenant_that_was_set_up() {
        let commands = next_commands("shop");
        assert!(commands.iter().all(|line| line.contains("  encargo ")), "each can be copied from its two spaces on");
        assert!(commands[1].contains("--tenant=shop") && commands[2].ends_with("--tenant=shop"));
    }
}
