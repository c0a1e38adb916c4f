//! A command and two threads that listen to it: where there are no process groups.

use core::time::Duration;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, sync_channel};

use zeroize::Zeroizing;

use super::output::{Exit, MAX_STDERR_BYTES, MAX_STDOUT_BYTES, Output};

pub(super) struct Running {
    child: Child,
    has_exited: bool,
    stdout: Stream,
    stderr: Stream,
}

struct Stream {
    /// `None` once it is closed.
    source: Option<Receiver<Zeroizing<Vec<u8>>>>,
    output: Output,
}

impl Running {
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let stdout = Stream::new(child.stdout.take(), MAX_STDOUT_BYTES);
        let stderr = Stream::new(child.stderr.take(), MAX_STDERR_BYTES);
        let mut running = Self {
            child,
            has_exited: false,
            stdout: Stream { source: None, output: Output::new(0) },
            stderr: Stream { source: None, output: Output::new(0) },
        };
        // From here on, an error ends the command.
        (running.stdout, running.stderr) = (stdout?, stderr?);
        Ok(running)
    }

    /// Reads the output; returns when there is some, and after `at_most` in any case.
    pub(super) fn listen(&mut self, at_most: Duration) {
        const PAUSE: Duration = Duration::from_millis(2);
        match self.stdout.source.as_ref().map(|source| source.recv_timeout(at_most)) {
            // The command may end at any moment, without an event.
            None => std::thread::sleep(at_most.min(PAUSE)),
            Some(Ok(bytes)) => self.stdout.output.push(&bytes),
            Some(Err(RecvTimeoutError::Timeout)) => {}
            Some(Err(RecvTimeoutError::Disconnected)) => self.stdout.source = None,
        }
        self.stdout.drain();
        self.stderr.drain();
    }

    /// How the command itself has ended, if it has.
    pub(super) fn exit(&mut self) -> io::Result<Option<Exit>> {
        let Some(status) = self.child.try_wait()? else { return Ok(None) };
        self.has_exited = true;
        self.stdout.drain();
        self.stderr.drain();
        Ok(Some(Exit::Status(status)))
    }

    /// Kills the command, with the processes that it started where the system lists them.
    pub(super) fn kill(&mut self) {
        self.stderr.drain();
        if self.has_exited {
            return;
        }
        self.has_exited = true;
        #[cfg(windows)]
        kill_tree(self.child.id());
        // It may have ended by itself meanwhile, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
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

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Stream {
    /// The thread ends with the stream, or once the receiver is dropped.
    fn new(stream: Option<impl Read + Send + 'static>, limit: usize) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(1);
        let output = Output::new(limit);
        let Some(mut stream) = stream else { return Ok(Self { source: None, output }) };
        std::thread::Builder::new().name("awsauth-process".to_owned()).spawn(move || {
            let mut chunk = Zeroizing::new([0; 4096]);
            // A read that fails ends the output as well: what has been read is the whole output.
            while let Ok(count @ 1..) = stream.read(chunk.as_mut_slice()) {
                let bytes = Zeroizing::new(chunk.get(..count).unwrap_or_default().to_vec());
                if sender.send(bytes).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { source: Some(receiver), output })
    }

    fn drain(&mut self) {
        const MAX_READS: usize = 32;
        for _ in 0..MAX_READS {
            match self.source.as_ref().map(Receiver::try_recv) {
                Some(Ok(bytes)) => self.output.push(&bytes),
                Some(Err(TryRecvError::Disconnected)) => self.source = None,
                None | Some(Err(TryRecvError::Empty)) => return,
            }
        }
    }
}

/// By its full path, so that no other program of that name runs.
#[cfg(windows)]
fn kill_tree(id: u32) {
    let Some(root) = std::env::var_os("SystemRoot") else { return };
    let _ = Command::new(std::path::Path::new(&root).join(r"System32\taskkill.exe"))
        .args(["/T", "/F", "/PID"])
        .arg(id.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}
