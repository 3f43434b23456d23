//! The network interfaces.

use procfs_core::net::{DeviceStatus, InterfaceDeviceStatus};

use super::Group;
use super::reading::{Files, Reading, figure};

/// What each interface received and sent, but that of the machine to itself.
pub(super) fn network(files: Files<'_>) -> Vec<Reading> {
    let InterfaceDeviceStatus(all) = match files.proc("self/net/dev") {
        Ok(all) => all,
        Err(why) => return vec![Reading::unavailable(Group::Network, why)],
    };
    let mut all: Vec<_> = all.into_values().filter(|device| device.name != "lo").collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all.iter().map(|device| of(files, device)).collect()
}

fn of(files: Files<'_>, device: &DeviceStatus) -> Reading {
    // Megabits a second; an interface that is down or has no wire says -1 or nothing.
    let speed =
        Files::number(&files.sys.join("class/net").join(&device.name).join("speed")).filter(|&speed| speed > 0.0);
    Reading::of(
        Group::Network,
        [
            ("received", figure(device.recv_bytes)),
            ("sent", figure(device.sent_bytes)),
            ("errors", figure(device.recv_errs + device.sent_errs)),
            ("dropped", figure(device.recv_drop + device.sent_drop)),
            ("speed", speed.map(|megabits| megabits * 1e6 / 8.0)),
        ],
    )
    .about(&device.name)
}
