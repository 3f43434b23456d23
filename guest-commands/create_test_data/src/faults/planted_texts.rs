//! Faults of agents, tools, knowledge and documents.

use super::{DAMAGED, Planted, TIMES, next};
use crate::maker::{Maker, content_hash};
use crate::rows::{DocumentRow, ItemRow, ToolRow};
use crate::shape::DAY;

pub(super) fn plant(maker: &Maker, planted: &mut Planted) {
    for time in 0..TIMES {
        agents(maker, planted, time);
        tool(maker, planted);
        items(maker, planted, time);
        documents(maker, planted, time);
    }
}

fn agents(maker: &Maker, planted: &mut Planted, time: u64) {
    for issue in ["agents.W006", "agents.E004", "agents.E007", "agents.E008", "agents.W009"] {
        let mut agent = maker.agent(next(planted.agents.len()));
        match issue {
            // The name of an agent of the batch, which has at least as many as this.
            "agents.W006" => agent.name = maker.agent(time).name.to_uppercase(),
            // Three that are empty in different ways, so that no two have the same name.
            "agents.E004" => agent.name = " ".repeat(time as usize),
            "agents.E007" => agent.description = DAMAGED[time as usize].to_owned(),
            "agents.E008" => agent.updated_at = agent.created_at - DAY,
            _ => agent.language = "Spanish language".to_owned(),
        }
        planted.fault(issue, "agents", &agent.id);
        planted.agents.push(agent);
    }
}

fn tool(maker: &Maker, planted: &mut Planted) {
    let n = next(planted.tools.len());
    let agent = maker.agent(n);
    let (id, slug, name) = (agent.id, maker.batch.key("tool", n), agent.name);
    let (kind, configuration) = ("lookup".to_owned(), "[1, 2".to_owned());
    let (created_at, updated_at) = (agent.created_at, agent.updated_at);
    planted.fault("agents.E003", "tools", &id);
    planted.tools.push(ToolRow { id, slug, name, kind, configuration, created_at, updated_at });
}

fn items(maker: &Maker, planted: &mut Planted, time: u64) {
    let at = time as usize;
    for issue in [
        "knowledge.E001",
        "knowledge.E002",
        "knowledge.E003",
        "knowledge.W005",
        "knowledge.E006",
        "knowledge.E007",
        "knowledge.W008",
        "knowledge.W009",
    ] {
        let mut item: ItemRow = maker.item(next(planted.items.len()));
        match issue {
            "knowledge.E003" => item.tags = ["envíos, pagos", "{\"tag\":1}", "[1, 2]"][at].to_owned(),
            "knowledge.W005" => {
                let same = maker.item(time);
                let (id, external_id) = (item.id, item.external_id);
                item = ItemRow { id, external_id, ..same };
            }
            "knowledge.E006" => item.title.push_str(DAMAGED[at]),
            "knowledge.E007" => item.updated_at = item.created_at - DAY,
            "knowledge.W008" => item.language = "español (España)".to_owned(),
            "knowledge.W009" => item.title = "  ".to_owned(),
            _ => {}
        }
        item.content_hash = content_hash(&item).1;
        match issue {
            "knowledge.E001" => item.content_hash = format!("{:032x}", item.id),
            "knowledge.E002" => item.external_id = format!("~{:032x}", item.id),
            _ => {}
        }
        planted.fault(issue, "knowledge_items", &item.id);
        planted.items.push(item);
    }
}

fn documents(maker: &Maker, planted: &mut Planted, time: u64) {
    for issue in ["documents.E002", "documents.E003", "documents.W004"] {
        let mut document: DocumentRow = maker.document(next(planted.documents.len()));
        match issue {
            "documents.E002" => document.body.push_str(DAMAGED[time as usize]),
            "documents.E003" => document.updated_at = document.created_at - DAY,
            _ => document.media_type = ["text", "plain text", ""][time as usize].to_owned(),
        }
        planted.fault(issue, "documents", &document.id);
        planted.documents.push(document);
    }
}
