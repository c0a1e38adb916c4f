//! The sans-I/O side of every source: a state machine that names the next request, and the two loops that drive it.

use core::time::Duration;

use awsauth_credentials::Clock;

use crate::http_client::error::{HttpError, HttpErrorKind, MAX_RESPONSE_BYTES};
use crate::http_client::transport::{HttpClient, Request, Response};

/// What an exchange wants next.
pub(crate) enum Step<T> {
    /// Send this, and call again with what came.
    Send(Box<Request>),
    /// Over.
    Done(T),
}

/// What sending a request came to.
pub(crate) type Answer = Result<Response, HttpError>;

/// One fetch from one source: knows no socket and no clock.
pub(crate) trait Exchange {
    type Output;

    /// How long each request may take.
    fn timeout(&self) -> Duration;

    /// The next step: first with `None`, then with the answer to each request. `now` is monotonic.
    fn step(&mut self, answer: Option<Answer>, now: Duration) -> Step<Self::Output>;
}

pub(crate) async fn drive<E: Exchange>(
    client: &dyn HttpClient,
    clock: &dyn Clock,
    mut exchange: E,
) -> E::Output {
    let mut answer = None;
    loop {
        match exchange.step(answer.take(), clock.monotonic()) {
            Step::Send(request) => {
                answer = Some(client.send(*request, exchange.timeout()).await.and_then(bounded));
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
    let mut answer = None;
    loop {
        match exchange.step(answer.take(), clock.monotonic()) {
            Step::Send(request) => {
                answer = Some(client.send_blocking(*request, exchange.timeout()).and_then(bounded));
            }
            Step::Done(output) => return output,
        }
    }
}

/// An application's own client may have read on.
fn bounded(response: Response) -> Answer {
    if response.body().len() > MAX_RESPONSE_BYTES {
        Err(HttpError::new(HttpErrorKind::TooLarge, ""))
    } else {
        Ok(response)
    }
}

/// One request and its answer, repeated at once where a failure may pass.
pub(crate) struct Once {
    pub(crate) request: Request,
    pub(crate) timeout: Duration,
    pub(crate) attempts: u32,
    /// Whether to ask again after this response.
    pub(crate) may_pass: fn(&Response) -> bool,
}

impl Exchange for Once {
    type Output = Answer;

    fn timeout(&self) -> Duration {
        self.timeout
    }

    fn step(&mut self, answer: Option<Answer>, _: Duration) -> Step<Answer> {
        let may_pass = match &answer {
            None => true,
            Some(Ok(response)) => (self.may_pass)(response),
            Some(Err(error)) => matches!(
                error.kind(),
                HttpErrorKind::Broken | HttpErrorKind::Connect | HttpErrorKind::TimedOut
            ),
        };
        match answer {
            Some(answer) if self.attempts == 0 || !may_pass => Step::Done(answer),
            _ => {
                self.attempts = self.attempts.saturating_sub(1);
                Step::Send(Box::new(self.request.clone()))
            }
        }
    }
}
