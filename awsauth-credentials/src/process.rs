use core::fmt;
use core::time::Duration;
use std::borrow::Cow;
use std::process::Command;
use std::time::Instant;

use zeroize::Zeroizing;

use crate::credentials::Credentials;
use crate::error::{CredentialsError, ErrorKind};
use crate::offload::{CancelFlag, offload};
use crate::provider::{CredentialsFuture, ProvideCredentials};
use document::Document;

#[cfg(target_os = "linux")]
mod descendants;
mod document;
mod output;
// Where a process can be waited for without being reaped.
#[cfg_attr(
    all(
        unix,
        not(any(
            target_os = "fuchsia",
            target_os = "horizon",
            target_os = "netbsd",
            target_os = "openbsd",
            target_os = "redox"
        ))
    ),
    path = "process/group.rs"
)]
mod running;

use output::Exit;
use running::Running;

/// How often a running command is checked: whether it has ended, and whether its caller is still there.
const TICK: Duration = Duration::from_millis(20);

/// A provider of the credentials that a command prints: the `credential_process` of a profile. Feature `process`.
///
/// The shell (`sh -c`, on Windows `cmd.exe /C`) runs the command without input. It prints up to 64 KiB of JSON:
/// `{"Version": 1, "AccessKeyId": "..", "SecretAccessKey": "..", "SessionToken": "..", "Expiration": "..",
/// "AccountId": ".."}`, of which the last three are optional. If it fails, the error quotes what it wrote to standard
/// error, so it must write no secret there.
///
/// The credentials are returned as soon as the command has ended and printed a whole document, even if a process that it
/// left running holds its output open. That process goes on.
///
/// When its time is over, when it prints too much or when the future is dropped, the command is killed with all processes
/// that it started: on Unix its process group, on Linux its descendants in other groups too, on Windows its process tree
/// (`taskkill /T`). Only processes that left all of these, as daemons do, go on. As the command is a process group of its own, it is
/// not in the foreground of a terminal: it cannot prompt there, which is an error, and `Ctrl-C` does not reach it.
///
/// Follows AWS's [process credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
#[derive(Clone)]
pub struct ProcessProvider {
    command: Zeroizing<String>,
    time_limit: Duration,
    source_name: Cow<'static, str>,
}

impl ProcessProvider {
    /// The default of [`time_limit`](Self::time_limit): one minute.
    pub const DEFAULT_TIME_LIMIT: Duration = Duration::from_secs(60);

    /// Returns a provider that runs this command at each call.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            command: Zeroizing::new(command.into()),
            time_limit: Self::DEFAULT_TIME_LIMIT,
            source_name: Cow::Borrowed("credential_process"),
        }
    }

    /// Sets how long the command may take. Default: one minute.
    #[must_use]
    pub fn time_limit(self, limit: Duration) -> Self {
        Self { time_limit: limit, ..self }
    }

    /// Sets the name of the source in errors. Default: `credential_process`.
    #[must_use]
    pub fn source_name(self, name: impl Into<Cow<'static, str>>) -> Self {
        Self { source_name: name.into(), ..self }
    }

    pub(crate) fn run(&self, cancelled: &CancelFlag) -> Result<Credentials, CredentialsError> {
        let started = Instant::now();
        let mut running = Running::start(shell(&self.command)).map_err(|cause| {
            self.error(ErrorKind::Unreachable, format!("the shell did not start: {cause}"))
        })?;
        let outcome = self.outcome(&mut running, || {
            if cancelled.is_set() {
                return Err((ErrorKind::TimedOut, "the caller went away".to_owned()));
            }
            let left = self.time_limit.saturating_sub(started.elapsed());
            if left.is_zero() {
                let detail = format!("the command took more than {} s", self.time_limit.as_secs_f64());
                return Err((ErrorKind::TimedOut, detail));
            }
            Ok(left)
        });
        outcome.unwrap_or_else(|(kind, detail)| {
            // What it is killed for is often on its standard error.
            running.kill();
            Err(self.error(kind, detail + &running.stderr().quoted()))
        })
    }

    /// The result of the command, or why it is to be killed. `time_left` returns how much time it still has.
    fn outcome(
        &self,
        running: &mut Running,
        time_left: impl Fn() -> Result<Duration, Problem>,
    ) -> Result<Result<Credentials, CredentialsError>, Problem> {
        let lost = |cause| (ErrorKind::Unreachable, format!("the command was lost: {cause}"));
        // The length of the output that was parsed and is truncated.
        let mut parsed = None;
        loop {
            let left = time_left()?;
            running.listen(left.min(TICK));
            let exit = running.exit().map_err(lost)?;
            if running.stdout().overflowed {
                return Err((ErrorKind::Malformed, "the command printed more than 64 KiB".to_owned()));
            }
            match exit {
                None => {}
                Some(Exit::StoppedForTerminal) => {
                    let detail = "the command was stopped because it uses the terminal: run it there by hand first, \
                                  or let it prompt elsewhere";
                    return Err((ErrorKind::Unsupported, detail.to_owned()));
                }
                Some(Exit::Status(status)) if !status.success() => {
                    let detail = format!("the command failed ({status})");
                    return Ok(Err(self.error(ErrorKind::Refused, detail + &running.stderr().quoted())));
                }
                Some(Exit::Status(_)) => {
                    let length = running.stdout().bytes.len();
                    if parsed != Some(length) || running.is_stdout_closed() {
                        match document::parse(&running.stdout().bytes, &self.source_name) {
                            Document::Truncated(_) if !running.is_stdout_closed() => parsed = Some(length),
                            Document::Truncated(error) => return Ok(Err(error)),
                            Document::Whole(result) => return Ok(result),
                        }
                    }
                }
            }
        }
    }

    fn error(&self, kind: ErrorKind, detail: String) -> CredentialsError {
        CredentialsError::new(self.source_name.clone(), kind, detail)
    }
}

/// Why a command is killed.
type Problem = (ErrorKind, String);

impl ProvideCredentials for ProcessProvider {
    fn provide(&self) -> CredentialsFuture<'_> {
        let provider = self.clone();
        Box::pin(async move {
            let result = offload(move |cancelled| provider.run(cancelled)).await;
            result.unwrap_or_else(|| {
                Err(self.error(
                    ErrorKind::Unreachable,
                    "no thread could be started to run the command".to_owned(),
                ))
            })
        })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.run(&CancelFlag::never())
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

#[cfg(test)]
mod tests;
