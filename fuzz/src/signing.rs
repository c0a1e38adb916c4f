//! The fast signer, through its public API.

use awsauth_core::{
    CredentialScope, Error, Header, PathRule, PayloadHash, PlusSign, Protocol, RepeatedParameters, Request,
    Signed, SignedHeaders, SigningKey, SigningOptions, Sigv4, Timestamp, TokenPlacement, Verbatim,
};

use crate::{
    ACCESS_KEY_ID, Message, NOW, REGION, Rule, SECRET_ACCESS_KEY, SESSION_TOKEN, Service, Signing, Token,
};

/// A signed request, and each step to it.
#[derive(Debug, PartialEq)]
pub struct Signature {
    pub digits: String,
    pub canonical_request: Vec<u8>,
    pub string_to_sign: String,
    pub target: String,
    /// What is added.
    pub headers: Vec<(&'static str, String)>,
}

impl Signature {
    fn of(signed: &Signed<'_>) -> Self {
        let mut canonical_request = Vec::new();
        signed.canonical_request().write_to(&mut |run: &[u8]| canonical_request.extend_from_slice(run));
        Self {
            digits: signed.signature().to_string(),
            canonical_request,
            string_to_sign: signed.string_to_sign().to_string(),
            target: signed.target().to_string(),
            headers: signed.headers().map(|(name, value)| (name, value.to_string())).collect(),
        }
    }
}

impl<'a> Signing<'a> {
    /// Signs in the headers, or in the URL where it is to expire.
    pub fn sign(&self, expires: Option<u32>) -> Result<Signature, Error> {
        let now = Timestamp::parse(NOW)?;
        let scope = CredentialScope::new(now.date(), REGION, self.service())?;
        let key = SigningKey::derive(SECRET_ACCESS_KEY, scope);
        let headers = self.message.headers();
        let request = self.message.request(&headers).protocol(self.protocol());
        let names = self.names(expires.is_some());
        let signer = Sigv4::new(ACCESS_KEY_ID, &key).options(self.options(&names));
        let signed = match expires {
            Some(expires) => signer.presign(&request, self.payload(), now, expires)?,
            None => signer.sign(&request, self.payload(), now)?,
        };
        Ok(Signature::of(&signed))
    }

    /// Signs all headers in the headers, as they stand, and by the signer that canonicalises too; if they can be.
    pub fn sign_verbatim(&self) -> Result<[Signature; 2], Error> {
        let now = Timestamp::parse(NOW)?;
        let key =
            SigningKey::derive(SECRET_ACCESS_KEY, CredentialScope::new(now.date(), REGION, self.service())?);
        let headers = self.message.headers();
        let request = self.message.request(&headers).protocol(self.protocol());
        let mut verbatim = Verbatim::new(ACCESS_KEY_ID, &key);
        let mut sigv4 = Sigv4::new(ACCESS_KEY_ID, &key);
        if self.token != Token::None {
            verbatim = verbatim.session_token(SESSION_TOKEN);
            sigv4 = sigv4.session_token(SESSION_TOKEN);
        }
        let taken = verbatim.sign(&request, self.payload(), now)?;
        let mut canonical_request = Vec::new();
        taken.write_canonical_request(&mut |run: &[u8]| canonical_request.extend_from_slice(run));
        let separator = if self.message.query.is_empty() { "" } else { "?" };
        let taken = Signature {
            digits: taken.signature().to_string(),
            canonical_request,
            string_to_sign: taken.string_to_sign().to_string(),
            target: [self.message.path, separator, self.message.query].concat(),
            headers: taken.headers().map(|(name, value)| (name, value.to_string())).collect(),
        };
        let (_, authorization) = taken.headers.last().expect("it is always there");
        let names = authorization.split(['=', ',']).nth(3).expect("the list of signed headers");
        let sigv4 = sigv4.signed_headers(SignedHeaders::Exactly(names));
        let signed =
            Signature::of(&sigv4.sign(&request, self.payload(), now).expect("it was taken as it stands"));
        Ok([taken, signed])
    }

    /// The same, of the request at another target.
    pub fn at<'t>(&'t self, target: &'t str) -> Signing<'t> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Signing { message: Message { path, query, ..self.message.clone() }, ..self.clone() }
    }

    pub fn service(&self) -> &'static str {
        match self.service {
            Service::S3 => "s3",
            Service::Sqs => "sqs",
        }
    }

    pub fn protocol(&self) -> Protocol {
        if self.http { Protocol::Http } else { Protocol::Https }
    }

    pub fn plus_sign(&self) -> PlusSign {
        if self.literal_plus { PlusSign::Literal } else { PlusSign::Space }
    }

    pub fn path_rule(&self) -> PathRule {
        match self.rule {
            Rule::OfService => PathRule::for_service(self.service()),
            Rule::Given { double_encode, normalize } => PathRule { double_encode, normalize },
        }
    }

    pub fn token_placement(&self) -> TokenPlacement {
        match self.token {
            Token::None | Token::Signed => TokenPlacement::Signed,
            Token::AppendedUnsigned => TokenPlacement::AppendedUnsigned,
            Token::S3Express => TokenPlacement::S3Express,
        }
    }

    /// The caller's headers that are signed: in the URL all but those that change on the way.
    pub fn signs(&self, name: &str, presigned: bool) -> bool {
        let name = name.to_ascii_lowercase();
        let essential = name == "content-type" || name == "content-md5" || name.starts_with("x-amz-");
        let changes = ["accept-encoding", "forwarded", "max-forwards", "proxy-connection", "via"]
            .contains(&&*name)
            || name.starts_with("sec-")
            || name.starts_with("x-forwarded-");
        let never = awsauth_conformance::reference::NEVER_SIGNED.contains(&&*name);
        match self.all_headers {
            true => essential || !never,
            false => {
                if presigned {
                    !never && !changes
                } else {
                    essential
                }
            }
        }
    }

    /// What a request states of its body.
    pub fn stated_payload(&self) -> String {
        self.payload().to_string()
    }

    /// The same with a header that states `payload`, where a presigned URL without one would say another thing.
    pub fn stating<'t>(&'t self, payload: &'t str) -> Signing<'t> {
        let mut stating = self.clone();
        if self.unsigned_payload != matches!(self.service, Service::S3) {
            stating.message.headers.push(("x-amz-content-sha256", payload.as_bytes()));
        }
        stating
    }

    fn payload(&self) -> PayloadHash {
        if self.unsigned_payload { PayloadHash::Unsigned } else { PayloadHash::of(self.message.body) }
    }

    fn names(&self, presigned: bool) -> Vec<&'a str> {
        let names = self.message.headers.iter().map(|(name, _)| *name);
        names.filter(|name| self.signs(name, presigned)).collect()
    }

    fn options<'o>(&self, names: &'o [&'o str]) -> SigningOptions<'o> {
        let mut options = SigningOptions::DEFAULT;
        options.content_sha256_header = self.content_sha256_header;
        options.path_rule = match self.rule {
            Rule::OfService => None,
            Rule::Given { .. } => Some(self.path_rule()),
        };
        options.plus_sign = self.plus_sign();
        if self.repeats_allowed {
            options.repeated_parameters = RepeatedParameters::Allowed;
        }
        options.session_token = (self.token != Token::None).then_some(SESSION_TOKEN);
        if self.all_headers {
            options.signed_headers = SignedHeaders::Named(names);
        }
        options.token_placement = self.token_placement();
        options
    }
}

impl<'a> Message<'a> {
    pub fn headers(&self) -> Vec<Header<'a>> {
        self.headers.iter().map(|(name, value)| Header::new(name, value)).collect()
    }

    pub fn request<'r>(&'r self, headers: &'r [Header<'r>]) -> Request<'r> {
        Request::from_parts(self.method, self.path, self.query, self.host).headers(headers)
    }
}
