//! An instance metadata service with faults on demand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use awsauth_credentials::Environment;
use awsauth_imds::Imds;

use super::{Reply, Seen, Server, document};

pub(crate) const EXTENDED: &str = "/latest/meta-data/iam/security-credentials-extended/";

/// Strict IMDSv2 with one role, `demo`.
pub(crate) struct FakeImds {
    pub(crate) server: Server,
    state: Arc<Mutex<State>>,
}

struct State {
    tokens_given: u32,
    tokens_valid_from: u32,
    access_key_id: String,
    expiration: String,
    faults: HashMap<String, Reply>,
}

impl FakeImds {
    pub(crate) fn start() -> Self {
        let state = Arc::new(Mutex::new(State {
            tokens_given: 0,
            tokens_valid_from: 1,
            access_key_id: "ASIAFIRST".to_owned(),
            expiration: "2030-01-01T00:00:00Z".to_owned(),
            faults: HashMap::new(),
        }));
        let shared = Arc::clone(&state);
        Self { server: Server::start(move |request| shared.lock().unwrap().reply(request)), state }
    }

    pub(crate) fn imds(&self) -> Imds {
        Imds::new(Environment::from_fn(|_| None)).endpoint(self.server.url())
    }

    /// From now on this request, such as `PUT /latest/api/token`, has this reply; `*` stands for all.
    pub(crate) fn fault(&self, request: &str, reply: Reply) {
        self.state.lock().unwrap().faults.insert(request.to_owned(), reply);
    }

    pub(crate) fn mend(&self) {
        self.state.lock().unwrap().faults.clear();
    }

    pub(crate) fn revoke_tokens(&self) {
        let mut state = self.state.lock().unwrap();
        state.tokens_valid_from = state.tokens_given + 1;
    }

    pub(crate) fn hand_out(&self, access_key_id: &str, expiration: &str) {
        let mut state = self.state.lock().unwrap();
        state.access_key_id = access_key_id.to_owned();
        state.expiration = expiration.to_owned();
    }
}

impl State {
    fn reply(&mut self, request: &Seen) -> Reply {
        if let Some(fault) = self.faults.get(&request.line()).or_else(|| self.faults.get("*")) {
            return fault.clone();
        }
        if request.method == "PUT" && request.target == "/latest/api/token" {
            return self.give_token(request);
        }
        let token = request.header("x-aws-ec2-metadata-token").and_then(|token| token.strip_prefix("token-"));
        let token: Option<u32> = token.and_then(|number| number.parse().ok());
        if token.is_none_or(|token| token < self.tokens_valid_from) {
            return Reply::status(401);
        }
        match request.target.strip_prefix(EXTENDED) {
            Some("") => Reply::ok("demo"),
            Some("demo") => Reply::ok(document(&self.access_key_id, &self.expiration)),
            _ if request.target == "/latest/meta-data/placement/region" => Reply::ok("eu-central-1"),
            _ if request.target == "/latest/dynamic/instance-identity/document" => Reply::ok(
                r#"{"accountId":"123456789012","instanceId":"i-1234567890abcdef0","region":"eu-central-1"}"#,
            ),
            _ => Reply::status(404),
        }
    }

    fn give_token(&mut self, request: &Seen) -> Reply {
        if request.header("x-aws-ec2-metadata-token-ttl-seconds") != Some("21600")
            || request.header("x-forwarded-for").is_some()
        {
            return Reply::status(400);
        }
        self.tokens_given += 1;
        Reply::SendResult {
            status: 200,
            headers: vec![("x-aws-ec2-metadata-token-ttl-seconds".to_owned(), "21600".to_owned())],
            body: format!("token-{}", self.tokens_given).into_bytes(),
        }
    }
}
