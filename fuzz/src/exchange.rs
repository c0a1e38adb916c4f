//! Credentials endpoints that respond from a script.

use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use awsauth_credentials::{Clock, Credentials, Environment, ProvideCredentials, StaticProvider};
use awsauth_imds::http::Response as HttpResponse;
use awsauth_imds::{AssumeRole, Container, HttpClient, HttpError, HttpErrorKind, Imds, Request, Response};

use crate::{ACCESS_KEY_ID, Exchange, Goal, SECRET_ACCESS_KEY};

/// What came of it, as its caller sees it, and how many requests it took.
pub fn run(input: &Exchange<'_>) -> (Result<Outcome, String>, usize) {
    let responses: Vec<_> = input.responses.0.iter().map(|response| response.to_vec()).collect();
    let script = Script { responses: Arc::new(responses), sent: Arc::default() };
    let sent = Arc::clone(&script.sent);
    let found = find(input, script);
    let count = *sent.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    (found, count)
}

/// What was found.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    Credentials(String, String, Option<String>, Option<SystemTime>),
    Text(String),
}

fn find(input: &Exchange<'_>, script: Script) -> Result<Outcome, String> {
    let imds = |script| {
        let nowhere = Environment::from_fn(|_| None);
        Imds::new(nowhere)
            .endpoint("http://169.254.169.254")
            .allow_v1(input.allow_v1)
            .clock(Fixed)
            .http_client(script)
    };
    match input.goal {
        Goal::InstanceCredentials => credentials(&imds(script)),
        Goal::Region => imds(script).region_blocking().map(Outcome::Text).map_err(|error| error.to_string()),
        Goal::Identity => match imds(script).instance_identity_blocking() {
            Ok(identity) => {
                Ok(Outcome::Text(format!("{identity:?} {} {}", identity.account_id(), identity.region())))
            }
            Err(error) => Err(error.to_string()),
        },
        Goal::Container => {
            let environment = Environment::from_vars([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/creds")]);
            credentials(&Container::new(environment).http_client(script))
        }
        Goal::AssumeRole => {
            let source = StaticProvider::new(Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
            let role = AssumeRole::new(source, "arn:aws:iam::123456789012:role/demo")
                .environment(Environment::from_fn(|_| None))
                .region("eu-central-1")
                .clock(Fixed);
            credentials(&role.http_client(script))
        }
    }
}

fn credentials(provider: &dyn ProvideCredentials) -> Result<Outcome, String> {
    let found = provider.provide_blocking().map_err(|error| error.to_string())?;
    Ok(Outcome::Credentials(
        found.access_key_id().to_owned(),
        found.secret_access_key().to_owned(),
        found.session_token().map(str::to_owned),
        found.expires_at(),
    ))
}

/// Returns the next of its responses to each request, and none after the last.
#[derive(Debug)]
struct Script {
    responses: Arc<Vec<Vec<u8>>>,
    sent: Arc<Mutex<usize>>,
}

impl HttpClient for Script {
    fn send_blocking(&self, _: Request, _: Duration) -> Result<Response, HttpError> {
        let mut sent = self.sent.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let response = self.responses.get(*sent).and_then(|response| response.split_first());
        *sent += 1;
        let broken = |kind| Err(HttpError::new(kind, ""));
        match response {
            None => broken(HttpErrorKind::Connect),
            Some((b'T', _)) => broken(HttpErrorKind::TimedOut),
            Some((b'B', _)) => broken(HttpErrorKind::Broken),
            Some((status, body)) => {
                let status = match status {
                    b'4' => 404,
                    b'1' => 401,
                    b'3' => 403,
                    b'5' => 500,
                    b'R' => 302,
                    _ => 200,
                };
                let mut built = HttpResponse::new(body.to_vec());
                *built.status_mut() = awsauth_imds::http::StatusCode::from_u16(status).unwrap_or_default();
                Ok(built)
            }
        }
    }
}

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}
