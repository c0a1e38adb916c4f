use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use zeroize::Zeroizing;

use crate::offload::{Cancelled, offload};
use crate::{Credentials, CredentialsError, CredentialsFuture, ErrorKind, ProvideCredentials};

mod document;

const MAX_OUTPUT_BYTES: usize = 64 * 1024;
const MAX_STDERR_BYTES: usize = 4 * 1024;
const MAX_STDERR_CHARS_SHOWN: usize = 512;

/// How often a running command is looked at, to see whether its caller is still there.
const TICK: Duration = Duration::from_millis(20);

/// Credentials that a command prints: the `credential_process` of a profile. Feature `process`.
///
/// The command is given to the shell (`sh -c`, on Windows `cmd.exe /C`) with no input, and prints up to 64 KiB of JSON:
/// `{"Version": 1, "AccessKeyId": "..", "SecretAccessKey": "..", "SessionToken": "..", "Expiration": "..",
/// "AccountId": ".."}`, the last three if there are any. What it writes to standard error is part of the error if it
/// fails, so it must write no secret there.
///
/// When its time is over, when it prints too much or when the future is dropped, the command is killed. What it has
/// started itself and left running is not, but no longer waited for.
///
/// Follows "Process credential provider" of the AWS SDKs and Tools Reference Guide.
#[derive(Clone)]
pub struct ProcessProvider {
    command: Zeroizing<String>,
    time_limit: Duration,
    source_name: Cow<'static, str>,
}

impl ProcessProvider {
    /// How long a command may take if nothing else is said: one minute.
    pub const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(60);

    /// Runs this command at each call.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            command: Zeroizing::new(command.into()),
            time_limit: Self::DEFAULT_TIME_LIMIT,
            source_name: Cow::Borrowed("credential_process"),
        }
    }

    /// The same, with another limit on its time.
    #[must_use]
    pub fn with_time_limit(self, limit: Duration) -> Self {
        Self { time_limit: limit, ..self }
    }

    /// The same, with what errors call it.
    #[must_use]
    pub fn with_source_name(self, name: impl Into<Cow<'static, str>>) -> Self {
        Self { source_name: name.into(), ..self }
    }

    pub(crate) fn run(&self, cancelled: &Cancelled) -> Result<Credentials, CredentialsError> {
        let started = Instant::now();
        let mut child = shell(&self.command)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|cause| {
                self.error(ErrorKind::Unreachable, format!("the shell did not start: {cause}"))
            })?;
        let output = read_in_background(child.stdout.take(), MAX_OUTPUT_BYTES);
        let stderr = read_in_background(child.stderr.take(), MAX_STDERR_BYTES);
        let ended = self.wait(&mut child, &output, || {
            if cancelled.is_set() {
                return Err((ErrorKind::TimedOut, "the caller went away".to_owned()));
            }
            let left = self.time_limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                let detail = format!("the command took more than {} s", self.time_limit.as_secs_f64());
                return Err((ErrorKind::TimedOut, detail));
            }
            Ok(left.min(TICK))
        });
        if ended.is_err() {
            // It may have ended by itself meanwhile, which is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
        match ended {
            Ok((status, output)) if status.success() => document::parse(&output, &self.source_name),
            Ok((status, _)) => {
                let detail = format!("the command failed ({status})");
                Err(self.error(ErrorKind::Refused, detail + &said(&stderr)))
            }
            Err((kind, detail)) => Err(self.error(kind, detail + &said(&stderr))),
        }
    }

    /// Waits for the output to close, then for the exit; `time_left` says how long until it is to be asked again.
    fn wait(
        &self,
        child: &mut Child,
        output: &Receiver<Collected>,
        time_left: impl Fn() -> Result<Duration, Problem>,
    ) -> Result<(ExitStatus, Zeroizing<Vec<u8>>), Problem> {
        let collected = loop {
            match output.recv_timeout(time_left()?) {
                Ok(collected) => break collected,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err((
                        ErrorKind::Unreachable,
                        "no thread could be had to read the output".to_owned(),
                    ));
                }
            }
        };
        if collected.overflowed {
            return Err((ErrorKind::Malformed, "the command printed more than 64 KiB".to_owned()));
        }
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok((status, collected.bytes)),
                Ok(None) => std::thread::sleep(time_left()?.min(Duration::from_millis(2))),
                Err(cause) => return Err((ErrorKind::Unreachable, format!("the command was lost: {cause}"))),
            }
        }
    }

    fn error(&self, kind: ErrorKind, detail: String) -> CredentialsError {
        CredentialsError::new(self.source_name.clone(), kind, detail)
    }
}

type Problem = (ErrorKind, String);

impl ProvideCredentials for ProcessProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        let provider = self.clone();
        Box::pin(async move {
            let answer = offload(move |cancelled| provider.run(cancelled)).await;
            answer.unwrap_or_else(|| {
                Err(self
                    .error(ErrorKind::Unreachable, "no thread could be had to run the command".to_owned()))
            })
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.run(&Cancelled::never())
    }
}

/// Without the command, whose arguments can be secret.
impl fmt::Debug for ProcessProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessProvider")
            .field("source_name", &self.source_name)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(not(windows))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    shell
}

#[cfg(windows)]
fn shell(command: &str) -> Command {
    use std::os::windows::process::CommandExt;
    let mut shell = Command::new("cmd.exe");
    // As it is, for cmd.exe has quoting rules of its own; with /S it strips the outer quotes and no others.
    shell.args(["/S", "/C"]).raw_arg(format!("\"{command}\""));
    shell
}

struct Collected {
    bytes: Zeroizing<Vec<u8>>,
    overflowed: bool,
}

/// Keeps the first `limit` bytes, and reads on, so that the command does not block on a full pipe.
fn read_in_background(stream: Option<impl Read + Send + 'static>, limit: usize) -> Receiver<Collected> {
    let (sender, receiver) = channel();
    let Some(mut stream) = stream else { return receiver };
    let _ = std::thread::Builder::new().name("awsauth-process".to_owned()).spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(limit));
        let mut chunk = Zeroizing::new([0; 4096]);
        let mut sender = Some(sender);
        // A read that fails ends the output as well: what came is judged as it is.
        while let Ok(count @ 1..) = stream.read(chunk.as_mut_slice()) {
            let room = limit.saturating_sub(bytes.len());
            bytes.extend(chunk.iter().take(count.min(room)));
            if count > room
                && let Some(sender) = sender.take()
            {
                let _ = sender.send(Collected { bytes: core::mem::take(&mut bytes), overflowed: true });
            }
        }
        if let Some(sender) = sender {
            let _ = sender.send(Collected { bytes, overflowed: false });
        }
    });
    receiver
}

/// What the command said on standard error, fit for an error: bounded, on one line. A process that it left running
/// can hold the stream open, hence the short wait.
fn said(stderr: &Receiver<Collected>) -> String {
    let Ok(collected) = stderr.recv_timeout(Duration::from_millis(100)) else { return String::new() };
    let text = String::from_utf8_lossy(&collected.bytes);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        return String::new();
    }
    let shown: String = words.join(" ").chars().take(MAX_STDERR_CHARS_SHOWN).collect();
    format!("; it said: {shown}")
}

#[cfg(test)]
mod tests;
