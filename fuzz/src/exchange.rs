//! Credentials endpoints that answer from a script.

use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use awsauth_credentials::{Clock, Credentials, Environment, ProvideCredentials, StaticProvider};
use awsauth_imds::http::Response as HttpResponse;
use awsauth_imds::{AssumeRole, Container, HttpClient, HttpError, HttpErrorKind, Imds, Request, Response};

use crate::{ACCESS_KEY_ID, Exchange, Goal, SECRET_ACCESS_KEY};

/// What came of it, as its caller sees it, and how many requests it took.
pub fn run(input: &Exchange<'_>) -> (Result<Found, String>, usize) {
    let answers: Vec<_> = input.answers.0.iter().map(|answer| answer.to_vec()).collect();
    let script = Script { answers: Arc::new(answers), sent: Arc::default() };
    let sent = Arc::clone(&script.sent);
    let found = find(input, script);
    let count = *sent.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    (found, count)
}

/// What was found.
#[derive(Debug, PartialEq)]
pub enum Found {
    Credentials(String, String, Option<String>, Option<SystemTime>),
    Text(String),
}

fn find(input: &Exchange<'_>, script: Script) -> Result<Found, String> {
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
        Goal::Region => imds(script).region_blocking().map(Found::Text).map_err(|error| error.to_string()),
        Goal::Identity => match imds(script).instance_identity_blocking() {
            Ok(identity) => {
                Ok(Found::Text(format!("{identity:?} {} {}", identity.account_id(), identity.region())))
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

fn credentials(provider: &dyn ProvideCredentials) -> Result<Found, String> {
    let found = provider.provide_blocking().map_err(|error| error.to_string())?;
    Ok(Found::Credentials(
        found.access_key_id().to_owned(),
        found.secret_access_key().to_owned(),
        found.session_token().map(str::to_owned),
        found.expires_at(),
    ))
}

/// Answers each request by the next of its answers, and then by none.
#[derive(Debug)]
struct Script {
    answers: Arc<Vec<Vec<u8>>>,
    sent: Arc<Mutex<usize>>,
}

impl HttpClient for Script {
    fn send_blocking(&self, _: Request, _: Duration) -> Result<Response, HttpError> {
        let mut sent = self.sent.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let answer = self.answers.get(*sent).and_then(|answer| answer.split_first());
        *sent += 1;
        let broken = |kind| Err(HttpError::new(kind, ""));
        match answer {
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
                let mut response = HttpResponse::new(body.to_vec());
                *response.status_mut() = awsauth_imds::http::StatusCode::from_u16(status).unwrap_or_default();
                Ok(response)
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
