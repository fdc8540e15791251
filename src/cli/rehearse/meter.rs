//! What another process used, from `/proc`; nothing is claimed where there is none.

use std::fs;

/// Linux counts a process's time in hundredths of a second, on every machine it still runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// User and system time so far, in seconds.
pub(super) fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; the fields after it are numbers. User time is the 14th of all.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS_PER_SECOND)
}

/// The most memory it ever held, in bytes.
pub(super) fn peak_memory(pid: u32) -> Option<u64> {
    field_bytes(&format!("/proc/{pid}/status"), "VmHWM:")
}

/// What this machine has, in bytes.
pub(super) fn machine_memory() -> Option<u64> {
    field_bytes("/proc/meminfo", "MemTotal:")
}

fn field_bytes(file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
