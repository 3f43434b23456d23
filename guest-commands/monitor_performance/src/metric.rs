//! What is measured: each figure by its key, its unit and its words.

use encargo_sdk::prelude::*;

/// How a figure is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Of a hundred.
    Percent,
    /// Bytes.
    Bytes,
    /// Bytes in a second.
    BytesPerSecond,
    /// So many in a second.
    PerSecond,
    /// Milliseconds.
    Milliseconds,
    /// So many.
    Number,
}

macro_rules! metrics {
    ($($case:ident $key:literal $unit:ident $en:literal / $es:literal;)*) => {
        /// A figure that each sample has, where this system tells it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Metric { $($case),* }

        impl Metric {
            /// All of them, in the order of tables and files.
            pub(crate) const ALL: &[Self] = &[$(Self::$case),*];

            /// Its key in JSON and CSV.
            pub(crate) fn key(self) -> &'static str {
                match self { $(Self::$case => $key),* }
            }

            /// How it is written.
            pub(crate) fn unit(self) -> Unit {
                match self { $(Self::$case => Unit::$unit),* }
            }

            /// What people call it.
            pub(crate) fn words(self) -> String {
                match self { $(Self::$case => text!($en, $es)),* }
            }
        }
    };
}

metrics! {
    Cpu "cpu_percent" Percent "CPU" / "CPU";
    CpuUser "cpu_user_percent" Percent "CPU in programs" / "CPU en programas";
    CpuSystem "cpu_system_percent" Percent "CPU in kernel" / "CPU en núcleo";
    CpuWaiting "cpu_iowait_percent" Percent "CPU awaits disk" / "CPU espera disco";
    CpuStolen "cpu_steal_percent" Percent "CPU stolen" / "CPU robada";
    Load "load_1m" Number "load of 1 min" / "carga de 1 min";
    Running "processes_running" Number "runnable" / "ejecutables";
    Memory "memory_percent" Percent "memory" / "memoria";
    MemoryFree "memory_available_bytes" Bytes "memory free" / "memoria libre";
    Swap "swap_percent" Percent "swap" / "intercambio";
    SwapIn "swap_in_bytes_per_s" BytesPerSecond "swapped in" / "de intercambio";
    SwapOut "swap_out_bytes_per_s" BytesPerSecond "swapped out" / "a intercambio";
    MajorFaults "major_faults_per_s" PerSecond "major faults" / "fallos de página";
    DiskBusy "disk_busy_percent" Percent "disk busy" / "disco ocupado";
    DiskRead "disk_read_bytes_per_s" BytesPerSecond "disk read" / "disco, lectura";
    DiskWrite "disk_write_bytes_per_s" BytesPerSecond "disk write" / "disco, escritura";
    DiskAwait "disk_await_ms" Milliseconds "disk request" / "petición a disco";
    DiskSpace "disk_space_percent" Percent "disk full" / "disco lleno";
    Inodes "inodes_percent" Percent "inodes" / "inodos";
    NetworkIn "network_received_bytes_per_s" BytesPerSecond "network in" / "red, entrada";
    NetworkOut "network_sent_bytes_per_s" BytesPerSecond "network out" / "red, salida";
    NetworkBusy "network_busy_percent" Percent "network busy" / "red ocupada";
    NetworkErrors "network_errors_per_s" PerSecond "network errors" / "errores de red";
    PressureCpu "pressure_cpu_percent" Percent "wait for CPU" / "espera de CPU";
    PressureMemory "pressure_memory_percent" Percent "wait for memory" / "espera memoria";
    PressureIo "pressure_io_percent" Percent "wait for disk" / "espera de disco";
    ContainerCpu "container_cpu_percent" Percent "container CPU" / "CPU contenedor";
    ContainerMemory "container_memory_percent" Percent "container mem." / "mem. contenedor";
    Throttled "container_throttled_percent" Percent "throttled" / "frenado";
    Killed "killed_per_s" PerSecond "out of memory" / "sin memoria";
    ProcessCpu "process_cpu_percent" Percent "own CPU" / "CPU propia";
    ProcessMemory "process_memory_bytes" Bytes "own memory" / "memoria propia";
    ProcessFiles "process_files" Number "own open files" / "archivos propios";
    ProcessThreads "process_threads" Number "own threads" / "hilos propios";
    RowsBytes "database_bytes" Bytes "database" / "base de datos";
    LogBytes "database_log_bytes" Bytes "database log" / "registro de BD";
    Writers "database_writers" Number "database writers" / "escritores de BD";
    Cache "database_cache_percent" Percent "database cache" / "caché de la BD";
    ReadTime "database_read_ms" Milliseconds "database read" / "lectura de BD";
    Runs "runs_running" Number "runs under way" / "en ejecución";
    RunsEnded "runs_succeeded" Number "runs done" / "ejecuciones bien";
    RunsFailed "runs_failed" Number "runs failed" / "ejecuciones mal";
}

impl Metric {
    /// Its place among all.
    pub(crate) fn at(self) -> usize {
        self as usize
    }
}

/// A figure with its unit, in few characters.
pub(crate) fn written(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Percent => format!("{value:.1} %"),
        Unit::Bytes => bytes(value),
        Unit::BytesPerSecond => format!("{}/s", bytes(value)),
        Unit::PerSecond => format!("{}/s", plain(value)),
        Unit::Milliseconds if value < 1.0 => format!("{value:.3} ms"),
        Unit::Milliseconds if value < 10_000.0 => format!("{value:.1} ms"),
        Unit::Milliseconds => format!("{:.1} s", value / 1_000.0),
        Unit::Number => plain(value),
    }
}

/// A whole number as one, another with two digits.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 || value >= 1_000.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn bytes(value: f64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let (mut value, mut unit) = (value, 0);
    // What would be written as 1024.0 is one of the next unit.
    while value >= 1_023.95 && unit + 1 < UNITS.len() {
        value /= 1_024.0;
        unit += 1;
    }
    if unit == 0 { format!("{value:.0} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_has_a_key_of_its_own_and_words_that_fit_the_board() {
        let keys: BTreeSet<_> = Metric::ALL.iter().map(|metric| metric.key()).collect();
        assert_eq!(keys.len(), Metric::ALL.len());
        for (at, metric) in Metric::ALL.iter().enumerate() {
            assert_eq!(metric.at(), at);
            assert!(metric.words().chars().count() <= 16, "{}", metric.words());
        }
    }

    #[test]
    fn a_figure_takes_few_characters_whatever_its_size() {
        for (unit, value, expected) in [
            (Unit::Percent, 99.96, "100.0 %"),
            (Unit::Bytes, 1_023.0, "1023 B"),
            (Unit::Bytes, 1_048_575.0, "1.0 MiB"),
            (Unit::Bytes, 5e15, "4547.5 TiB"),
            (Unit::BytesPerSecond, 2_048.0, "2.0 KiB/s"),
            (Unit::PerSecond, 0.5, "0.50/s"),
            (Unit::PerSecond, 12_345.6, "12346/s"),
            (Unit::Milliseconds, 0.0421, "0.042 ms"),
            (Unit::Milliseconds, 12.0, "12.0 ms"),
            (Unit::Milliseconds, 61_000.0, "61.0 s"),
            (Unit::Number, 3.0, "3"),
            (Unit::Number, 1.25, "1.25"),
        ] {
            assert_eq!(written(unit, value), expected);
        }
    }
}
