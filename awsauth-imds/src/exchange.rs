//! The sans-I/O part of every source: a state machine that returns the next request, and the two loops that drive it.

use core::time::Duration;

use awsauth_credentials::Clock;

use crate::http_client::error::{HttpError, HttpErrorKind, MAX_RESPONSE_BYTES};
use crate::http_client::transport::{HttpClient, Request, Response};

/// What an exchange does next.
pub(crate) enum Step<T> {
    /// Send this, and call again with the result.
    Send(Box<Request>),
    /// The exchange is over.
    Done(T),
}

/// The response to a request, or why there is none.
pub(crate) type SendResult = Result<Response, HttpError>;

/// One fetch from one source, without sockets or a clock.
pub(crate) trait Exchange {
    type Output;

    /// How long each request may take.
    fn timeout(&self) -> Duration;

    /// The next step: first with `None`, then with the outcome of each request. `now` is monotonic.
    fn step(&mut self, outcome: Option<SendResult>, now: Duration) -> Step<Self::Output>;
}

pub(crate) async fn drive<E: Exchange>(
    client: &dyn HttpClient,
    clock: &dyn Clock,
    mut exchange: E,
) -> E::Output {
    let mut outcome = None;
    loop {
        match exchange.step(outcome.take(), clock.monotonic()) {
            Step::Send(request) => {
                outcome = Some(client.send(*request, exchange.timeout()).await.and_then(bounded));
            }
            Step::Done(output) => return output,
        }
    }
}

pub(crate) fn drive_blocking<E: Exchange>(
    client: &dyn HttpClient,
    clock: &dyn Clock,
    mut exchange: E,
) -> E::Output {
    let mut outcome = None;
    loop {
        match exchange.step(outcome.take(), clock.monotonic()) {
            Step::Send(request) => {
                outcome = Some(client.send_blocking(*request, exchange.timeout()).and_then(bounded));
            }
            Step::Done(output) => return output,
        }
    }
}

/// Enforces the limit for an application's own client too.
fn bounded(response: Response) -> SendResult {
    if response.body().len() > MAX_RESPONSE_BYTES {
        Err(HttpError::new(HttpErrorKind::TooLarge, ""))
    } else {
        Ok(response)
    }
}

/// One request, repeated at once after a transient failure.
pub(crate) struct Once {
    pub(crate) request: Request,
    pub(crate) timeout: Duration,
    pub(crate) attempts: u32,
    /// Whether a response is a transient failure, after which to try again.
    pub(crate) is_transient: fn(&Response) -> bool,
}

impl Exchange for Once {
    type Output = SendResult;

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn step(&mut self, outcome: Option<SendResult>, _: Duration) -> Step<SendResult> {
        let is_transient = match &outcome {
            None => true,
            Some(Ok(response)) => (self.is_transient)(response),
            Some(Err(error)) => matches!(
                error.kind(),
                HttpErrorKind::Broken | HttpErrorKind::Connect | HttpErrorKind::TimedOut
            ),
        };
        match outcome {
            Some(outcome) if self.attempts == 0 || !is_transient => Step::Done(outcome),
            _ => {
                self.attempts = self.attempts.saturating_sub(1);
                Step::Send(Box::new(self.request.clone()))
            }
        }
    }
}
