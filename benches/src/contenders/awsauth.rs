//! awsauth-core: signs, and renders target and headers, or the URL, into a buffer that is used again.

use core::hint::black_box;

use awsauth_core::{
    CredentialScope, Header, PayloadHash, Request, Signed, SignedHeaders, SigningKey, SigningOptions,
    SigningSpace, Sigv4, Timestamp,
};

use crate::case::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY, TIME};
use crate::contender::{Contender, Proof, Turns, between};

/// With the key derived in every job.
#[derive(Debug)]
pub struct Awsauth<'c>(Jobs<'c>);

/// With a prepared key.
#[derive(Debug)]
pub struct AwsauthCached<'c> {
    jobs: Jobs<'c>,
    key: SigningKey<'c>,
}

#[derive(Debug)]
struct Jobs<'c> {
    turns: Turns<'c>,
    lent: Vec<Lent<'c>>,
    now: Timestamp,
    sent: Vec<u8>,
}

/// A case in awsauth's terms, which borrow all of it.
#[derive(Debug)]
struct Lent<'c> {
    headers: Vec<Header<'c>>,
    payload: PayloadHash,
}

impl<'c> Awsauth<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        Self(Jobs::new(cases))
    }
}

impl Contender for Awsauth<'_> {
    fn name(&self) -> &'static str {
        "awsauth"
    }

    fn note(&self) -> &'static str {
        "derives the key each time; renders target and headers, or the URL, into a buffer that is used again"
    }

    fn run(&mut self) {
        let scope = self.0.scope();
        let key = SigningKey::derive(black_box(SECRET_ACCESS_KEY), scope);
        self.0.run(&key);
    }

    fn proof(&mut self) -> Option<Proof> {
        self.run();
        Some(self.0.proof())
    }
}

impl<'c> AwsauthCached<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        let jobs = Jobs::new(cases);
        let key = SigningKey::derive(SECRET_ACCESS_KEY, jobs.scope());
        Self { jobs, key }
    }
}

impl Contender for AwsauthCached<'_> {
    fn name(&self) -> &'static str {
        "awsauth-cached"
    }

    fn note(&self) -> &'static str {
        "as awsauth, with the key derived once"
    }

    fn derives(&self) -> bool {
        false
    }

    fn run(&mut self) {
        self.jobs.run(black_box(&self.key));
    }

    fn proof(&mut self) -> Option<Proof> {
        self.run();
        Some(self.jobs.proof())
    }
}

impl<'c> Jobs<'c> {
    fn new(cases: &'c [Case]) -> Self {
        let lent = cases.iter().map(Lent::new).collect();
        Self { turns: Turns::new(cases), lent, now: time(TIME), sent: Vec::with_capacity(4096) }
    }

    #[inline]
    fn scope(&self) -> CredentialScope<'c> {
        let case = self.turns.peek();
        CredentialScope::new(self.now.date(), black_box(REGION), case.service).expect("a scope")
    }

    #[inline]
    fn run(&mut self, key: &SigningKey<'_>) {
        let (place, case) = self.turns.next();
        let mut space = SigningSpace::new();
        let signed = black_box(&self.lent[place]).sign(&mut space, case, key, self.now);
        self.sent.clear();
        let sent = &mut self.sent;
        let mut sink = |bytes: &[u8]| sent.extend_from_slice(bytes);
        signed.target().write_to(&mut sink);
        for (name, value) in signed.headers() {
            sink(name.as_bytes());
            sink(b":");
            value.write_to(&mut sink);
            sink(b"\n");
        }
        black_box(&self.sent);
    }

    /// Read from what was rendered.
    fn proof(&self) -> Proof {
        let sent = core::str::from_utf8(&self.sent).expect("headers and targets are ASCII");
        match sent.contains("X-Amz-Signature=") {
            true => Proof {
                time: between(sent, "X-Amz-Date=", '&'),
                signature: between(sent, "X-Amz-Signature=", '&'),
            },
            false => Proof {
                time: between(sent, "x-amz-date:", '\n'),
                signature: between(sent, ", Signature=", '\n'),
            },
        }
    }
}

impl<'c> Lent<'c> {
    fn new(case: &'c Case) -> Self {
        let headers = case.headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let payload = match case.body_sha256 {
            Some(digest) => PayloadHash::parse(digest).expect("a digest"),
            None => PayloadHash::Unsigned,
        };
        Self { headers, payload }
    }

    #[inline]
    fn sign<'l, 's>(
        &'l self,
        space: &'s mut SigningSpace<'l>,
        case: &'l Case,
        key: &'l SigningKey<'l>,
        now: Timestamp,
    ) -> &'s Signed<'l> {
        let request = Request::new(case.method, &case.target, case.host).headers(&self.headers);
        let mut options = SigningOptions::DEFAULT;
        options.session_token = case.token;
        // The rivals sign all that they are given.
        options.signed_headers =
            if case.service == "s3" { SignedHeaders::Essential } else { SignedHeaders::AllButHopByHop };
        let signer = Sigv4::new(ACCESS_KEY_ID, key).options(options);
        match case.expires {
            Some(expires) => signer.presign_into(space, &request, self.payload, now, expires),
            None => signer.sign_into(space, &request, self.payload, now),
        }
        .expect("a well-formed request")
    }
}

/// The signature of `case` at this time.
///
/// # Panics
/// If `time_text` is no time.
#[must_use]
pub fn signature(case: &Case, time_text: &str) -> String {
    let now = time(time_text);
    let scope = CredentialScope::new(now.date(), REGION, case.service).expect("a scope");
    let key = SigningKey::derive(SECRET_ACCESS_KEY, scope);
    Lent::new(case).sign(&mut SigningSpace::new(), case, &key, now).signature().to_string()
}

/// The bytes that any signer of `case` hashes: the canonical request and the string to sign.
#[must_use]
pub fn hashed(case: &Case) -> [Vec<u8>; 2] {
    let now = time(TIME);
    let scope = CredentialScope::new(now.date(), REGION, case.service).expect("a scope");
    let key = SigningKey::derive(SECRET_ACCESS_KEY, scope);
    let lent = Lent::new(case);
    let mut space = SigningSpace::new();
    let signed = lent.sign(&mut space, case, &key, now);
    let [mut canonical_request, mut string_to_sign] = [Vec::new(), Vec::new()];
    signed.canonical_request().write_to(&mut |bytes: &[u8]| canonical_request.extend_from_slice(bytes));
    signed.string_to_sign().write_to(&mut |bytes: &[u8]| string_to_sign.extend_from_slice(bytes));
    [canonical_request, string_to_sign]
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time such as 20150830T123600Z")
}
