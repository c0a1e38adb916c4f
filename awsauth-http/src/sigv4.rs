//! One request signed with Signature Version 4: read, prepared, signed, and only then changed.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use awsauth_core::{AddedHeader, Header, PayloadHash, Protocol, Request, Scheme, Sigv4, Target, Timestamp};
use awsauth_credentials::Credentials;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use crate::endpoint::{Destination, is_s3_family, takes_unsigned_payload};
use crate::{Error, Presigned, RequestHead, Signed, Signer};

const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
const X_AMZ_S3SESSION_TOKEN: HeaderName = HeaderName::from_static("x-amz-s3session-token");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// The headers of an old signature.
const AUTHENTICATION: [HeaderName; 5] =
    [AUTHORIZATION, X_AMZ_DATE, X_AMZ_REGION_SET, X_AMZ_S3SESSION_TOKEN, X_AMZ_SECURITY_TOKEN];

/// Headers that fit on the stack.
const INLINE_HEADERS: usize = 32;

pub(crate) fn sign(
    signer: &Signer,
    credentials: &Credentials,
    now: Timestamp,
    head: &mut impl RequestHead,
    payload: PayloadHash,
) -> Result<Signed, Error> {
    let settings = signer.settings();
    let lent = Lent::of(head, settings.signed_host.as_deref())?;
    let destination = lent.destination(signer)?;
    if payload == PayloadHash::Unsigned && !takes_unsigned_payload(destination.service()) {
        return Err(Error::UnsignedPayload);
    }
    if is_aws_chunked(payload) && !is_s3_family(destination.service()) {
        return Err(Error::ChunkedPayload);
    }
    let key = signer.keys().get(credentials, now.date(), destination.region()?, destination.service())?;
    let (signature, target, added) = lent.with_request(head.headers(), |request| {
        let signing_key = key.signing_key()?;
        let signed = Sigv4::new(credentials.access_key_id(), &signing_key)
            .options(settings.options(credentials))
            .sign(request, payload, now)?;
        Ok((*signed.signature(), changed_target(signed.target(), &lent), Added::of(signed.headers())))
    })?;
    let host = match &settings.signed_host {
        Some(host) => Some(HeaderValue::from_str(host).map_err(|_| awsauth_core::Error::MalformedHost)?),
        None => None,
    };
    // The last step that can fail, and the first that changes anything.
    if let Some(target) = target {
        head.set_target(&target)?;
    }
    let headers = head.headers_mut();
    for name in AUTHENTICATION {
        headers.remove(name);
    }
    for (name, value) in added.0.into_iter().flatten() {
        headers.insert(name, value);
    }
    if let Some(host) = host {
        headers.insert(HOST, host);
    }
    Ok(Signed { key, credentials: credentials.clone(), signature, time: now })
}

pub(crate) fn presign(
    signer: &Signer,
    credentials: &Credentials,
    now: Timestamp,
    head: &impl RequestHead,
    body: &[u8],
    expires: Duration,
) -> Result<Presigned, Error> {
    let settings = signer.settings();
    let lent = Lent::of(head, settings.signed_host.as_deref())?;
    let destination = lent.destination(signer)?;
    let service = destination.service();
    let payload = if is_s3_family(service) { PayloadHash::Unsigned } else { PayloadHash::of(body) };
    let signed_at = UNIX_EPOCH + Duration::from_secs(now.unix_seconds());
    let expires = u32::try_from(expires.as_secs()).map_err(|_| awsauth_core::Error::ExpiryOutOfRange)?;
    let mut expires_at = signed_at + Duration::from_secs(expires.into());
    if let Some(end) = credentials.expires_at() {
        if end <= signed_at {
            return Err(Error::ExpiredCredentials);
        }
        expires_at = expires_at.min(end);
    }
    let key = signer.keys().get(credentials, now.date(), destination.region()?, service)?;
    let mut headers = HeaderMap::new();
    let (signature, target) = lent.with_request(head.headers(), |request| {
        let signing_key = key.signing_key()?;
        let signed = Sigv4::new(credentials.access_key_id(), &signing_key)
            .options(settings.options(credentials))
            .presign(request, payload, now, expires)?;
        let mut names = Vec::new();
        signed.canonical_request().write_signed_headers(&mut |bytes: &[u8]| names.extend_from_slice(bytes));
        for name in names.split(|byte| *byte == b';').filter(|name| *name != b"host") {
            let Ok(name) = HeaderName::from_bytes(name) else { continue };
            for value in head.headers().get_all(&name) {
                headers.append(&name, value.clone());
            }
        }
        Ok((*signed.signature(), text(&signed.target())))
    })?;
    let uri = lent.uri(&target)?;
    let method =
        Method::from_bytes(lent.method.as_bytes()).map_err(|_| awsauth_core::Error::MalformedMethod)?;
    let signed = Signed { key, credentials: credentials.clone(), signature, time: now };
    Ok(Presigned { method, uri, headers, expires_at, signed })
}

fn is_aws_chunked(payload: PayloadHash) -> bool {
    use PayloadHash::{StreamingSigned, StreamingSignedTrailer, StreamingUnsignedTrailer};
    matches!(payload, StreamingSigned | StreamingSignedTrailer | StreamingUnsignedTrailer)
}

/// The parts of a request that the core borrows, but for its headers.
struct Lent<'r> {
    method: &'r str,
    protocol: Protocol,
    host: &'r str,
    path: &'r str,
    query: &'r str,
}

impl<'r> Lent<'r> {
    fn of(head: &'r impl RequestHead, signed_host: Option<&'r str>) -> Result<Self, Error> {
        let host_header = || head.headers().get(HOST).and_then(|value| value.to_str().ok());
        let host = signed_host.or_else(host_header).or_else(|| head.authority()).ok_or(Error::NoHost)?;
        Ok(Self {
            method: head.method(),
            protocol: head.protocol()?.unwrap_or_default(),
            host,
            path: head.path(),
            query: head.query().unwrap_or_default(),
        })
    }

    fn destination<'s>(&self, signer: &'s Signer) -> Result<Destination<'s>, Error> {
        let destination = Destination::find(signer.settings(), self.host, self.path)?;
        match signer.settings().scheme.unwrap_or(destination.scheme()) {
            Scheme::Sigv4 => Ok(destination),
            scheme => Err(Error::Scheme(scheme)),
        }
    }

    fn with_request<T>(
        &self,
        headers: &HeaderMap,
        sign: impl FnOnce(&Request<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let request =
            Request::from_parts(self.method, self.path, self.query, self.host).protocol(self.protocol);
        let mut inline = [Header::EMPTY; INLINE_HEADERS];
        match inline.get_mut(..headers.len()) {
            Some(places) => {
                for (place, header) in places.iter_mut().zip(headers) {
                    *place = lend(header);
                }
                sign(&request.headers(places))
            }
            None => {
                let headers: Vec<_> = headers.iter().map(lend).collect();
                sign(&request.headers(&headers))
            }
        }
    }

    fn uri(&self, target: &str) -> Result<Uri, Error> {
        let scheme = match self.protocol {
            Protocol::Http => "http",
            Protocol::Https => "https",
        };
        Uri::builder()
            .scheme(scheme)
            .authority(self.host)
            .path_and_query(target)
            .build()
            .map_err(|_| Error::Rewritten)
    }
}

fn lend<'h>((name, value): (&'h HeaderName, &'h HeaderValue)) -> Header<'h> {
    Header::new(name.as_str(), value.as_bytes())
}

/// The canonical target, if it is not the one that the request has.
fn changed_target(target: Target<'_, '_>, lent: &Lent<'_>) -> Option<String> {
    let question_mark: &[u8] = if lent.query.is_empty() { b"" } else { b"?" };
    let mut expected = [lent.path.as_bytes(), question_mark, lent.query.as_bytes()].into_iter().flatten();
    let mut same = true;
    target.write_to(&mut |bytes: &[u8]| {
        same = same && bytes.iter().all(|byte| expected.next() == Some(byte));
    });
    let same = same && expected.next().is_none();
    (!same).then(|| text(&target))
}

/// The headers to set.
struct Added([Option<(HeaderName, HeaderValue)>; 6]);

impl Added {
    fn of<'s, 'a: 's>(headers: impl Iterator<Item = (&'static str, AddedHeader<'s, 'a>)>) -> Self {
        let mut added = [const { None }; 6];
        for (place, (name, value)) in added.iter_mut().zip(headers) {
            *place = header_value(&value).map(|value| (header_name(name), value));
        }
        Self(added)
    }
}

fn header_name(name: &'static str) -> HeaderName {
    match name {
        "authorization" => AUTHORIZATION,
        "x-amz-content-sha256" => X_AMZ_CONTENT_SHA256,
        "x-amz-date" => X_AMZ_DATE,
        "x-amz-region-set" => X_AMZ_REGION_SET,
        "x-amz-s3session-token" => X_AMZ_S3SESSION_TOKEN,
        _ => X_AMZ_SECURITY_TOKEN,
    }
}

/// A value in an allocation of just its size, the only one that it costs.
fn header_value(value: &AddedHeader<'_, '_>) -> Option<HeaderValue> {
    let mut inline = [0; 512];
    let mut length = 0;
    value.write_to(&mut |bytes: &[u8]| {
        if let Some(place) = inline.get_mut(length..length + bytes.len()) {
            place.copy_from_slice(bytes);
        }
        length += bytes.len();
    });
    let mut header = match inline.get(..length) {
        Some(bytes) => HeaderValue::from_bytes(bytes).ok()?,
        None => {
            let mut bytes = Vec::with_capacity(length);
            value.write_to(&mut |run: &[u8]| bytes.extend_from_slice(run));
            HeaderValue::from_maybe_shared(Bytes::from(bytes)).ok()?
        }
    };
    header.set_sensitive(value.is_sensitive());
    Some(header)
}

/// The target as text. Raw bytes that a path may hold are UTF-8, as the path that they come from is.
fn text(target: &Target<'_, '_>) -> String {
    let mut bytes = Vec::new();
    target.write_to(&mut |run: &[u8]| bytes.extend_from_slice(run));
    String::from_utf8(bytes).unwrap_or_default()
}
