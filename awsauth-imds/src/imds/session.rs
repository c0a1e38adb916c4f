//! The IMDSv2 protocol as a state machine: token, role name, document.

use core::time::Duration;

use awsauth_credentials::ErrorKind;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use zeroize::Zeroizing;

use super::error::ImdsError;
use super::settings::{Settings, is_role_name};
use crate::exchange::{Exchange, SendResult, Step};
use crate::http_client::error::{HttpError, HttpErrorKind};
use crate::http_client::transport::{Request, Response};

const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_TTL: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");
const TOKEN_PATH: &str = "/latest/api/token";
const EXTENDED_PATH: &str = "/latest/meta-data/iam/security-credentials-extended/";
const LEGACY_PATH: &str = "/latest/meta-data/iam/security-credentials/";

/// The longest life IMDS grants a token, in seconds.
const TTL_SECONDS: u64 = 21_600;
const TTL_VALUE: HeaderValue = HeaderValue::from_static("21600");
/// How long before its end a token is renewed.
const TTL_MARGIN: Duration = Duration::from_secs(120);

/// The state that is kept from one fetch to the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Session {
    token: Option<Token>,
    role: Option<String>,
    /// The credentials path that this instance is known to serve.
    path: Option<CredentialsPath>,
}

#[derive(Debug, Clone)]
struct Token {
    value: HeaderValue,
    /// On the monotonic clock.
    renew_at: Duration,
}

/// `security-credentials-extended` is the older document with the account ID added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CredentialsPath {
    Extended,
    Legacy,
}

/// What to fetch.
#[derive(Debug, Clone)]
pub(super) enum Goal {
    Credentials,
    /// Any document, by its path from the root: `/latest/..`.
    Path(String),
}

impl Goal {
    /// Anything but a path would end up in the host name.
    pub(super) fn path(path: &str) -> Result<Self, ImdsError> {
        if path.starts_with('/') {
            return Ok(Self::Path(path.to_owned()));
        }
        let detail = format!("`{}` is not a path: it must begin with `/`", crate::text::printable(path));
        Err(ImdsError::new(ErrorKind::Malformed, detail))
    }
}

/// One fetch: at most one token renewal, one look-up of the role and one repeat of it.
#[derive(Debug)]
pub(super) struct Fetch {
    settings: Settings,
    session: Session,
    goal: Goal,
    pending: Option<Pending>,
    attempts_left: u32,
    /// The path to request if the session has none.
    path: CredentialsPath,
    path_is_guess: bool,
    token_renewed: bool,
    role_repeated: bool,
    without_token: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pending {
    Token,
    Role,
    Document,
}

/// A document, which may hold a secret.
pub(super) type Body = Zeroizing<Vec<u8>>;

/// The session to keep, and the document.
pub(super) type FetchResult = (Session, Result<Body, ImdsError>);

impl Fetch {
    pub(super) fn new(settings: Settings, session: Session, goal: Goal) -> Self {
        Self {
            attempts_left: settings.attempts,
            path: session.path.unwrap_or(CredentialsPath::Extended),
            path_is_guess: false,
            settings,
            session,
            goal,
            pending: None,
            token_renewed: false,
            role_repeated: false,
            without_token: false,
        }
    }

    fn advance(&mut self, outcome: Option<SendResult>, now: Duration) -> Result<Step<Body>, ImdsError> {
        if let Some(outcome) = outcome
            && let Some(pending) = self.pending.take()
        {
            match outcome {
                Ok(response) => {
                    if let Some(document) = self.receive(pending, response, now)? {
                        return Ok(Step::Done(document));
                    }
                }
                Err(error) => self.failed(pending, &error)?,
            }
        }
        self.next(now).map(|request| Step::Send(Box::new(request)))
    }

    /// The next request.
    fn next(&mut self, now: Duration) -> Result<Request, ImdsError> {
        // A token that lives shorter than the margin still serves the fetch that requested it.
        let due = |token: &Token| token.renew_at <= now && !self.token_renewed;
        if !self.without_token && self.session.token.as_ref().is_none_or(due) {
            self.pending = Some(Pending::Token);
            return self.request(Method::PUT, TOKEN_PATH);
        }
        let path = match &self.goal {
            Goal::Path(path) => path.clone(),
            Goal::Credentials => match self.role() {
                Some(role) => format!("{}{role}", self.credentials_path()),
                None => {
                    self.pending = Some(Pending::Role);
                    return self.request(Method::GET, self.credentials_path());
                }
            },
        };
        self.pending = Some(Pending::Document);
        self.request(Method::GET, &path)
    }

    fn request(&self, method: Method, path: &str) -> Result<Request, ImdsError> {
        let token_request = method == Method::PUT;
        let mut request =
            http::Request::builder().method(method).uri(format!("{}{path}", self.settings.endpoint));
        if token_request {
            request = request.header(TOKEN_TTL, TTL_VALUE);
        } else if let Some(token) = self.session.token.as_ref().filter(|_| !self.without_token) {
            request = request.header(TOKEN, token.value.clone());
        }
        request.body(Vec::new()).map_err(|_| {
            let detail = format!(
                "`{}{}` is not a URL: correct the endpoint or the path",
                self.settings.endpoint, path
            );
            ImdsError::new(ErrorKind::Malformed, crate::text::printable(&detail))
        })
    }

    fn receive(
        &mut self,
        pending: Pending,
        response: Response,
        now: Duration,
    ) -> Result<Option<Body>, ImdsError> {
        let status = response.status();
        if status == StatusCode::OK {
            self.attempts_left = self.settings.attempts;
            return self.accept(pending, response, now);
        }
        if status == StatusCode::UNAUTHORIZED && pending != Pending::Token && !self.without_token {
            // IMDS revokes tokens before their time, as after a restart of the service.
            self.session.token = None;
            if !self.token_renewed {
                return Ok(None);
            }
        }
        let for_credentials = pending != Pending::Token && matches!(self.goal, Goal::Credentials);
        if for_credentials && self.session.path.is_none() && self.path == CredentialsPath::Extended {
            // Instances without the extended path say 404. A server error proves nothing (emulators give one too), so the
            // older path serves this fetch only.
            if status == StatusCode::NOT_FOUND || status.is_server_error() {
                self.path = CredentialsPath::Legacy;
                self.path_is_guess = status != StatusCode::NOT_FOUND;
                return Ok(None);
            }
        }
        if for_credentials && status == StatusCode::NOT_FOUND {
            return self.role_gone(pending).map(|()| None);
        }
        if pending == Pending::Token && matches!(status.as_u16(), 403..=405) && self.fall_back_to_v1() {
            return Ok(None);
        }
        if status.is_server_error() && self.try_again() {
            return Ok(None);
        }
        Err(self.refused(pending, status))
    }

    fn accept(
        &mut self,
        pending: Pending,
        response: Response,
        now: Duration,
    ) -> Result<Option<Body>, ImdsError> {
        match pending {
            Pending::Token => {
                self.session.token = Some(Token::read(&response, now)?);
                self.token_renewed = true;
                Ok(None)
            }
            Pending::Role => {
                self.session.role = Some(read_role(response.body())?);
                self.remember_path();
                Ok(None)
            }
            Pending::Document => {
                if matches!(self.goal, Goal::Credentials) {
                    self.remember_path();
                }
                Ok(Some(Zeroizing::new(response.into_body())))
            }
        }
    }

    fn remember_path(&mut self) {
        if !self.path_is_guess {
            self.session.path.get_or_insert(self.path);
        }
    }

    /// A 404 from the path that this instance serves: the role was replaced, or there is none.
    fn role_gone(&mut self, pending: Pending) -> Result<(), ImdsError> {
        if let Some(role) = &self.settings.instance_profile_name {
            let detail = format!("there is no instance profile `{role}` here: correct the configured name");
            return Err(ImdsError::new(ErrorKind::Refused, detail));
        }
        self.session.role = None;
        if pending == Pending::Role || core::mem::replace(&mut self.role_repeated, true) {
            return Err(ImdsError::new(
                ErrorKind::NotConfigured,
                "the instance has no role: attach an instance profile to it",
            ));
        }
        Ok(())
    }

    fn failed(&mut self, pending: Pending, error: &HttpError) -> Result<(), ImdsError> {
        let transient =
            matches!(error.kind(), HttpErrorKind::Broken | HttpErrorKind::Connect | HttpErrorKind::TimedOut);
        if transient && self.try_again() {
            return Ok(());
        }
        let at_token = pending == Pending::Token;
        if at_token && error.kind() == HttpErrorKind::TimedOut && self.fall_back_to_v1() {
            return Ok(());
        }
        let endpoint = &self.settings.endpoint;
        let detail = match error.kind() {
            HttpErrorKind::Connect => format!(
                "{endpoint} cannot be reached ({}): this is not an EC2 instance, or its metadata service is turned off \
                 or firewalled",
                error.detail()
            ),
            HttpErrorKind::TimedOut if at_token => format!(
                "{endpoint} accepts connections but does not respond to the token request: in a container this is a hop \
                 limit of 1; raise HttpPutResponseHopLimit of the instance to 2, or give the container a role of its \
                 own"
            ),
            HttpErrorKind::Unsupported => error.to_string(),
            _ => format!("{endpoint}: {error}"),
        };
        Err(ImdsError::new(error.credentials_kind(), crate::text::printable(&detail)))
    }

    fn refused(&self, pending: Pending, status: StatusCode) -> ImdsError {
        let endpoint = &self.settings.endpoint;
        let detail = match (pending, status.as_u16()) {
            (Pending::Token, 403) => {
                format!(
                    "{endpoint} refuses the token request (HTTP 403): metadata is turned off for this instance"
                )
            }
            (Pending::Token, 404 | 405) => format!(
                "{endpoint} knows no IMDSv2 token (HTTP {}): this is not an EC2 instance, or an emulator of v1{}",
                status.as_u16(),
                if self.settings.v1_disabled {
                    "; v1 is disabled by AWS_EC2_METADATA_V1_DISABLED"
                } else {
                    ""
                }
            ),
            (Pending::Token, code) => format!("{endpoint} refuses the token request (HTTP {code})"),
            (_, 401) if self.without_token => {
                format!("{endpoint} demands IMDSv2, which cannot be used from here: see the hop limit")
            }
            (_, 401) => format!("{endpoint} refuses the token it has just given (HTTP 401)"),
            (_, 404) => format!("{endpoint} has no such document (HTTP 404)"),
            (_, code) => format!("{endpoint} returned HTTP {code}"),
        };
        ImdsError::new(ErrorKind::Refused, detail)
    }

    fn try_again(&mut self) -> bool {
        self.attempts_left = self.attempts_left.saturating_sub(1);
        self.attempts_left > 0
    }

    fn fall_back_to_v1(&mut self) -> bool {
        self.without_token = self.settings.allow_v1 && !self.settings.v1_disabled;
        if self.without_token {
            self.attempts_left = self.settings.attempts;
        }
        self.without_token
    }

    fn role(&self) -> Option<&str> {
        self.settings.instance_profile_name.as_deref().or(self.session.role.as_deref())
    }

    fn credentials_path(&self) -> &'static str {
        match self.session.path.unwrap_or(self.path) {
            CredentialsPath::Extended => EXTENDED_PATH,
            CredentialsPath::Legacy => LEGACY_PATH,
        }
    }
}

impl Exchange for Fetch {
    type Output = FetchResult;

    fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    fn step(&mut self, outcome: Option<SendResult>, now: Duration) -> Step<FetchResult> {
        let result = match self.advance(outcome, now) {
            Ok(Step::Send(request)) => return Step::Send(request),
            Ok(Step::Done(document)) => Ok(document),
            Err(error) => Err(error),
        };
        Step::Done((core::mem::take(&mut self.session), result))
    }
}

impl Token {
    fn read(response: &Response, now: Duration) -> Result<Self, ImdsError> {
        let body = response.body().trim_ascii();
        // A captive portal returns its page for any request.
        let allowed = |byte: &u8| byte.is_ascii_graphic() && !b"<>{}\"".contains(byte);
        let plausible = !body.is_empty() && body.len() <= 4096 && body.iter().all(allowed);
        let value = HeaderValue::from_bytes(body).ok().filter(|_| plausible).map(|mut value| {
            value.set_sensitive(true);
            value
        });
        let Some(value) = value else {
            let what = crate::text::describe_body(response.body());
            return Err(ImdsError::new(ErrorKind::Malformed, format!("got {what} instead of a token")));
        };
        let granted =
            response.headers().get(TOKEN_TTL).and_then(|ttl| ttl.to_str().ok()?.trim().parse().ok());
        let ttl = Duration::from_secs(granted.map_or(TTL_SECONDS, |ttl: u64| ttl.min(TTL_SECONDS)));
        let usable = ttl.saturating_sub(TTL_MARGIN);
        Ok(Self { value, renew_at: now.saturating_add(usable) })
    }
}

/// The first line of the list: an instance has one role.
fn read_role(body: &[u8]) -> Result<String, ImdsError> {
    let line = body.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    let role = core::str::from_utf8(line).ok().filter(|role| is_role_name(role));
    role.map(str::to_owned).ok_or_else(|| {
        let what = crate::text::describe_body(body);
        ImdsError::new(ErrorKind::Malformed, format!("got {what} instead of a role name"))
    })
}

#[cfg(test)]
mod tests;
