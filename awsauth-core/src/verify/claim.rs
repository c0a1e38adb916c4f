use core::fmt;

use subtle::ConstantTimeEq;

use super::authorization::{Algorithm, Authentication};
use super::credential::{Credential, graphic};
use super::headers::{AuthenticationHeaders, check_list, check_signed};
use super::presigned::Parameters;
use super::region_set::RegionSet;
use super::{Policy, Refusal, SessionToken, SignedHeaderName, Verified, VerifyingKey};
use crate::canonical::header_list::HeaderList;
use crate::canonical::path::{CanonicalPath, PathRule};
use crate::canonical::query::Keep;
use crate::text::hex;
use crate::{
    CanonicalRequest, CredentialScope, PayloadHash, Request, Signature, StringToSign, Timestamp,
    TokenPlacement,
};

/// What a request claims: who signed it, when and for what. All but its signature has been checked.
#[derive(Clone)]
pub struct Claim<'a> {
    credential: Credential<'a>,
    time: Timestamp,
    expires: Option<u32>,
    session_token: Option<SessionToken<'a>>,
    signed_headers: HeaderList<'a>,
    canonical_request: CanonicalRequest<'a>,
    algorithm: Algorithm,
    presented: Presented<'a>,
    body_sha256: Option<[u8; 32]>,
}

#[derive(Clone, Copy)]
enum Presented<'a> {
    Mac(PresentedSignature),
    /// What whoever has the public key verifies: the signature in lower-case hex, and the Regions that it is for.
    Asymmetric(&'a str, RegionSet<'a>),
}

/// A stranger's signature. It can be compared in constant time, and in no other way.
#[derive(Clone, Copy)]
pub(super) struct PresentedSignature([u8; 32]);

impl PresentedSignature {
    pub(super) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn is(self, computed: &Signature) -> bool {
        self.0.ct_eq(computed.as_bytes()).into()
    }

    /// To be called where it was found right.
    fn to_signature(self) -> Signature {
        Signature::from_bytes(self.0)
    }
}

impl<'a> Claim<'a> {
    pub(super) fn read(
        policy: &Policy<'a>,
        request: &Request<'a>,
        body_sha256: Option<[u8; 32]>,
        now: Timestamp,
        algorithm: Algorithm,
    ) -> Result<Self, Refusal> {
        CanonicalRequest::check_method(request.method)?;
        let headers = AuthenticationHeaders::read(request.headers)?;
        let parameters = Parameters::read(request.query)?;
        let presigned = parameters.is_presigned();
        let (authentication, time, expires) = match headers.authorization {
            Some(_) if presigned => return Err(Refusal::RepeatedAuthentication),
            Some(header) => (Authentication::parse(header, algorithm)?, headers.time()?, None),
            None if presigned => {
                let authentication = parameters.authentication(policy.plus_sign, algorithm)?;
                let expires = parameters.expires(policy.maximum_expires)?;
                (authentication, parameters.time()?, Some(expires))
            }
            None => return Err(Refusal::MissingAuthentication),
        };
        let Authentication { credential, signed_headers, signature } = authentication;
        let malformed =
            if presigned { Refusal::MalformedQueryAuthentication } else { Refusal::MalformedAuthorization };
        let presented = if algorithm.has_region {
            check_region(policy, credential.scope().region())?;
            Presented::Mac(PresentedSignature::new(hex::decode(signature).ok_or(malformed)?))
        } else {
            let text = if presigned { parameters.region_set } else { headers.region_set };
            let regions = text.ok_or(Refusal::IncompleteSignature)?;
            let regions = RegionSet::read(regions, presigned.then_some(policy.plus_sign)).ok_or(malformed)?;
            if policy.region.is_some_and(|region| !regions.has(region)) {
                return Err(Refusal::WrongRegion);
            }
            Presented::Asymmetric(lower_hex(signature).ok_or(malformed)?, regions)
        };
        check_scope(policy, credential.scope(), time)?;
        check_time(policy, time, expires, now)?;
        let listed = check_list(signed_headers, malformed)?;
        check_signed(policy, request.headers, signed_headers)?;
        let scope = credential.scope();
        let service = scope.service();
        let stated = if presigned { parameters.content_sha256 } else { None }.or(headers.content_sha256);
        let payload = match (stated, body_sha256) {
            (Some(text), _) => stated_payload(text)?,
            (None, _) if presigned && policy.takes_unsigned_payload(service) => PayloadHash::Unsigned,
            (None, Some(digest)) => PayloadHash::Sha256(digest),
            (None, None) => return Err(Refusal::PayloadHashNeeded),
        };
        policy.check_payload(payload, service)?;
        let keep = match policy.token_placement {
            TokenPlacement::AppendedUnsigned => Keep::AllButSignatureAndToken,
            _ => Keep::AllButSignature,
        };
        let selection = signed_headers.selection();
        let rule = policy.path_rule.unwrap_or(PathRule::for_service(service));
        let mut canonical_request = CanonicalRequest::blank();
        canonical_request.method = request.method;
        canonical_request.path = CanonicalPath::new(request.path, rule)?;
        canonical_request.payload = payload;
        canonical_request.query.collect(request.query, policy.plus_sign, keep)?;
        canonical_request.headers.collect(request, policy.signed_host, selection, |_| false)?;
        if canonical_request.headers.count() != listed {
            return Err(Refusal::MissingSignedHeader);
        }
        let session_token = match (
            presented_token(parameters.s3_session_token, headers.s3_session_token, policy)?,
            presented_token(parameters.security_token, headers.security_token, policy)?,
        ) {
            (Some(_), Some(_)) => return Err(Refusal::RepeatedAuthentication),
            (express, token) => express.or(token),
        };
        Ok(Self {
            credential,
            time,
            expires,
            session_token,
            signed_headers,
            canonical_request,
            algorithm,
            presented,
            body_sha256,
        })
    }

    /// Checks the signature, in constant time, and that a body given is the signed one.
    ///
    /// # Errors
    /// [`Refusal::SignatureMismatch`], [`Refusal::PayloadMismatch`].
    pub fn verify(self, key: &(impl VerifyingKey + ?Sized)) -> Result<Verified<'a>, Refusal> {
        let Presented::Mac(presented) = self.presented else { return Err(Refusal::UnsupportedAlgorithm) };
        let key = key.signing_key(self.scope());
        if !presented.is(&key.sign(&self.string_to_sign())) {
            return Err(Refusal::SignatureMismatch);
        }
        self.check_given_body()?;
        let key = key.hmac_key().clone();
        Ok(Verified::new(self, key, presented.to_signature()))
    }

    /// The names of the signed headers: lower-case and sorted.
    pub fn signed_headers(&self) -> impl Iterator<Item = SignedHeaderName<'a>> {
        self.signed_headers.names()
    }

    /// The access key ID, to look the secret up by: whatever the sender wrote, and so not to be trusted, but 1 to 128
    /// characters of printable ASCII without space, comma and slash. That is more than AWS's own letters and digits, for
    /// other issuers have others: `:` in Swift's, any of them in those of Ceph and MinIO. Escape it for a query or a log.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id.as_str()
    }

    /// The credential scope, to look a derived key up by.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.credential.scope()
    }

    /// The session token, which whoever issued it must check.
    #[must_use]
    pub fn session_token(&self) -> Option<SessionToken<'a>> {
        self.session_token
    }

    /// When the request was signed.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Until when, seconds after [`time`](Self::time), a presigned URL is valid; `None` if it is not one.
    #[must_use]
    pub fn expires(&self) -> Option<u32> {
        self.expires
    }

    /// Whether this header, whose name may be in any case, is signed.
    #[must_use]
    pub fn is_signed(&self, header: &str) -> bool {
        self.signed_headers.has(header)
    }

    /// What the signature says of the body.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.canonical_request.payload
    }

    /// The canonical request, as S3 shows it to those whose signature it refuses.
    #[must_use]
    pub fn canonical_request(&self) -> &CanonicalRequest<'a> {
        &self.canonical_request
    }

    /// The string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'_> {
        StringToSign::new(self.algorithm.name, self.time, self.scope(), self.canonical_request.sha256())
    }

    /// Whether the body that was at hand, if it was, is the one that was signed.
    pub(super) fn check_given_body(&self) -> Result<(), Refusal> {
        self.body_sha256.map_or(Ok(()), |digest| self.check_body(&digest))
    }

    /// Whether a body with this SHA-256 is the one that was signed, as far as it was.
    pub(super) fn check_body(&self, sha256: &[u8; 32]) -> Result<(), Refusal> {
        match self.payload_hash() {
            PayloadHash::Sha256(signed) if signed != *sha256 => Err(Refusal::PayloadMismatch),
            _ => Ok(()),
        }
    }

    /// The digits of a signature that is no MAC, and the Regions that it is for.
    pub(super) fn asymmetric(&self) -> Option<(&'a str, RegionSet<'a>)> {
        match self.presented {
            Presented::Asymmetric(digits, regions) => Some((digits, regions)),
            Presented::Mac(_) => None,
        }
    }
}

impl fmt::Debug for Claim<'_> {
    /// Without the signature and the request.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("access_key_id", &self.access_key_id())
            .field("scope", &self.scope())
            .field("time", &self.time)
            .field("expires", &self.expires)
            .field("signed_headers", &self.signed_headers.text())
            .finish_non_exhaustive()
    }
}

pub(super) fn check_scope(
    policy: &Policy<'_>,
    scope: CredentialScope<'_>,
    time: Timestamp,
) -> Result<(), Refusal> {
    if policy.service.is_some_and(|service| service != scope.service()) {
        return Err(Refusal::WrongService);
    }
    if scope.date() != time.date() {
        return Err(Refusal::ScopeOfAnotherDay);
    }
    Ok(())
}

pub(super) fn check_region(policy: &Policy<'_>, region: Option<&str>) -> Result<(), Refusal> {
    if policy.region.is_some() && policy.region != region {
        return Err(Refusal::WrongRegion);
    }
    Ok(())
}

pub(super) fn check_time(
    policy: &Policy<'_>,
    time: Timestamp,
    expires: Option<u32>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (time, now) = (time.unix_seconds(), now.unix_seconds());
    let skew = u64::from(policy.allowed_skew);
    match expires {
        None if time.abs_diff(now) > skew => Err(Refusal::TimeTooSkewed),
        Some(_) if time > now + skew => Err(Refusal::NotYetValid),
        Some(expires) if now > time + u64::from(expires) => Err(Refusal::Expired),
        _ => Ok(()),
    }
}

fn lower_hex(text: &[u8]) -> Option<&str> {
    graphic(text).filter(|text| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

fn stated_payload(text: &[u8]) -> Result<PayloadHash, Refusal> {
    let text = core::str::from_utf8(text).map_err(|_| Refusal::MalformedPayloadHash)?;
    PayloadHash::parse(text).map_err(|_| Refusal::MalformedPayloadHash)
}

/// One kind of session token, which can be in the URL or in a header.
fn presented_token<'a>(
    parameter: Option<&'a [u8]>,
    header: Option<&'a [u8]>,
    policy: &Policy<'_>,
) -> Result<Option<SessionToken<'a>>, Refusal> {
    match (parameter, header) {
        (Some(_), Some(_)) => Err(Refusal::RepeatedAuthentication),
        (Some(text), None) => Ok(Some(SessionToken::encoded(text, policy.plus_sign))),
        (None, header) => Ok(header.map(SessionToken::plain)),
    }
}
