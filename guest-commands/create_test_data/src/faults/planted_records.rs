//! Faults of events, lines of the log, settings, and of files and their rows.

use super::{DAMAGED, Planted, TIMES, next};
use crate::batch::PLANTED;
use crate::maker::Maker;
use crate::rows::{EventRow, FileRow, LogRow, SettingRow};
use crate::shape::DAY;
use encargo_sdk::media::sha256;

/// A time in 2100.
const FAR: i64 = 4_102_444_800_000_000;

pub(super) fn plant(maker: &Maker, planted: &mut Planted) {
    for time in 0..TIMES {
        events(maker, planted, time);
        logs(maker, planted, time);
        settings(maker, planted, time);
        media(maker, planted, time);
    }
}

fn events(maker: &Maker, planted: &mut Planted, time: u64) {
    // No row of the batch has this place.
    let nobody = maker.batch.id(PLANTED - 1 - time);
    for issue in ["analytics.W001", "analytics.W002", "analytics.E003", "analytics.E004", "analytics.E005", "deleted"] {
        let mut event: EventRow = maker.event(next(planted.events.len()));
        event.created_at = maker.batch.until - 2 * DAY;
        match issue {
            "analytics.W001" => event.chat_id = Some(nobody),
            "analytics.W002" => event.agent_id = Some(nobody),
            "analytics.E003" => event.properties = ["page=7", "[7]", "{\"page\":7"][time as usize].to_owned(),
            "analytics.E004" => event.properties = "{\"q\":\"Â¿dÃ³nde?\"}".to_owned(),
            "analytics.E005" => event.name = " ".to_owned(),
            _ => event.created_at -= 400 * DAY,
        }
        match issue {
            "deleted" => planted.cleanup(issue, "analytics_events", event.id),
            _ => planted.fault(issue, "analytics_events", &event.id),
        }
        planted.events.push(event);
    }
}

fn logs(maker: &Maker, planted: &mut Planted, time: u64) {
    for issue in ["logs.E001", "logs.E002", "logs.E003", "deleted", "kept"] {
        let mut line: LogRow = maker.log(next(planted.logs.len()));
        (line.created_at, line.expires_at) = (maker.batch.until - 2 * DAY, Some(FAR));
        match issue {
            "logs.E001" => line.expires_at = Some(line.created_at - DAY),
            "logs.E002" => line.context = ["step 7", "[7]", "{\"step\":"][time as usize].to_owned(),
            "logs.E003" => line.message = DAMAGED[time as usize % 2].to_owned(),
            "deleted" => line.expires_at = Some(line.created_at + 1),
            _ => line.created_at -= 400 * DAY,
        }
        match issue {
            "deleted" | "kept" => planted.cleanup(issue, "logs", line.id),
            _ => planted.fault(issue, "logs", &line.id),
        }
        planted.logs.push(line);
    }
}

fn settings(maker: &Maker, planted: &mut Planted, time: u64) {
    let name = maker.batch.name();
    let settings = [
        ("settings.E001", format!("test.{name}.broken_{time}"), "{\"days\": 30"),
        ("settings.W004", format!("test.{name} with spaces {time}"), "30"),
        ("settings.E005", format!("test.{name}.greeting_{time}"), "\"Â¡Hola!\""),
        ("settings.W006", format!("test.{name}.api_token_{time}"), "\"not a real one\""),
    ];
    for (issue, name, value) in settings {
        planted.fault(issue, "settings", &name);
        planted.settings.push(SettingRow { name, value: value.to_owned(), updated_at: maker.batch.until - DAY });
    }
}

fn media(maker: &Maker, planted: &mut Planted, time: u64) {
    for issue in ["media.E001", "media.W002", "media.E003", "media.E004", "media.E007", "media.E008", "media.E009"] {
        let n = next(planted.files.len());
        let key = maker.batch.key("file", n);
        let content = format!("A file of the batch {}, number {n}.\n", maker.batch.name());
        let mut file = FileRow {
            id: maker.batch.id(n),
            name: format!("{key}.txt"),
            media_type: "text/plain".to_owned(),
            bytes: content.len() as i64,
            sha256: sha256(content.as_bytes()),
            document_id: None,
            created_at: maker.batch.until - DAY,
        };
        let mut is_there = true;
        match issue {
            "media.E001" => is_there = false,
            "media.W002" => {
                let name = format!("{key}-{time}-surplus.txt");
                planted.fault(issue, "media", &name);
                planted.media.push((name, content));
                continue;
            }
            "media.E003" => file.bytes += 1,
            "media.E004" => file.sha256 = sha256(b"something else"),
            "media.E007" => file.sha256 = ["", "abc", "no hash of any kind"][time as usize].to_owned(),
            "media.E008" => (file.name, is_there) = (format!("folder/{key}.txt"), false),
            _ => file.name = format!("{key}-facturaciÃ³n.txt"),
        }
        planted.fault(issue, "files", &file.id);
        if is_there {
            planted.media.push((file.name.clone(), content));
        }
        planted.files.push(file);
    }
}
