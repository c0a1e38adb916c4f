//! What a command has started that is in another process group, as `timeout` puts itself into one: on Linux.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// Processes by file descriptor, which always is the same process; an ID can be reused.
pub(super) struct Descendants(Vec<OwnedFd>);

impl Descendants {
    /// The descendants that a process has at this moment. A process whose parent has ended is not among them.
    pub(super) fn of(process: Pid) -> Self {
        let parents: BTreeMap<i32, i32> = std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter_map(|id| Some((id, parent_of(id)?)))
            .collect();
        let descends = |id: &i32| {
            // A snapshot of moving things could be circular.
            let ancestors = core::iter::successors(parents.get(id), |parent| parents.get(parent));
            ancestors.take(parents.len()).any(|ancestor| *ancestor == process.as_raw_pid())
        };
        let hold = |id: &i32| {
            let held = pidfd_open(Pid::from_raw(*id)?, PidfdFlags::empty()).ok()?;
            // Still the same?
            (parent_of(*id) == parents.get(id).copied()).then_some(held)
        };
        Self(parents.keys().filter(|id| descends(id)).filter_map(hold).collect())
    }

    pub(super) fn kill(&self) {
        for process in &self.0 {
            // It may have ended meanwhile, which is as good.
            let _ = pidfd_send_signal(process, Signal::KILL);
        }
    }
}

fn parent_of(id: i32) -> Option<i32> {
    let stat = std::fs::read(format!("/proc/{id}/stat")).ok()?;
    // `id (name) state parent ..`; a name can hold anything.
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    core::str::from_utf8(stat.get(end + 1..)?).ok()?.split_ascii_whitespace().nth(1)?.parse().ok()
}
