//! A command that runs as a process group of its own, without threads: on Unix.

use core::time::Duration;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use zeroize::Zeroizing;

use super::output::{Exit, MAX_STDERR_BYTES, MAX_STDOUT_BYTES, Output};

/// How long is slept where there is nothing left to listen to.
const PAUSE: Duration = Duration::from_millis(2);

pub(super) struct Running {
    child: Child,
    has_exited: bool,
    stdout: Stream<ChildStdout>,
    stderr: Stream<ChildStderr>,
}

struct Stream<S> {
    /// `None` once it is closed.
    source: Option<S>,
    output: Output,
}

impl Running {
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        let mut child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdout = Stream::new(child.stdout.take(), MAX_STDOUT_BYTES);
        let stderr = Stream::new(child.stderr.take(), MAX_STDERR_BYTES);
        Ok(Self { child, has_exited: false, stdout, stderr })
    }

    /// Reads the output; returns when there is some, and after `at_most` in any case.
    pub(super) fn listen(&mut self, at_most: Duration) {
        let (out, err) = (self.stdout.source.as_ref(), self.stderr.source.as_ref());
        let mut fds = Vec::with_capacity(2);
        fds.extend(out.map(|out| PollFd::new(out, PollFlags::IN)));
        fds.extend(err.map(|err| PollFd::new(err, PollFlags::IN)));
        if out.is_none() {
            // The command may end at any moment, without an event.
            std::thread::sleep(at_most.min(PAUSE));
            wait_for_any(&mut fds, Duration::ZERO);
        } else {
            wait_for_any(&mut fds, at_most);
        }
        drop(fds);
        self.stdout.drain();
        self.stderr.drain();
    }

    /// How the command itself has ended, if it has; all that it wrote has been taken in then.
    ///
    /// It is not reaped before this is dropped, so that its ID, which is its group's, is not reused.
    pub(super) fn exit(&mut self) -> io::Result<Option<Exit>> {
        let options =
            WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let Some(status) = waitid(WaitId::Pid(self.group()), options)? else { return Ok(None) };
        if status.stopped() {
            let for_terminal = [Signal::TTIN, Signal::TTOU].map(|signal| Some(signal.as_raw()));
            return Ok(for_terminal.contains(&status.stopping_signal()).then_some(Exit::StoppedForTerminal));
        }
        self.has_exited = true;
        self.stdout.drain();
        self.stderr.drain();
        // As `wait` of POSIX encodes them.
        let raw = status.exit_status().map(|code| code << 8).or(status.terminating_signal());
        Ok(Some(Exit::Status(ExitStatus::from_raw(raw.unwrap_or_default()))))
    }

    /// Kills whatever is left of the group and, on Linux, of the command's descendants.
    pub(super) fn kill(&mut self) {
        self.has_exited = true;
        self.stderr.drain();
        #[cfg(target_os = "linux")]
        let outside = super::descendants::Descendants::of(self.group());
        // There may be nothing left, which is as good.
        let _ = kill_process_group(self.group(), Signal::KILL);
        #[cfg(target_os = "linux")]
        outside.kill();
    }

    fn group(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub(super) fn is_stdout_closed(&self) -> bool {
        self.stdout.source.is_none()
    }

    pub(super) fn stdout(&self) -> &Output {
        &self.stdout.output
    }

    pub(super) fn stderr(&self) -> &Output {
        &self.stderr.output
    }
}

/// Nothing is left of it, whatever happens to its caller.
impl Drop for Running {
    fn drop(&mut self) {
        if !self.has_exited {
            self.kill();
        }
        let _ = self.child.wait();
    }
}

impl<S: Read + AsFd> Stream<S> {
    fn new(source: Option<S>, limit: usize) -> Self {
        Self { source, output: Output::new(limit) }
    }

    /// Reads past the limit of what is kept, so that the command does not block on a full pipe; but not for ever,
    /// as it may write all the time.
    fn drain(&mut self) {
        const MAX_READS: usize = 32;
        let mut chunk = Zeroizing::new([0; 4096]);
        for _ in 0..MAX_READS {
            let Some(source) = &mut self.source else { return };
            if !wait_for_any(&mut [PollFd::new(source, PollFlags::IN)], Duration::ZERO) {
                return;
            }
            match source.read(chunk.as_mut_slice()) {
                Ok(count @ 1..) => self.output.push(chunk.get(..count).unwrap_or_default()),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                // A read that fails ends the output as well: what has been read is the whole output.
                Ok(0) | Err(_) => self.source = None,
            }
        }
    }
}

/// Whether one of them has something to read, if only its end.
fn wait_for_any(fds: &mut [PollFd<'_>], at_most: Duration) -> bool {
    let timeout = Timespec::try_from(at_most).unwrap_or_default();
    // The caller polls again after an interruption.
    poll(fds, Some(&timeout)).is_ok_and(|ready| ready > 0)
}
