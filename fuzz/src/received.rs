//! A signed request as its server receives it.

use awsauth_core::verify::{MissingPayloadHash, Refusal, UnsignedPayload, VerifyPolicy};
use awsauth_core::{
    Header, PathRule, RepeatedParameters, Request, Timestamp, is_authentication_header, sha256,
};

use crate::signing::Signature;
use crate::{ACCESS_KEY_ID, NOW, SECRET_ACCESS_KEY, Signing};

/// Its parts as bytes: method, host, target, body, and a name and a value for each header.
#[derive(Clone, PartialEq)]
pub struct Received(pub Vec<Vec<u8>>);

/// The parts before the headers.
const METHOD_HOST_TARGET_BODY: usize = 4;

impl Received {
    pub fn new(input: &Signing<'_>, signature: &Signature) -> Self {
        let message = &input.message;
        let mut parts: Vec<Vec<u8>> = vec![
            message.method.into(),
            message.host.into(),
            signature.target.clone().into(),
            message.body.into(),
        ];
        for (name, value) in &message.headers {
            let is_replaced = signature.headers.iter().any(|(added, _)| added.eq_ignore_ascii_case(name));
            if !is_authentication_header(name) && !is_replaced {
                parts.extend([name.as_bytes().to_vec(), value.to_vec()]);
            }
        }
        for (name, value) in &signature.headers {
            parts.extend([name.as_bytes().to_vec(), value.clone().into_bytes()]);
        }
        Self(parts)
    }

    /// Verifies it as the server that `input` was signed for; `None` if it is no HTTP request.
    pub fn verify(&self, input: &Signing<'_>) -> Option<Result<(), Refusal>> {
        let [method, host, target, body, headers @ ..] = &*self.0 else { return None };
        let mut policy = VerifyPolicy::DEFAULT;
        policy.path_rule = Some(input.path_rule());
        policy.plus_sign = input.plus_sign();
        policy.token_placement = input.token_placement();
        policy.missing_payload_hash = MissingPayloadHash::Allowed;
        if input.repeats_allowed {
            policy.repeated_parameters = RepeatedParameters::Allowed;
        }
        policy.unsigned_payload =
            if input.unsigned_payload { UnsignedPayload::Allowed } else { UnsignedPayload::Refused };
        let text = |bytes| core::str::from_utf8(bytes).ok();
        let mut lent = Vec::new();
        for header in headers.chunks_exact(2) {
            let [name, value] = header else { return None };
            lent.push(Header::new(text(name)?, value));
        }
        // It came with an authority where it has no `host` header.
        let has_host = lent.iter().any(|header| header.name.eq_ignore_ascii_case("host"));
        let host = if has_host { "" } else { text(host)? };
        let request =
            Request::new(text(method)?, text(target)?, host).protocol(input.protocol()).headers(&lent);
        let now = Timestamp::parse(NOW).ok()?;
        let known = |id: &str| (id == ACCESS_KEY_ID).then_some(SECRET_ACCESS_KEY);
        Some(
            policy
                .verify(&request, Some(sha256(body)), now, |claim| known(claim.access_key_id()))
                .map(|_| ()),
        )
    }

    /// The part and the place of the bit that `at` stands for.
    pub fn flip(&mut self, at: usize, bit: u8) {
        let length: usize = self.0.iter().map(Vec::len).sum();
        let mut place = at % length.max(1);
        for part in &mut self.0 {
            match part.get_mut(place) {
                Some(byte) => return *byte ^= 1 << (bit % 8),
                None => place -= part.len(),
            }
        }
    }

    /// The same for all that means the same: another case in the host, in names of headers and in percent-escapes, but for
    /// those of a path that is encoded once more; no path in place of `/`, and an empty query in place of none.
    pub fn meaning(&self, path_rule: PathRule) -> Self {
        let mut parts = self.0.clone();
        for (at, part) in parts.iter_mut().enumerate() {
            let is_name = at >= METHOD_HOST_TARGET_BODY && at % 2 == 0;
            match at {
                1 => part.make_ascii_lowercase(),
                2 => {
                    let mut path = part.iter().position(|byte| *byte == b'?').unwrap_or(part.len());
                    if path == 0 {
                        part.insert(0, b'/');
                        path = 1;
                    }
                    let start = if path_rule.double_encode { path } else { 0 };
                    escapes_to_upper_case(&mut part[start..]);
                    if part.len() == path + 1 {
                        part.truncate(path);
                    }
                }
                _ if is_name => part.make_ascii_lowercase(),
                _ => {}
            }
        }
        Self(parts)
    }
}

fn escapes_to_upper_case(target: &mut [u8]) {
    let mut left = 0;
    for byte in target {
        if *byte == b'%' {
            left = 2;
        } else if left > 0 {
            left -= 1;
            byte.make_ascii_uppercase();
        }
    }
}
