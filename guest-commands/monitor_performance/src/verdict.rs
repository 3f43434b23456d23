//! The bottleneck, by the USE method: of each resource how busy it is, how much waits for it, and what failed in it.

use encargo_sdk::prelude::*;
use serde_json::{Value as Json, json};

use crate::metric::{Metric, Unit, written};
use crate::series::Summary;

/// How a resource did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Judgement {
    /// This system does not tell enough.
    Unknown,
    /// There is room.
    Well,
    /// Little is left, and nothing waits yet.
    Busy,
    /// Work waits for it, or failed in it.
    Bottleneck,
}

/// One resource with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Resource {
    pub(crate) name: &'static str,
    pub(crate) words: String,
    pub(crate) judgement: Judgement,
    /// Figures in words; empty where none is known.
    pub(crate) utilisation: String,
    pub(crate) saturation: String,
    pub(crate) errors: String,
    /// How far its worst figure is beyond its limit, to tell the worst of several.
    weight: f64,
}

/// From how many percent on something is busy.
const BUSY: f64 = 80.0;

/// A sign that work waits, or that something failed: the mean of a figure, at or beyond a limit.
type Sign = (Metric, f64);

/// A resource by its figures. Pressure is the share of the time in which something waited. Where a system does not tell
/// it, the processor is judged by the processes that could run, for which `per_cpu` says how many are too many.
struct Rule {
    name: &'static str,
    utilisation: &'static [Metric],
    saturation: &'static [Sign],
    errors: &'static [Metric],
}

const RULES: [Rule; 6] = [
    Rule {
        name: "cpu",
        utilisation: &[Metric::Cpu],
        saturation: &[(Metric::PressureCpu, 20.0), (Metric::CpuStolen, 10.0)],
        errors: &[],
    },
    Rule {
        name: "memory",
        utilisation: &[Metric::Memory],
        saturation: &[(Metric::PressureMemory, 5.0), (Metric::SwapOut, 1_048_576.0)],
        errors: &[Metric::Killed],
    },
    Rule {
        name: "disk",
        utilisation: &[Metric::DiskBusy],
        saturation: &[(Metric::PressureIo, 20.0), (Metric::DiskAwait, 50.0)],
        errors: &[],
    },
    // Room that is used up is waited for by nobody: what needs it fails.
    Rule { name: "disk-room", utilisation: &[Metric::DiskSpace, Metric::Inodes], saturation: &[], errors: &[] },
    Rule { name: "network", utilisation: &[Metric::NetworkBusy], saturation: &[], errors: &[Metric::NetworkErrors] },
    Rule {
        name: "container",
        utilisation: &[Metric::ContainerCpu, Metric::ContainerMemory],
        saturation: &[(Metric::Throttled, 5.0)],
        errors: &[],
    },
];

fn words(name: &str) -> String {
    match name {
        "cpu" => text!("processor", "procesador"),
        "memory" => text!("memory", "memoria"),
        "disk" => text!("disk", "disco"),
        "disk-room" => text!("room on the disk", "espacio en disco"),
        "network" => text!("network", "red"),
        _ => text!("container", "contenedor"),
    }
}

impl Judgement {
    pub(crate) fn words(self) -> String {
        match self {
            Self::Unknown => text!("not available", "no disponible"),
            Self::Well => text!("ok", "bien"),
            Self::Busy => text!("busy", "ocupado"),
            Self::Bottleneck => text!("bottleneck", "cuello de botella"),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Unknown => "not-available",
            Self::Well => "ok",
            Self::Busy => "busy",
            Self::Bottleneck => "bottleneck",
        }
    }
}

/// Every resource with its judgement. `of` tells what a figure was, and `cpus` how many processors there are.
pub(crate) fn judge(of: impl Fn(Metric) -> Option<Summary>, cpus: Option<f64>) -> Vec<Resource> {
    RULES.iter().map(|rule| rule.judge(&of, cpus)).collect()
}

impl Rule {
    fn judge(&self, of: &impl Fn(Metric) -> Option<Summary>, cpus: Option<f64>) -> Resource {
        let mean = |metric: Metric| of(metric).map(|summary| summary.mean);
        let said = |metrics: &mut dyn Iterator<Item = Metric>| {
            let one = |metric: Metric| mean(metric).map(|mean| (metric, mean)).map(evidence);
            metrics.filter_map(one).collect::<Vec<_>>().join(", ")
        };
        let mut weight: f64 = 0.0;
        for metric in self.utilisation {
            weight = weight.max(mean(*metric).unwrap_or(0.0) / 100.0);
        }
        let mut saturation = said(&mut self.saturation.iter().map(|(metric, _)| *metric));
        let mut is_saturated = false;
        for (metric, limit) in self.saturation {
            let part = mean(*metric).unwrap_or(0.0) / limit;
            is_saturated |= part >= 1.0;
            weight = weight.max(part.min(10.0));
        }
        if self.name == "cpu" && mean(Metric::PressureCpu).is_none() {
            let waiting = mean(Metric::Running).zip(cpus.filter(|cpus| *cpus > 0.0));
            if let Some((running, cpus)) = waiting {
                is_saturated |= running / cpus >= 2.0;
                weight = weight.max((running / cpus / 2.0).min(10.0));
                let said = text!("{running:.1} runnable on {cpus} CPUs", "{running:.1} ejecutables en {cpus} CPU");
                saturation =
                    [said, saturation].into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(", ");
            }
        }
        let failed = self.errors.iter().any(|metric| of(*metric).is_some_and(|summary| summary.max > 0.0));
        let used = self.utilisation.iter().filter_map(|metric| mean(*metric)).reduce(f64::max);
        let errors = said(&mut self.errors.iter().copied());
        let is_known = used.is_some() || !saturation.is_empty() || !errors.is_empty();
        let judgement = match used {
            _ if !is_known => Judgement::Unknown,
            _ if is_saturated || failed => Judgement::Bottleneck,
            Some(used) if used >= BUSY => Judgement::Busy,
            _ => Judgement::Well,
        };
        Resource {
            name: self.name,
            words: words(self.name),
            judgement,
            utilisation: said(&mut self.utilisation.iter().copied()),
            saturation,
            errors,
            weight,
        }
    }
}

fn evidence((metric, mean): (Metric, f64)) -> String {
    let (name, mean) = (metric.words(), written(metric.unit(), mean));
    match metric.unit() {
        Unit::Percent if metric == Metric::Cpu || metric == Metric::Memory => mean,
        _ => format!("{name} {mean}"),
    }
}

/// The verdict in a sentence, with its evidence.
pub(crate) fn sentence(resources: &[Resource]) -> String {
    let worst = resources
        .iter()
        .max_by(|one, other| one.judgement.cmp(&other.judgement).then(one.weight.total_cmp(&other.weight)));
    let Some(worst) = worst else { return text!("nothing can be judged here", "aquí no se puede juzgar nada") };
    let facts = [&worst.utilisation, &worst.saturation, &worst.errors];
    let facts = facts.into_iter().filter(|fact| !fact.is_empty()).cloned().collect::<Vec<_>>().join("; ");
    let name = &worst.words;
    match worst.judgement {
        Judgement::Unknown => text!("nothing can be judged here", "aquí no se puede juzgar nada"),
        Judgement::Well => {
            text!(
                "no bottleneck; the {name} has most to do ({facts})",
                "sin cuello de botella; lo más usado: {name} ({facts})"
            )
        }
        Judgement::Busy => text!(
            "nothing waits yet, and little is left of the {name} ({facts})",
            "nada espera todavía, y queda poco de: {name} ({facts})"
        ),
        Judgement::Bottleneck => {
            text!("the {name} is the bottleneck ({facts})", "el cuello de botella: {name} ({facts})")
        }
    }
}

/// For programs.
pub(crate) fn json(resources: &[Resource]) -> Json {
    let one = |resource: &Resource| {
        json!({
            "resource": resource.name,
            "judgement": resource.judgement.word(),
            "utilisation": resource.utilisation,
            "saturation": resource.saturation,
            "errors": resource.errors,
        })
    };
    resources.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(figures: &[(Metric, f64)], cpus: Option<f64>) -> Vec<Resource> {
        let of = |metric| {
            let (_, mean) = *figures.iter().find(|(known, _)| *known == metric)?;
            Some(Summary { count: 1, min: mean, mean, max: mean, p95: mean })
        };
        judge(of, cpus)
    }

    fn of(resources: &[Resource], name: &str) -> Judgement {
        resources.iter().find(|resource| resource.name == name).unwrap().judgement
    }

    #[test]
    fn what_is_waited_for_is_the_bottleneck_and_not_what_is_merely_busy() {
        let resources = judged(
            &[(Metric::Cpu, 99.0), (Metric::PressureCpu, 2.0), (Metric::DiskBusy, 40.0), (Metric::PressureIo, 35.0)],
            None,
        );
        assert_eq!((of(&resources, "cpu"), of(&resources, "disk")), (Judgement::Busy, Judgement::Bottleneck));
        assert_eq!(of(&resources, "memory"), Judgement::Unknown);
        let verdict = sentence(&resources);
        assert_eq!(verdict, "the disk is the bottleneck (disk busy 40.0 %; wait for disk 35.0 %)");
        let idle = judged(&[(Metric::Cpu, 3.0), (Metric::Memory, 40.0)], None);
        assert_eq!(sentence(&idle), "no bottleneck; the memory has most to do (40.0 %)");
        assert_eq!(sentence(&judged(&[], None)), "nothing can be judged here");
    }

    #[test]
    fn of_several_the_one_that_is_furthest_beyond_its_limit_is_named() {
        let figures = [(Metric::PressureCpu, 25.0), (Metric::PressureMemory, 40.0), (Metric::PressureIo, 30.0)];
        assert!(sentence(&judged(&figures, None)).starts_with("the memory is the bottleneck"));
    }

    #[test]
    fn without_pressure_the_processor_is_judged_by_what_could_run() {
        let figures = [(Metric::Cpu, 99.0), (Metric::Running, 9.0)];
        assert_eq!(of(&judged(&figures, Some(4.0)), "cpu"), Judgement::Bottleneck);
        assert_eq!(of(&judged(&figures, Some(8.0)), "cpu"), Judgement::Busy);
        assert_eq!(of(&judged(&figures, None), "cpu"), Judgement::Busy);
        assert!(sentence(&judged(&figures, Some(4.0))).contains("9.0 runnable on 4 CPUs"));
    }

    #[test]
    fn what_failed_counts_however_little_is_used() {
        let resources = judged(&[(Metric::Memory, 10.0), (Metric::Killed, 0.1)], None);
        assert_eq!(of(&resources, "memory"), Judgement::Bottleneck);
        let resources = judged(&[(Metric::DiskSpace, 95.0), (Metric::Inodes, 1.0)], None);
        assert_eq!(of(&resources, "disk-room"), Judgement::Busy);
    }
}
