//! The figures of one sample: what grew since the sample before, by the time between them.

use encargo_sdk::metrics::{Reading, Sample};

use crate::metric::Metric;

/// The figures of one sample; what this system does not tell has none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figures(Vec<Option<f64>>);

impl Figures {
    fn none() -> Self {
        Self(vec![None; Metric::ALL.len()])
    }

    /// A figure, where it is known.
    pub(crate) fn get(&self, metric: Metric) -> Option<f64> {
        self.0[metric.at()]
    }

    /// Sets what is measured elsewhere.
    pub(crate) fn set(&mut self, metric: Metric, value: Option<f64>) {
        self.0[metric.at()] = value.filter(|value| value.is_finite());
    }

    /// The figures between two samples.
    pub(crate) fn between(before: &Sample, now: &Sample) -> Self {
        let mut figures = Self::none();
        let seconds = (now.elapsed.micros() - before.elapsed.micros()) as f64 / 1e6;
        let both = Both { before, now, seconds };
        both.cpu(&mut figures);
        both.memory(&mut figures);
        both.disk(&mut figures);
        both.network(&mut figures);
        both.pressure(&mut figures);
        both.container(&mut figures);
        both.process(&mut figures);
        both.platform(&mut figures);
        figures
    }
}

struct Both<'a> {
    before: &'a Sample,
    now: &'a Sample,
    seconds: f64,
}

/// How much something grew; a counter that began anew has no growth to tell.
fn grown(before: Option<&Reading>, now: Option<&Reading>, name: &str) -> Option<f64> {
    let grown = now?.get(name)? - before?.get(name)?;
    (grown >= 0.0).then_some(grown)
}

fn share(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole > 0.0)?;
    Some((part? / whole * 100.0).clamp(0.0, 100.0))
}

impl Both<'_> {
    fn grown(&self, group: &str, name: &str) -> Option<f64> {
        grown(self.before.of(group), self.now.of(group), name)
    }

    fn rate(&self, group: &str, name: &str) -> Option<f64> {
        self.grown(group, name).filter(|_| self.seconds > 0.0).map(|grown| grown / self.seconds)
    }

    fn get(&self, group: &str, name: &str) -> Option<f64> {
        self.now.of(group)?.get(name)
    }

    /// Of microseconds that passed, the share of the time between.
    fn of_time(&self, microseconds: Option<f64>) -> Option<f64> {
        share(microseconds, Some(self.seconds * 1e6))
    }

    fn cpu(&self, figures: &mut Figures) {
        let times = ["user", "system", "iowait", "steal", "idle"].map(|name| self.grown("cpu", name));
        let [user, system, waiting, stolen, idle] = times;
        let all: f64 = times.iter().flatten().sum();
        let of_all = |part: Option<f64>| share(part, Some(all));
        let rests = idle.map(|idle| idle + waiting.unwrap_or(0.0));
        figures.set(Metric::Cpu, of_all(rests).map(|rests| 100.0 - rests));
        figures.set(Metric::CpuUser, of_all(user));
        figures.set(Metric::CpuSystem, of_all(system));
        figures.set(Metric::CpuWaiting, of_all(waiting));
        figures.set(Metric::CpuStolen, of_all(stolen));
        figures.set(Metric::Load, self.get("load", "one"));
        figures.set(Metric::Running, self.get("cpu", "running"));
    }

    fn memory(&self, figures: &mut Figures) {
        let get = |name| self.get("memory", name);
        let used =
            |total: Option<f64>, free: Option<f64>| share(total.zip(free).map(|(total, free)| total - free), total);
        figures.set(Metric::Memory, used(get("total"), get("available")));
        figures.set(Metric::MemoryFree, get("available"));
        figures.set(Metric::Swap, used(get("swap-total"), get("swap-free")));
        figures.set(Metric::SwapIn, self.rate("memory", "swapped-in"));
        figures.set(Metric::SwapOut, self.rate("memory", "swapped-out"));
        figures.set(Metric::MajorFaults, self.rate("memory", "major-faults"));
        figures.set(Metric::Killed, self.rate("memory", "killed").or_else(|| self.rate("container", "killed")));
    }

    fn disk(&self, figures: &mut Figures) {
        let get = |name| self.get("disk", name);
        let used =
            |total: Option<f64>, free: Option<f64>| share(total.zip(free).map(|(total, free)| total - free), total);
        let requests =
            self.grown("disk", "reads").zip(self.grown("disk", "writes")).map(|(reads, writes)| reads + writes);
        let waited = self.grown("disk", "waited").zip(requests.filter(|requests| *requests > 0.0));
        figures.set(Metric::DiskBusy, self.of_time(self.grown("disk", "busy")));
        figures.set(Metric::DiskRead, self.rate("disk", "read-bytes"));
        figures.set(Metric::DiskWrite, self.rate("disk", "written-bytes"));
        figures.set(Metric::DiskAwait, waited.map(|(waited, requests)| waited / requests / 1_000.0));
        figures.set(Metric::DiskSpace, used(get("total"), get("available")));
        figures.set(Metric::Inodes, used(get("inodes"), get("inodes-free")));
    }

    /// All interfaces together; one that came or went meanwhile has no part.
    fn network(&self, figures: &mut Figures) {
        let pairs: Vec<_> = self
            .now
            .all("network")
            .filter_map(|now| Some((self.before.all("network").find(|before| before.subject == now.subject)?, now)))
            .filter(|(_, now)| now.unavailable.is_none())
            .collect();
        let rate = |(before, now): &(&Reading, &Reading), name: &str| {
            grown(Some(before), Some(now), name).map(|n| n / self.seconds)
        };
        let sum = |name: &str| {
            let rates: Vec<f64> = pairs.iter().filter_map(|pair| rate(pair, name)).collect();
            (!rates.is_empty() && self.seconds > 0.0).then(|| rates.iter().sum::<f64>())
        };
        let busiest = pairs.iter().filter_map(|pair| {
            let (received, sent) = (rate(pair, "received")?, rate(pair, "sent")?);
            share(Some(received.max(sent)), pair.1.get("speed"))
        });
        figures.set(Metric::NetworkIn, sum("received"));
        figures.set(Metric::NetworkOut, sum("sent"));
        figures.set(Metric::NetworkErrors, sum("errors").zip(sum("dropped")).map(|(errors, dropped)| errors + dropped));
        figures.set(Metric::NetworkBusy, busiest.reduce(f64::max));
    }

    fn pressure(&self, figures: &mut Figures) {
        for (subject, metric) in
            [("cpu", Metric::PressureCpu), ("memory", Metric::PressureMemory), ("io", Metric::PressureIo)]
        {
            let of = |sample: &'_ Sample| sample.all("pressure").find(|reading| reading.subject == subject).cloned();
            let waited = grown(of(self.before).as_ref(), of(self.now).as_ref(), "some");
            figures.set(metric, self.of_time(waited));
        }
    }

    fn container(&self, figures: &mut Figures) {
        let get = |name| self.get("container", name);
        let time = get("cpus").map(|cpus| cpus * self.seconds * 1e6);
        figures.set(Metric::ContainerCpu, share(self.grown("container", "cpu"), time));
        figures.set(Metric::ContainerMemory, share(get("memory"), get("memory-limit")));
        figures.set(
            Metric::Throttled,
            share(self.grown("container", "throttled-periods"), self.grown("container", "periods")),
        );
    }

    fn process(&self, figures: &mut Figures) {
        let used = self.grown("process", "cpu").filter(|_| self.seconds > 0.0);
        figures.set(Metric::ProcessCpu, used.map(|used| used / self.seconds / 1e4));
        figures.set(Metric::ProcessMemory, self.get("process", "memory"));
        figures.set(Metric::ProcessFiles, self.get("process", "files"));
        figures.set(Metric::ProcessThreads, self.get("process", "threads"));
    }

    fn platform(&self, figures: &mut Figures) {
        figures.set(Metric::RowsBytes, self.get("storage", "bytes"));
        figures.set(Metric::LogBytes, self.get("storage", "log-bytes"));
        figures.set(Metric::Writers, self.get("storage", "writers"));
        let pages = ["pages-found", "pages-read"].map(|name| self.grown("runs", name));
        figures.set(Metric::Cache, share(pages[0], pages[0].zip(pages[1]).map(|(found, read)| found + read)));
        figures.set(Metric::Runs, self.get("runs", "running"));
        figures.set(Metric::RunsEnded, self.get("runs", "succeeded"));
        figures.set(Metric::RunsFailed, self.get("runs", "failed"));
    }
}

#[cfg(test)]
mod tests {
    use encargo_sdk::time::{Duration, Instant};

    use super::*;

    fn sample(seconds: i64, readings: Vec<Reading>) -> Sample {
        let elapsed = Duration::from_micros(seconds * 1_000_000);
        let (at, used) = (Instant::from_micros(0), Duration::from_micros(0));
        Sample { tick: 0, missed: 0, at, elapsed, used, readings }
    }

    fn between(before: Vec<Reading>, now: Vec<Reading>) -> Figures {
        Figures::between(&sample(10, before), &sample(12, now))
    }

    #[test]
    fn shares_are_of_the_time_between_two_samples() {
        let cpu = |user, idle, waiting, stolen| {
            Reading::of(
                "cpu",
                "",
                &[("user", user), ("system", 0.0), ("idle", idle), ("iowait", waiting), ("steal", stolen)],
            )
        };
        let pressure = |some| Reading::of("pressure", "io", &[("some", some)]);
        let disk = |busy, waited, reads| {
            Reading::of("disk", "", &[("busy", busy), ("waited", waited), ("reads", reads), ("writes", 0.0)])
        };
        let figures = between(
            vec![cpu(100.0, 100.0, 100.0, 100.0), pressure(1e6), disk(0.0, 0.0, 1.0)],
            vec![cpu(150.0, 120.0, 120.0, 110.0), pressure(1.5e6), disk(1e6, 6e6, 4.0)],
        );
        for (metric, expected) in [
            (Metric::Cpu, Some(60.0)),
            (Metric::CpuUser, Some(50.0)),
            (Metric::CpuWaiting, Some(20.0)),
            (Metric::CpuStolen, Some(10.0)),
            (Metric::PressureIo, Some(25.0)),
            (Metric::PressureCpu, None),
            (Metric::DiskBusy, Some(50.0)),
            (Metric::DiskAwait, Some(2_000.0)),
            (Metric::Memory, None),
        ] {
            assert_eq!(figures.get(metric), expected, "{metric:?}");
        }
    }

    #[test]
    fn what_is_not_told_is_never_nothing_and_a_counter_that_began_anew_is_not_told() {
        let memory =
            |faults| Reading::of("memory", "", &[("total", 100.0), ("available", 40.0), ("major-faults", faults)]);
        let figures = between(vec![memory(8.0)], vec![memory(2.0)]);
        assert_eq!((figures.get(Metric::Memory), figures.get(Metric::MajorFaults)), (Some(60.0), None));
        let figures = between(vec![memory(2.0)], vec![memory(8.0)]);
        assert_eq!((figures.get(Metric::MajorFaults), figures.get(Metric::Swap)), (Some(3.0), None));
        // Without swap there is none that could be full.
        let none = Reading::of("memory", "", &[("swap-total", 0.0), ("swap-free", 0.0)]);
        assert_eq!(between(vec![], vec![none]).get(Metric::Swap), None);
        let nothing = between(vec![], vec![]);
        assert!(Metric::ALL.iter().all(|metric| nothing.get(*metric).is_none()));
    }

    #[test]
    fn the_cache_is_told_where_a_run_ended_that_read_rows() {
        let of = |found, read| Reading::of("runs", "", &[("pages-found", found), ("pages-read", read)]);
        let cache = |before, now| between(vec![before], vec![now]).get(Metric::Cache);
        assert_eq!(cache(of(10.0, 10.0), of(40.0, 20.0)), Some(75.0));
        assert_eq!(cache(of(40.0, 20.0), of(40.0, 20.0)), None);
        assert_eq!(cache(of(40.0, 20.0), of(40.0, 22.0)), Some(0.0));
    }

    #[test]
    fn interfaces_are_added_up_and_the_busiest_one_tells_how_busy_the_network_is() {
        let of = |name, received, speed: Option<f64>| {
            let known = [("received", received), ("sent", 0.0), ("errors", 0.0), ("dropped", received)];
            let speed = speed.map(|speed| ("speed", speed));
            Reading::of("network", name, &known.into_iter().chain(speed).collect::<Vec<_>>())
        };
        let figures = between(
            vec![of("a", 0.0, Some(100.0)), of("b", 0.0, None)],
            vec![of("a", 100.0, Some(100.0)), of("b", 30.0, None), of("new", 9.0, None)],
        );
        let told = [Metric::NetworkIn, Metric::NetworkErrors, Metric::NetworkBusy].map(|metric| figures.get(metric));
        assert_eq!(told, [Some(65.0), Some(65.0), Some(50.0)]);
    }

    #[test]
    fn a_container_is_judged_by_its_own_limits_and_has_no_share_without() {
        let of = |cpu, limits: &[(&str, f64)]| {
            let own = [("memory", 50.0), ("cpu", cpu), ("periods", cpu), ("throttled-periods", cpu / 4.0)];
            Reading::of("container", "", &own.iter().chain(limits).copied().collect::<Vec<_>>())
        };
        let limits = [("memory-limit", 200.0), ("cpus", 0.5)];
        let figures = between(vec![of(0.0, &limits)], vec![of(5e5, &limits)]);
        let told = [Metric::ContainerMemory, Metric::ContainerCpu, Metric::Throttled].map(|metric| figures.get(metric));
        assert_eq!(told, [Some(25.0), Some(50.0), Some(25.0)]);
        let free = between(vec![of(0.0, &[])], vec![of(5e5, &[])]);
        assert_eq!((free.get(Metric::ContainerMemory), free.get(Metric::ContainerCpu)), (None, None));
    }
}
