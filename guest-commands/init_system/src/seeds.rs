//! What a new tenant begins with, in its language: three agents, four tools, and which agent uses which tool.

use crate::seed::Seed;

/// Which agent uses which tool.
pub(crate) const LINKS: [(&str, &str); 8] = [
    ("reception", "hand_over"),
    ("reception", "opening_hours"),
    ("reception", "search_knowledge"),
    ("sales", "hand_over"),
    ("sales", "search_knowledge"),
    ("support", "create_ticket"),
    ("support", "hand_over"),
    ("support", "search_knowledge"),
];

struct Agent {
    slug: &'static str,
    /// Name, description and instructions.
    en: [&'static str; 3],
    es: [&'static str; 3],
}

struct Tool {
    slug: &'static str,
    /// Name and description.
    en: [&'static str; 2],
    es: [&'static str; 2],
    kind: &'static str,
    configuration: &'static str,
}

const AGENTS: [Agent; 3] = [
    Agent {
        slug: "reception",
        en: [
            "Reception",
            "Greets people, says when the team is there and sends them on to the right place.",
            "Greet in one sentence. Find out what the person needs and answer short questions from the knowledge base. Hand over to sales or support when they know better, and say that you do.",
        ],
        es: [
            "Recepción",
            "Saluda, dice cuándo atiende el equipo y dirige a cada persona a donde corresponde.",
            "Saluda en una frase. Averigua qué necesita la persona y contesta las preguntas breves con la base de conocimientos. Pasa la conversación a ventas o a soporte cuando sepan más, y avisa de que lo haces.",
        ],
    },
    Agent {
        slug: "sales",
        en: [
            "Sales",
            "Explains what is on offer and what it costs.",
            "Answer only with what the knowledge base says about products and prices. Never promise a discount or a date. Hand over to a person as soon as someone wants to order.",
        ],
        es: [
            "Ventas",
            "Explica qué se ofrece y cuánto cuesta.",
            "Contesta solo con lo que la base de conocimientos dice de productos y precios. No prometas descuentos ni fechas. Pasa la conversación a una persona en cuanto alguien quiera hacer un pedido.",
        ],
    },
    Agent {
        slug: "support",
        en: [
            "Support",
            "Solves problems with what the knowledge base knows, and opens a ticket for the rest.",
            "Ask for what you need to understand the problem, one question at a time. Give the steps of the knowledge base in order and name the article. Open a ticket when they do not help, and tell its number.",
        ],
        es: [
            "Soporte",
            "Resuelve problemas con la base de conocimientos y abre una incidencia para los demás.",
            "Pregunta lo que haga falta para entender el problema, de una en una. Da los pasos de la base de conocimientos en orden y nombra el artículo. Si no ayudan, abre una incidencia y di su número.",
        ],
    },
];

const TOOLS: [Tool; 4] = [
    Tool {
        slug: "create_ticket",
        en: ["Create a ticket", "Records a problem for the team and gives it a number."],
        es: ["Crear una incidencia", "Registra un problema para el equipo y le da un número."],
        kind: "ticket",
        configuration: r#"{"priority":"normal"}"#,
    },
    Tool {
        slug: "hand_over",
        en: ["Hand over to a person", "Passes the conversation on to somebody of the team."],
        es: ["Pasar a una persona", "Pasa la conversación a alguien del equipo."],
        kind: "hand-over",
        configuration: r#"{"wait_minutes":10}"#,
    },
    Tool {
        slug: "opening_hours",
        en: ["Opening hours", "Says when somebody of the team is there."],
        es: ["Horario de atención", "Dice cuándo atiende alguien del equipo."],
        kind: "calendar",
        configuration: r#"{"weekdays":"09:00-18:00"}"#,
    },
    Tool {
        slug: "search_knowledge",
        en: ["Search the knowledge base", "Finds the articles that fit a question best."],
        es: ["Buscar en la base de conocimientos", "Encuentra los artículos que mejor responden a una pregunta."],
        kind: "search",
        configuration: r#"{"most_results":5}"#,
    },
];

/// The agents: name, description, model, instructions, language.
pub(crate) fn agents(language: &str) -> Vec<Seed> {
    let seed = |agent: &Agent| {
        let [name, description, instructions] = if language == "es" { agent.es } else { agent.en };
        let language = if language == "es" { "es" } else { "en" };
        Seed {
            slug: agent.slug,
            values: [name, description, "default", instructions, language].map(str::to_owned).to_vec(),
        }
    };
    AGENTS.iter().map(seed).collect()
}

/// The tools: name, description, kind, configuration.
pub(crate) fn tools(language: &str) -> Vec<Seed> {
    let seed = |tool: &Tool| {
        let [name, description] = if language == "es" { tool.es } else { tool.en };
        Seed { slug: tool.slug, values: [name, description, tool.kind, tool.configuration].map(str::to_owned).to_vec() }
    };
    TOOLS.iter().map(seed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_things_in_other_words() {
        for seeds in [agents, tools] {
            let (en, es) = (seeds("en"), seeds("es"));
            for (en, es) in en.iter().zip(&es) {
                assert_eq!(en.slug, es.slug);
                assert_ne!(en.values[0], es.values[0]);
                assert!(en.values.iter().chain(&es.values).all(|value| !value.is_empty()));
            }
            assert!(en.is_sorted_by_key(|seed| seed.slug), "the report lists them by slug");
        }
    }

    #[test]
    fn every_link_joins_two_seeds_and_every_seed_has_one() {
        for (seeds, linked) in
            [(agents("en"), LINKS.map(|(agent, _)| agent)), (tools("en"), LINKS.map(|(_, tool)| tool))]
        {
            let mut linked = linked.to_vec();
            linked.sort_unstable();
            linked.dedup();
            assert_eq!(seeds.iter().map(|seed| seed.slug).collect::<Vec<_>>(), linked);
        }
    }
}
