//! The agents of the shop and their tools.

/// An agent. Each speaks both languages; its own texts are in one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Agent {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) instructions: &'static str,
    pub(crate) language: &'static str,
    /// The slugs of its tools.
    pub(crate) tools: &'static [&'static str],
    pub(crate) is_active: bool,
}

/// A tool. One that the tenant has already by its slug is used as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) configuration: &'static str,
}

pub(crate) const AGENTS: [Agent; 6] = [
    Agent {
        slug: "demo-reception",
        name: "Alba, recepción",
        description: "Saluda, contesta lo sencillo y dirige a cada persona a quien mejor le ayuda.",
        instructions: "Saluda en una frase, en la lengua de quien escribe. Contesta con la base de conocimientos y nombra el artículo.",
        language: "es",
        tools: &["search_knowledge", "hand_over", "opening_hours"],
        is_active: true,
    },
    Agent {
        slug: "demo-orders",
        name: "Olmo, pedidos",
        description: "Sabe dónde está cada pedido y lo que aún se puede cambiar.",
        instructions: "Pide el número de pedido antes de nada y búscalo. No prometas un día que el transportista no haya dado.",
        language: "es",
        tools: &["search_knowledge", "hand_over", "look_up_order"],
        is_active: true,
    },
    Agent {
        slug: "demo-returns",
        name: "Iris, returns",
        description: "Takes care of returns, damage, missing parts and the guarantee.",
        instructions: "Say that you are sorry once, then help. Offer a new piece and the money back, and let the customer choose.",
        language: "en",
        tools: &["search_knowledge", "hand_over", "look_up_order", "start_return"],
        is_active: true,
    },
    Agent {
        slug: "demo-billing",
        name: "Bruno, facturación",
        description: "Explica pagos, reembolsos, facturas y suscripciones.",
        instructions: "Da siempre el importe y la fecha. Nunca pidas los datos de una tarjeta. Pasa las reclamaciones a una persona.",
        language: "es",
        tools: &["search_knowledge", "hand_over", "look_up_order"],
        is_active: true,
    },
    Agent {
        slug: "demo-sales",
        name: "Sol, sales",
        description: "Helps to choose: prices, stock, assembly, offers for companies.",
        instructions: "Ask for what it is needed. Never promise a discount that the knowledge base does not name.",
        language: "en",
        tools: &["search_knowledge", "hand_over", "check_stock"],
        is_active: true,
    },
    Agent {
        slug: "demo-night",
        name: "Nox, night shift (trial)",
        description: "Was tried out for the night and is switched off since.",
        instructions: "Answer briefly and promise a call on the next working day.",
        language: "en",
        tools: &["search_knowledge"],
        is_active: false,
    },
];

pub(crate) const TOOLS: [Tool; 6] = [
    Tool {
        slug: "search_knowledge",
        name: "Buscar en la base de conocimientos",
        description: "Encuentra los artículos que mejor responden a una pregunta.",
        kind: "search",
        configuration: r#"{"most_results":5}"#,
    },
    Tool {
        slug: "hand_over",
        name: "Pasar a una persona",
        description: "Pasa la conversación a alguien del equipo.",
        kind: "hand-over",
        configuration: r#"{"wait_minutes":10}"#,
    },
    Tool {
        slug: "opening_hours",
        name: "Horario de atención",
        description: "Dice cuándo atiende alguien del equipo.",
        kind: "calendar",
        configuration: r#"{"weekdays":"09:00-19:00"}"#,
    },
    Tool {
        slug: "look_up_order",
        name: "Look up an order",
        description: "Tells where an order is and what can still be changed.",
        kind: "lookup",
        configuration: r#"{"fields":["state","last_scan","amount"]}"#,
    },
    Tool {
        slug: "start_return",
        name: "Start a return",
        description: "Makes the label of a return and sends it by mail.",
        kind: "action",
        configuration: r#"{"days":30}"#,
    },
    Tool {
        slug: "check_stock",
        name: "Check the stock",
        description: "Tells how many pieces there are, and when the next ones come.",
        kind: "lookup",
        configuration: r#"{"shops":["Bilbao","Madrid","Valencia"]}"#,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agent_has_tools_that_are_there_and_every_tool_an_agent() {
        for agent in AGENTS {
            assert!(agent.tools.iter().all(|slug| TOOLS.iter().any(|tool| tool.slug == *slug)), "{}", agent.slug);
        }
        for tool in TOOLS {
            assert!(AGENTS.iter().any(|agent| agent.tools.contains(&tool.slug)), "{}", tool.slug);
            assert!(serde_json::from_str::<serde_json::Value>(tool.configuration).is_ok(), "{}", tool.slug);
        }
    }
}
