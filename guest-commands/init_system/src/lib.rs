//! Sets up an installation: the administrator, a tenant, its first agents and tools.

mod rows;
mod seed;
mod seeds;
pub mod sql;
mod steps;
mod tally;

use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use encargo_sdk::users::{self, Ensured};
use steps::{Agents, Steps, name_of};
use tally::{Tallies, Tally};

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
    es = "Prepara el sistema: administración, inquilino, agentes y herramientas.",
    details_es = "Sin `--tenant` crea el inquilino `demo` y lo hace el predeterminado; con él, crea o completa ese inquilino, que pasa a ser el predeterminado si no hay otro. En ambos casos crea la cuenta de administración si no la hay, tres agentes y cuatro herramientas. La contraseña de administración viene de `ENCARGO_ADMIN_PASSWORD`, `DJANGO_SUPERUSER_PASSWORD` o `--password-file`; si no, se genera una y se muestra una sola vez en la terminal.\n\nSe puede repetir en cualquier momento: lo que está como debe queda sin cambios, lo que escribió una versión anterior y nadie ha editado se actualiza, lo que un inquilino ha editado se conserva. Cada inquilino es una transacción. En un entorno `production` no se crean agentes de demostración si no se nombra un inquilino.",
    scope = "system",
    takes_new_tenant = true,
    criticality = "critical",
    effect = "changes",
    idempotent = true,
    permissions(
        "list:tenants",
        "create:tenants",
        "ensure:admin",
        "read:agents",
        "insert:agents",
        "update:agents",
        "read:tools",
        "insert:tools",
        "update:tools",
        "read:agent_tools",
        "insert:agent_tools"
    ),
    conflicts("skip-admin", "only"),
    exit(
        10,
        en = "The tenant is not there and was not to be made.",
        es = "El inquilino no existe y no debía crearse."
    ),
    exit(
        13,
        en = "Demo agents were asked for in production without `--yes`.",
        es = "Se pidieron agentes de demostración en producción sin `--yes`."
    ),
    example(
        "init_system",
        en = "Set up everything with the tenant `demo`.",
        es = "Prepara todo con el inquilino `demo`."
    ),
    example(
        "init_system --tenant=shop --skip-admin",
        en = "Make or complete one tenant and leave the administrator alone.",
        es = "Crea o completa un inquilino sin tocar la administración."
    ),
    example(
        "init_system --only=tools --tenant=all",
        en = "Bring the tools of every tenant up to date.",
        es = "Pone al día las herramientas de todos los inquilinos."
    )
)]
struct InitSystem {
    /// Leave the administrator out.
    #[arg(es = "No crea la cuenta de administración.")]
    skip_admin: bool,

    /// Take only these steps.
    #[arg(es = "Da solo estos pasos.", choices("admin", "tenants", "agents", "tools"))]
    only: Vec<String>,

    /// The administrator's name, when one is made.
    #[arg(es = "El nombre de la cuenta de administración, si se crea.", default = "Administrator")]
    admin_name: String,

    /// The administrator's address, when one is made.
    #[arg(es = "La dirección de la cuenta de administración, si se crea.", default = "admin@localhost")]
    admin_email: String,

    /// A file whose first line is the administrator's password, when one is made.
    #[arg(
        es = "Un archivo cuya primera línea es la contraseña de administración, si se crea.",
        kind = "password-file"
    )]
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
        let (mut tallies, mut notes) = (Tallies::default(), Vec::new());
        if steps.admin {
            notes.extend(self.admin(&mut tallies)?);
        }
        let setting_up = Phase::new(text!("setting up", "preparando"), text!("tenants", "inquilinos"));
        for slug in run.track(slugs.clone(), setting_up) {
            let slug = slug?;
            set_up(run, &slug, steps, &mut tallies).context(text!("tenant `{slug}`", "inquilino `{slug}`"))?;
        }
        if steps.agents == Agents::LeaveInProduction {
            notes.push(text!(
                "no demo agents were made, because this is a production environment; `encargo init_system --tenant={DEMO}` makes them",
                "no se crearon agentes de demostración, porque es un entorno de producción; `encargo init_system --tenant={DEMO}` los crea"
            ));
        }
        notes.extend(next_commands(slugs.first().map_or(DEMO, String::as_str)));
        Ok(notes.into_iter().fold(tallies.report(), Report::note))
    }
}

impl InitSystem {
    /// Makes sure of the administrator; a note when what was said about one was of no use.
    fn admin(&self, tallies: &mut Tallies) -> Result<Option<String>> {
        let ensured = users::ensure_admin(&self.admin_name, &self.admin_email)?;
        let created = u64::from(matches!(ensured, Ensured::Created));
        tallies.add("", "users", Tally { created, unchanged: 1 - created, ..Tally::default() });
        Ok((created == 0 && self.password_file).then(|| {
            text!(
                "there is an administrator already, so the password file was not used; `encargo users set-password` changes a password",
                "ya hay una cuenta de administración, así que el archivo de contraseña no se usó; `encargo users set-password` cambia una contraseña"
            )
        }))
    }
}

/// Sets up one tenant.
fn set_up(run: &Run, slug: &str, steps: Steps, tallies: &mut Tallies) -> Result<()> {
    let is_there = tenants::list()?.iter().any(|known| known == slug);
    if steps.tenants {
        tallies.add(slug, "tenants", ensure_tenant(slug, is_there, run.selected().is_none())?);
    }
    if !steps.seeds() {
        return Ok(());
    }
    ensure!(
        is_there || steps.tenants,
        NotFound,
        "there is no such tenant; `--only=tenants` makes it",
        "no existe ese inquilino; `--only=tenants` lo crea"
    );
    let agents = matches!(steps.agents, Agents::Make | Agents::Ask);
    let seeded = rows::seed(run, &tenants::open(slug)?, &tenants::language(slug)?, agents, steps.tools)?;
    for (subject, tally) in [("agents", seeded.agents), ("tools", seeded.tools)] {
        if let Some(tally) = tally {
            tallies.add(slug, subject, tally);
        }
    }
    if seeded.links > 0 {
        tallies.add(slug, "agent_tools", Tally { created: seeded.links, ..Tally::default() });
    }
    Ok(())
}

/// Makes the tenant when it is not there, and makes it the default when there is none. The demo tenant of a plain run
/// also takes the place of another default, but only on the day when it is made: later on that is the operator's choice.
fn ensure_tenant(slug: &str, is_there: bool, plain: bool) -> Result<Tally> {
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
        (false, _) => Tally { created: 1, ..Tally::default() },
        (true, true) => Tally { updated: 1, ..Tally::default() },
        (true, false) => Tally { unchanged: 1, ..Tally::default() },
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
