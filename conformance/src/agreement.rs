//! One SigV4 signature as a job for two: the core, and the naive reference. Property tests and fuzz targets lay the
//! results side by side.

use awsauth_core::{
    CredentialScope, Error, Header, PathRule, PayloadHash, PlusSign, Protocol, RepeatedParameters,
    SignedHeaders, SigningKey, SigningOptions, Sigv4, Timestamp, TokenPlacement,
};

use crate::reference::{
    self, Credentials, EncodedSlash, Payload, Plus, Refusal, Scope, Settings, Time, Token, v4, v4_query,
};

/// All that goes into one signature.
#[derive(Clone, Debug)]
pub struct Job {
    /// HTTP method.
    pub method: String,
    /// Whether it goes over https.
    pub https: bool,
    /// Host, perhaps with a port.
    pub host: String,
    /// Path of the wire.
    pub path: String,
    /// Query of the wire, without its `?`.
    pub query: String,
    /// Header names and values, in the order sent.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body.
    pub body: Vec<u8>,
    /// What stands for the body in the canonical request.
    pub payload: Payload,
    /// Access key ID.
    pub access_key_id: String,
    /// Session token.
    pub session_token: Option<String>,
    /// Region.
    pub region: String,
    /// Signing name of the service.
    pub service: String,
    /// Signing time, `YYYYMMDDTHHMMSSZ`.
    pub time: String,
    /// Lifetime in seconds of a presigned URL; `None` signs in the header.
    pub expires: Option<u32>,
    /// What else the caller chose.
    pub choices: Choices,
}

/// What the caller of a signature chose.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Whether `x-amz-content-sha256` is sent; never with a presigned URL.
    pub content_sha256_header: bool,
    /// The rule for the path, if it is not that of the service.
    pub path_rule: Option<PathRule>,
    /// How a bare `+` of the query is read.
    pub plus_sign: PlusSign,
    /// Whether parameters may be repeated.
    pub repeated_parameters: RepeatedParameters,
    /// Which headers are signed.
    pub selection: Selection,
    /// Where the token goes.
    pub token_placement: TokenPlacement,
}

/// Which of the caller's headers are signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Selection {
    /// All but those that proxies change.
    AllButHopByHop,
    /// As the signature's place has it.
    ByPlace,
    /// `content-type`, `content-md5` and `x-amz-*`.
    Essential,
    /// Those with one of these names.
    Named(&'static [&'static str]),
}

/// What came of it; of the reference, as far as it has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The canonical request.
    pub canonical_request: Vec<u8>,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature, hex.
    pub signature: String,
    /// The query to send.
    pub query: String,
    /// The headers to add, in the order of their names.
    pub headers: Vec<(String, Vec<u8>)>,
}

/// What the core tells besides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signed {
    /// What both have.
    pub outcome: Outcome,
    /// The path to send.
    pub path: String,
    /// The canonical request by its `Display`.
    pub display: String,
    /// Its hash.
    pub sha256: [u8; 32],
}

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

impl Job {
    /// Signs with the core.
    ///
    /// # Errors
    /// As the core.
    pub fn sign(&self) -> Result<Signed, Error> {
        let now = Timestamp::parse(&self.time)?;
        let key = SigningKey::derive(SECRET, CredentialScope::new(now.date(), &self.region, &self.service)?);
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let protocol = if self.https { Protocol::Https } else { Protocol::Http };
        let request = awsauth_core::Request::from_parts(&self.method, &self.path, &self.query, &self.host)
            .headers(&headers)
            .protocol(protocol);
        let signer = Sigv4::new(&self.access_key_id, &key).options(self.options());
        let payload = match &self.payload {
            Payload::Signed => PayloadHash::of(&self.body),
            Payload::Unsigned => PayloadHash::Unsigned,
            Payload::Literal(text) => PayloadHash::parse(text)?,
        };
        let signed = match self.expires {
            Some(expires) => signer.presign(&request, payload, now, expires)?,
            None => signer.sign(&request, payload, now)?,
        };
        let target = signed.target().to_string();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_string().into_bytes()));
        let mut canonical_request = Vec::new();
        signed.canonical_request().write_to(&mut |bytes: &[u8]| canonical_request.extend_from_slice(bytes));
        Ok(Signed {
            outcome: Outcome {
                canonical_request,
                string_to_sign: signed.string_to_sign().to_string(),
                signature: signed.signature().to_string(),
                query: query.to_owned(),
                headers: sorted(headers.collect()),
            },
            path: path.to_owned(),
            display: signed.canonical_request().to_string(),
            sha256: signed.canonical_request().sha256(),
        })
    }

    /// Signs with the reference.
    ///
    /// # Errors
    /// As the reference.
    pub fn sign_by_reference(&self) -> Result<Outcome, Refusal> {
        let request = reference::Request {
            method: self.method.clone(),
            scheme: if self.https { "https" } else { "http" }.to_owned(),
            authority: self.host.clone(),
            path: self.path.clone().into_bytes(),
            query: self.query.clone().into_bytes(),
            headers: self.headers.clone(),
            body: self.body.clone(),
        };
        let credentials = Credentials {
            session_token: self.session_token.clone(),
            ..Credentials::new(&self.access_key_id, SECRET)
        };
        let scope = Scope::new(&self.region, &self.service);
        let time = Time::parse(&self.time)?;
        let settings = self.settings();
        let answer = match self.expires {
            Some(expires) => {
                v4_query::sign(&request, &credentials, &scope, &time, u64::from(expires), &settings)?
            }
            None => v4::sign(&request, &credentials, &scope, &time, &settings)?,
        };
        let mut headers = answer.headers;
        if self.expires.is_none() {
            let authorization = answer.authorization.unwrap_or_default();
            headers.push(("authorization".to_owned(), authorization.into_bytes()));
        }
        let string_to_sign = answer.string_to_sign.unwrap_or_default();
        Ok(Outcome {
            canonical_request: answer.canonical_request.unwrap_or_default(),
            string_to_sign: String::from_utf8_lossy(&string_to_sign).into_owned(),
            signature: answer.signature,
            query: answer.query.unwrap_or_default(),
            headers: sorted(headers),
        })
    }

    /// The request as it is on the wire once it is signed: the same job with that target and those headers.
    #[must_use]
    pub fn on_the_wire(&self, signed: &Signed) -> Self {
        let replaced = |name: &str| {
            awsauth_core::is_authentication_header(name)
                || signed.outcome.headers.iter().any(|(added, _)| added.eq_ignore_ascii_case(name))
        };
        let kept = self.headers.iter().filter(|(name, _)| !replaced(name));
        Self {
            path: signed.path.clone(),
            query: signed.outcome.query.clone(),
            headers: kept.chain(&signed.outcome.headers).cloned().collect(),
            ..self.clone()
        }
    }

    /// Whether a header of the caller is signed, unless its name is one of a signature's.
    #[must_use]
    pub fn selects(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let selection = match (self.choices.selection, self.expires) {
            (Selection::ByPlace, Some(_)) => Selection::AllButHopByHop,
            (Selection::ByPlace, None) => Selection::Essential,
            (selection, _) => selection,
        };
        match selection {
            Selection::AllButHopByHop | Selection::ByPlace => {
                let changed = ["accept-encoding", "forwarded", "max-forwards", "proxy-connection", "via"];
                !changed.contains(&name.as_str())
                    && !name.starts_with("x-forwarded-")
                    && !name.starts_with("sec-")
            }
            Selection::Essential => {
                name.starts_with("x-amz-") || name == "content-type" || name == "content-md5"
            }
            Selection::Named(names) => names.contains(&name.as_str()),
        }
    }

    fn options(&self) -> SigningOptions<'_> {
        let mut options = SigningOptions::DEFAULT;
        options.content_sha256_header = self.choices.content_sha256_header;
        options.path_rule = self.choices.path_rule;
        options.plus_sign = self.choices.plus_sign;
        options.repeated_parameters = self.choices.repeated_parameters;
        options.session_token = self.session_token.as_deref();
        options.signed_headers = match self.choices.selection {
            Selection::AllButHopByHop => SignedHeaders::AllButHopByHop,
            Selection::ByPlace => SignedHeaders::ByPlace,
            Selection::Essential => SignedHeaders::Essential,
            Selection::Named(names) => SignedHeaders::Named(names),
        };
        options.token_placement = self.choices.token_placement;
        options
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings::for_service(&self.service);
        if let Some(PathRule { double_encode, normalize }) = self.choices.path_rule {
            settings.double_encode = double_encode;
            settings.normalize = normalize;
            settings.encoded_slash = if normalize { EncodedSlash::Data } else { EncodedSlash::Separator };
        }
        settings.payload = self.payload.clone();
        settings.plus = match self.choices.plus_sign {
            PlusSign::Literal => Plus::Literal,
            PlusSign::Space => Plus::Space,
        };
        if self.choices.repeated_parameters == RepeatedParameters::Allowed {
            settings.repeated_parameters = reference::RepeatedParameters::Keep;
        }
        settings.send_payload_hash = self.choices.content_sha256_header && self.expires.is_none();
        settings.token = match self.choices.token_placement {
            TokenPlacement::AppendedUnsigned => Token::Unsigned,
            TokenPlacement::ByService => settings.token,
            TokenPlacement::S3Express => Token::S3Session,
            _ => Token::Signed,
        };
        let names = self.headers.iter().map(|(name, _)| name);
        settings.unsigned_headers = names.filter(|name| !self.selects(name)).cloned().collect();
        settings
    }
}

fn sorted(mut headers: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    headers.sort();
    headers
}
