use core::fmt;

use super::authorization::{Algorithm, Authentication};
use super::awaited_signature::AwaitedSignature;
use super::credential::{Credential, graphic};
use super::headers::{AuthenticationHeaders, check_signed, split_list};
use super::host::SignedHost;
use super::key::VerifyingKey;
use super::part_name::PartName;
use super::path::CanonicalPath;
use super::payload::{self, Body};
use super::policy::VerifyPolicy;
use super::presented_signature::PresentedSignature;
use super::presigned::Parameters;
use super::reading::find_reading;
use super::refusal::Refusal;
use super::region_set::RegionSet;
use super::scope_and_time::{check_region, check_scope, check_time};
use super::token::SessionToken;
use crate::canonical::header_list::SignedHeaderName;
use crate::canonical::header_list::{HeaderList, SortedNames};
use crate::canonical::header_selection::Replaces;
use crate::canonical::path::{self, PathRule, is_s3};
use crate::canonical::query::Keep;
use crate::hash::HmacKey;
use crate::schemes::sigv4::{
    CanonicalRequest, CredentialScope, RepeatedParameters, Signature, StringToSign, TokenPlacement,
};
use crate::text::hex;
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::PayloadHash;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::Timestamp;

/// What a request claims: who signed it, when and for which scope. Everything but the signature has been checked.
#[derive(Clone)]
pub struct Claim<'a> {
    credential: Credential<'a>,
    time: Timestamp,
    expires: Option<u32>,
    session_token: Option<SessionToken<'a>>,
    signed_headers: HeaderList<'a>,
    /// With the host in its normal form, unless another reading of the request turns out to be the signed one.
    canonical_request: CanonicalRequest<'a>,
    received_host: &'a [u8],
    algorithm: Algorithm,
    presented: Presented<'a>,
    host: SignedHost<'a>,
    body: Body,
    /// The body's hash is the payload's line, and not known yet.
    awaits_payload_hash: bool,
    /// The length of the data in an `aws-chunked` body, in bytes.
    decoded_length: u64,
    /// The value of its `x-amz-trailer`.
    trailers: &'a [u8],
    /// The policy's, for messages of an event stream.
    allowed_skew: u32,
}

#[derive(Clone, Copy)]
enum Presented<'a> {
    Mac(PresentedSignature),
    /// Whoever has the public key verifies it: the signature in lower-case hex, and the Regions that it is valid in.
    Asymmetric(&'a str, RegionSet<'a>),
}

impl<'a> Claim<'a> {
    /// Returns the names of the signed headers: lower-case and sorted.
    pub fn signed_headers(&self) -> impl Iterator<Item = SignedHeaderName<'a>> {
        self.signed_headers.names()
    }

    /// Returns the access key ID, to look the secret up by. The sender may have written anything, so do not trust it,
    /// except that it is 1 to 128 characters of printable ASCII without space, comma and slash. That is more than AWS's
    /// own letters and digits, because other issuers have others: `:` in Swift's, any of them in those of Ceph and
    /// MinIO. Escape it in queries and logs.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id.as_str()
    }

    /// Returns the credential scope, to look a derived key up by.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.credential.scope()
    }

    /// Returns the session token, which its issuer must check.
    #[must_use]
    pub fn session_token(&self) -> Option<SessionToken<'a>> {
        self.session_token
    }

    /// Returns when the request was signed.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Returns how long a presigned URL is valid, in seconds after [`time`](Self::time); `None` if it is not presigned.
    #[must_use]
    pub fn expires(&self) -> Option<u32> {
        self.expires
    }

    /// Returns whether `header`, in any case, is signed.
    #[must_use]
    pub fn is_signed(&self, header: &str) -> bool {
        self.signed_headers.has(header)
    }

    /// Returns the host that the request was signed for: route by it.
    #[must_use]
    pub fn host(&self) -> SignedHost<'a> {
        self.host
    }

    /// Returns what the signature says of the body; if it [awaits the hash](Self::awaits_payload_hash), the hash of an
    /// empty body until the body has come.
    #[must_use]
    pub fn payload_hash(&self) -> PayloadHash {
        self.canonical_request.payload
    }

    /// Returns the path that was signed, to route by: the request's own may be another way to write it.
    #[must_use]
    pub fn canonical_path(&self) -> CanonicalPath<'a> {
        CanonicalPath::new(self.canonical_request.path)
    }

    /// Returns whether the request does not state the hash of its body, and the body is still to come: until then,
    /// canonical request and string to sign are those of an empty body.
    #[must_use]
    pub fn awaits_payload_hash(&self) -> bool {
        self.awaits_payload_hash
    }

    /// Returns the canonical request, as S3 shows it to those whose signature it refuses.
    ///
    /// Where clients sign in different ways, it is the most common one: the host in lower case and without the
    /// protocol's default port, tabs within values as spaces. After verification it is the one that was signed.
    #[must_use]
    pub fn canonical_request(&self) -> &CanonicalRequest<'a> {
        &self.canonical_request
    }

    /// Returns the string to sign.
    #[must_use]
    pub fn string_to_sign(&self) -> StringToSign<'_> {
        StringToSign::new(self.algorithm.name, self.time, self.scope(), self.canonical_request.sha256())
    }
}

impl<'a> Claim<'a> {
    pub(super) fn read(
        policy: &VerifyPolicy<'a>,
        request: &Request<'a>,
        body: Body,
        now: Timestamp,
        algorithm: Algorithm,
    ) -> Result<Self, Refusal> {
        request.check_method()?;
        let host = SignedHost::read(request, policy.signed_host)?;
        let headers = AuthenticationHeaders::read(request.headers)?;
        let parameters = Parameters::read(request.query)?;
        let presigned = parameters.is_presigned();
        let (authentication, time, expires) = match headers.authorization {
            Some(_) if presigned => return Err(Refusal::repeated("authorization")),
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
            let (text, name) = match presigned {
                true => (parameters.region_set, "X-Amz-Region-Set"),
                false => (headers.region_set, "x-amz-region-set"),
            };
            let regions = text.ok_or_else(|| Refusal::incomplete(name))?;
            let regions = RegionSet::read(regions, presigned.then_some(policy.plus_sign)).ok_or(malformed)?;
            if policy.region.is_some_and(|region| !regions.has(region)) {
                return Err(Refusal::WrongRegion);
            }
            Presented::Asymmetric(lower_hex(signature).ok_or(malformed)?, regions)
        };
        check_scope(policy, credential.scope(), time)?;
        check_time(policy, time, expires, now)?;
        let listed = split_list(signed_headers, malformed)?;
        let scope = credential.scope();
        let service = scope.service();
        check_signed(policy, service, request.headers, &listed)?;
        let parameter = if presigned { parameters.content_sha256 } else { None };
        let stated = payload::stated(parameter, headers.content_sha256)?;
        if stated.is_none() && !presigned {
            policy.check_missing_payload_hash(service)?;
        }
        let payload = policy.payload(stated, presigned, body, algorithm, service)?;
        let (decoded_length, trailers) = match payload {
            Some(payload) if payload::is_chunked(payload) => {
                (payload::decoded_length(request.headers)?, payload::trailers(request.headers)?)
            }
            _ => (0, &b""[..]),
        };
        let keep = match policy.token_placement.for_service(service) {
            TokenPlacement::AppendedUnsigned => Keep::AllButSignatureAndToken,
            _ => Keep::AllButSignature,
        };
        let rule = policy.path_rule.unwrap_or(PathRule::for_service(service));
        let mut canonical_request = CanonicalRequest::blank();
        canonical_request.method = request.method;
        canonical_request.path = path::CanonicalPath::new(request.path, rule)?;
        policy.check_path(&canonical_request.path)?;
        canonical_request.payload = payload.unwrap_or(PayloadHash::EMPTY);
        canonical_request.query.collect(request.query, policy.plus_sign, keep)?;
        if is_s3(service)
            && policy.repeated_parameters != RepeatedParameters::Allowed
            && canonical_request.query.has_repeated_name()
        {
            return Err(Error::RepeatedParameter.into());
        }
        let received_host = collect_listed(&mut canonical_request, request, policy, &listed)?;
        let session_token = match (
            presented_token(
                "x-amz-s3session-token",
                parameters.s3_session_token,
                headers.s3_session_token,
                policy,
            )?,
            presented_token(
                "x-amz-security-token",
                parameters.security_token,
                headers.security_token,
                policy,
            )?,
        ) {
            (Some(_), Some(_)) => return Err(Refusal::repeated("x-amz-s3session-token")),
            (express, token) => express.or(token),
        };
        Ok(Self {
            credential,
            time,
            expires,
            session_token,
            signed_headers,
            canonical_request,
            received_host,
            algorithm,
            presented,
            host,
            body,
            awaits_payload_hash: payload.is_none(),
            decoded_length,
            trailers,
            allowed_skew: policy.allowed_skew,
        })
    }

    /// Checks the signature, in constant time; returns the key that verified it, and the signature.
    pub(super) fn check_signature(
        &mut self,
        key: &(impl VerifyingKey + ?Sized),
    ) -> Result<(HmacKey, Signature), Refusal> {
        let Presented::Mac(presented) = self.presented else { return Err(Refusal::UnsupportedAlgorithm) };
        let key = key.signing_key(self.credential.scope());
        let is_signed = |canonical_request: &CanonicalRequest<'_>| {
            let (scope, digest) = (self.credential.scope(), canonical_request.sha256());
            presented.is(&key.sign(&StringToSign::new(self.algorithm.name, self.time, scope, digest)))
        };
        if !find_reading(&mut self.canonical_request, self.received_host, is_signed) {
            return Err(Refusal::SignatureMismatch);
        }
        Ok((key.hmac_key().clone(), presented.to_signature()))
    }

    /// Returns whether the request is signed, in one of its readings; `is_signed` decides by the SHA-256 of the string
    /// to sign.
    pub(super) fn is_signed_as(&mut self, mut is_signed: impl FnMut(&[u8; 32]) -> bool) -> bool {
        let (scope, name, time) = (self.credential.scope(), self.algorithm.name, self.time);
        find_reading(&mut self.canonical_request, self.received_host, |canonical_request| {
            is_signed(&StringToSign::new(name, time, scope, canonical_request.sha256()).sha256())
        })
    }

    /// Checks that the body, if it was given, is the one that was signed.
    pub(super) fn check_given_body(&self) -> Result<(), Refusal> {
        match (self.payload_hash(), self.body) {
            (PayloadHash::Unsigned, _) => Ok(()),
            (PayloadHash::Sha256(signed), Body::Read(digest)) if signed == digest => Ok(()),
            (PayloadHash::Sha256(_), Body::Read(_)) => Err(Refusal::PayloadMismatch),
            _ => Err(Refusal::PayloadHashNeeded),
        }
    }

    /// Returns the length of the data in an `aws-chunked` body, in bytes.
    pub(super) fn decoded_length(&self) -> u64 {
        self.decoded_length
    }

    /// Returns the value of `x-amz-trailer`, of an `aws-chunked` body.
    pub(super) fn trailers(&self) -> &'a [u8] {
        self.trailers
    }

    pub(super) fn allowed_skew(&self) -> u32 {
        self.allowed_skew
    }

    pub(super) fn credential(&self) -> &Credential<'a> {
        &self.credential
    }

    /// Returns the claim with this body, whose hash the signature covers.
    pub(super) fn with_body(mut self, sha256: [u8; 32]) -> Self {
        self.canonical_request.payload = PayloadHash::Sha256(sha256);
        self.body = Body::Read(sha256);
        self.awaits_payload_hash = false;
        self
    }

    /// Returns the signature, to be checked with a body that is still to come.
    pub(super) fn awaited(&self, key: HmacKey) -> Option<AwaitedSignature> {
        let Presented::Mac(presented) = self.presented else { return None };
        Some(AwaitedSignature::new(key, presented, self.time, &self.canonical_request, self.received_host))
    }

    /// Returns the digits of a signature that is not a MAC, and the Regions that it is valid in.
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

/// Collects the listed headers, all of which must be present, and returns the host as it was received.
fn collect_listed<'a>(
    canonical_request: &mut CanonicalRequest<'a>,
    request: &Request<'a>,
    policy: &VerifyPolicy<'a>,
    listed: &SortedNames<'_>,
) -> Result<&'a [u8], Refusal> {
    let mut present = 0;
    let host = canonical_request.headers.collect_listed(
        request,
        policy.signed_host,
        listed,
        Replaces::NONE,
        |_| false,
        &mut present,
    )?;
    match listed.get(present.trailing_ones() as usize) {
        Some(missing) => Err(Refusal::MissingSignedHeader(PartName::of(missing.bytes()))),
        None => Ok(host),
    }
}

fn lower_hex(text: &[u8]) -> Option<&str> {
    graphic(text).filter(|text| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// One kind of session token, which can be in the URL or in a header.
fn presented_token<'a>(
    name: &str,
    parameter: Option<&'a [u8]>,
    header: Option<&'a [u8]>,
    policy: &VerifyPolicy<'_>,
) -> Result<Option<SessionToken<'a>>, Refusal> {
    match (parameter, header) {
        (Some(_), Some(_)) => Err(Refusal::repeated(name)),
        (Some(text), None) => Ok(Some(SessionToken::encoded(text, policy.plus_sign))),
        (None, header) => Ok(header.map(SessionToken::plain)),
    }
}
