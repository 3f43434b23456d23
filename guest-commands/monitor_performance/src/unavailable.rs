//! What this system does not tell, with the reason: it is never shown as 0.

use std::collections::BTreeMap;

use encargo_sdk::metrics::{Reading, Sample};
use encargo_sdk::prelude::*;

/// Of a group that is told, what may be missing: any of these measures, by which name, and why.
fn missing() -> [(&'static str, &'static [&'static str], &'static str, String); 4] {
    [
        ("container", &["memory-limit", "cpus"], "container limits", text!("none is set", "no hay ninguno puesto")),
        ("network", &["speed"], "network speed", text!("no interface tells it", "ninguna interfaz la dice")),
        ("disk", &["busy"], "disk requests", text!("this disk is none of its own", "este disco no es uno propio")),
        ("cpu", &["steal"], "cpu steal", text!("this kernel does not tell it", "este núcleo no lo dice")),
    ]
}

/// What a sample does not tell, each by its name for programs with why.
pub(crate) fn of(sample: &Sample) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for reading in &sample.readings {
        if let Some(why) = &reading.unavailable {
            let name = [reading.group.as_str(), reading.subject.as_str()].join(" ");
            found.insert(name.trim_end().to_owned(), why.clone());
        }
    }
    for (group, measures, name, why) in missing() {
        let lacks = |reading: &Reading| {
            reading.unavailable.is_none() && measures.iter().all(|name| reading.get(name).is_none())
        };
        if sample.all(group).all(lacks) {
            found.insert(name.to_owned(), why);
        }
    }
    if sample.of("memory").and_then(|memory| memory.get("swap-total")) == Some(0.0) {
        found.insert("swap".to_owned(), text!("this machine has none", "esta máquina no tiene"));
    }
    found
}

/// What people call it.
pub(crate) fn words(name: &str) -> String {
    match name {
        "cpu" => text!("processor", "procesador"),
        "cpu steal" => text!("stolen CPU", "CPU robada"),
        "load" => text!("load", "carga"),
        "memory" => text!("memory", "memoria"),
        "swap" => text!("swap", "intercambio"),
        "disk" => text!("disk", "disco"),
        "disk requests" => text!("requests to the disk", "peticiones al disco"),
        "network" => text!("network", "red"),
        "network speed" => text!("speed of the network", "velocidad de la red"),
        "pressure cpu" => text!("wait for CPU", "espera de CPU"),
        "pressure memory" => text!("wait for memory", "espera de memoria"),
        "pressure io" => text!("wait for disk", "espera de disco"),
        "container" => text!("container", "contenedor"),
        "container limits" => text!("limits of the container", "límites del contenedor"),
        "process" => text!("own process", "proceso propio"),
        "runs" => text!("runs", "ejecuciones"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_once_and_what_is_there_is_not() {
        let none = Duration::from_micros(0);
        let sample =
            |readings| Sample { tick: 0, missed: 0, at: Instant::from_micros(0), elapsed: none, used: none, readings };
        let mut gone = Reading::of("pressure", "io", &[]);
        gone.unavailable = Some("no file".to_owned());
        let told = of(&sample(vec![
            gone,
            Reading::of("container", "", &[("memory", 1.0)]),
            Reading::of("network", "a", &[("speed", 1.0)]),
            Reading::of("network", "b", &[]),
            Reading::of("disk", "", &[("busy", 0.0)]),
            Reading::of("cpu", "", &[("steal", 0.0)]),
            Reading::of("memory", "", &[("swap-total", 0.0)]),
        ]));
        let names: Vec<_> = told.keys().map(String::as_str).collect();
        assert_eq!(names, ["container limits", "pressure io", "swap"]);
        assert_eq!(told["pressure io"], "no file");
    }
}
