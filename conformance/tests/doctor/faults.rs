//! The seeded faults, and what the doctor is to make of each.

use core::time::Duration;
use std::time::SystemTime;

use awsauth_http::explain::Cause;
use awsauth_http::{Credentials, Signer};
use bytes::Bytes;
use http::{HeaderValue, Method, Request};

use Cause::*;
use Seed::*;

pub(crate) type Change = fn(&mut Request<Bytes>);

pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) seed: Seed,
    /// The cause, going by a server that shows its canonical request; `None` if that takes it.
    pub(crate) told: Option<Cause>,
    /// The cause, going by a server that says little but the code; `None` if that takes it, or it does not show.
    pub(crate) silent: Option<Cause>,
}

/// Where a fault is.
pub(crate) enum Seed {
    /// In what stands between: the signed request is changed.
    OnTheWay(Change),
    /// In the program: the signed request is changed, and then traced.
    AfterSigning(Change),
    /// There is no signature.
    Unsigned,
    /// In the signer: its canonical request has the second in place of the first.
    InSigner(&'static str, &'static str),
    /// In how the signer is set.
    Setting(fn(Signer) -> Signer),
    /// In the credentials.
    Keys(fn(&Credentials) -> Credentials),
    /// In a presigned URL: how the signer is set, for how many seconds it signs, and what of its query is replaced.
    InUrl(fn(Signer) -> Signer, u64, &'static str, &'static str),
}

/// One that only a server that shows its canonical request lets the doctor see.
const fn told(name: &'static str, seed: Seed, cause: Cause) -> Fault {
    Fault { name, seed, told: Some(cause), silent: None }
}

/// One that any server lets it see.
const fn any(name: &'static str, seed: Seed, cause: Cause) -> Fault {
    Fault { name, seed, told: Some(cause), silent: Some(cause) }
}

/// One that each kind of server takes in another way.
const fn each(name: &'static str, seed: Seed, told: Option<Cause>, silent: Option<Cause>) -> Fault {
    Fault { name, seed, told, silent }
}

pub(crate) fn faults() -> Vec<Fault> {
    vec![
        told("another method", OnTheWay(|it| *it.method_mut() = Method::GET), DifferentMethod),
        told(
            "a path encoded again",
            OnTheWay(|it| target(it, "a%20b/c%2Bd%28e%29", "a%2520b/c%252Bd%2528e%2529")),
            PathEncodedOnce,
        ),
        told("a slash added to the path", OnTheWay(|it| target(it, ".txt?", ".txt/?")), TrailingSlash),
        told(
            "a prefix added to the path",
            OnTheWay(|it| target(it, "/doctor/", "/mount/doctor/")),
            PathPrefix,
        ),
        told(
            "a prefix stripped from the path",
            OnTheWay(|it| target(it, "/doctor/a%20b", "/doctor")),
            DifferentPath,
        ),
        told("a plus of the path read as a space", OnTheWay(|it| target(it, "c%2Bd", "c%20d")), PlusInPath),
        told("another object", OnTheWay(|it| target(it, ".txt", ".csv")), DifferentPath),
        told("a double slash resolved", OnTheWay(|it| target(it, "//twice/", "/twice/")), UnnormalizedPath),
        told("a parameter added", OnTheWay(|it| target(it, "?flag", "?extra=1&flag")), AddedParameter),
        told("a parameter dropped", OnTheWay(|it| target(it, "&z=1%2F2", "")), DroppedParameter),
        told("a parameter's value changed", OnTheWay(|it| target(it, "z=1", "z=2")), DifferentQuery),
        told("a plus of the query left bare", OnTheWay(|it| target(it, "p=a%2Bb", "p=a+b")), PlusInQuery),
        told("a query encoded again", OnTheWay(|it| target(it, "z=1%2F2", "z=1%252F2")), QueryEncodedTwice),
        told("a header changed", OnTheWay(|it| header(it, "x-amz-meta-a", "2")), DifferentHeader),
        told("a header emptied", OnTheWay(|it| header(it, "x-amz-meta-a", "")), DroppedHeader),
        told("a user agent of the proxy's", OnTheWay(|it| header(it, "user-agent", "proxy")), ProxiedHeader),
        told("a list joined otherwise", OnTheWay(|it| header(it, "x-list", "b,a")), HeaderSeparator),
        told("a list in another order", OnTheWay(|it| header(it, "x-list", "a, b")), HeaderSeparator),
        told(
            "a charset added to the content-type",
            OnTheWay(|it| header(it, "content-type", "text/plain; charset=utf-8")),
            ContentType,
        ),
        told(
            "a header's value in Latin-1",
            OnTheWay(|it| drop(it.headers_mut().insert("x-note", latin1()))),
            HeaderCharset,
        ),
        told("a later time", OnTheWay(date), WrongTime),
        told("the host of a backend", OnTheWay(|it| header(it, "host", "backend.internal")), DifferentHost),
        told("a host without its port", OnTheWay(|it| header(it, "host", "127.0.0.1")), HostPort),
        told(
            "a payload declared unsigned",
            OnTheWay(|it| header(it, "x-amz-content-sha256", "UNSIGNED-PAYLOAD")),
            PayloadLiteral,
        ),
        told("an x-amz header added", OnTheWay(|it| header(it, "x-amz-acl", "private")), UnsignedHeader),
        told("another body", OnTheWay(|it| *it.body_mut() = Bytes::from_static(b"bodz\n")), BodyChanged),
        each(
            "authentication stripped",
            OnTheWay(|it| drop(it.headers_mut().remove("authorization"))),
            Some(NotAuthentication),
            Some(NotSigned),
        ),
        any("no signature", Unsigned, NotSigned),
        any(
            "two authentications",
            AfterSigning(|it| target(it, "?flag", "?X-Amz-Signature=0&X-Amz-Credential=a&flag")),
            RepeatedAuthentication,
        ),
        each(
            "an x-amz header added after signing",
            AfterSigning(|it| header(it, "x-amz-acl", "private")),
            Some(UnsignedHeader),
            None,
        ),
        any(
            "a header changed after signing",
            AfterSigning(|it| header(it, "x-amz-meta-a", "2")),
            ChangedAfterSigning,
        ),
        any(
            "a path changed after signing",
            AfterSigning(|it| target(it, ".txt", ".csv")),
            ChangedAfterSigning,
        ),
        any(
            "a charset added after signing",
            AfterSigning(|it| header(it, "content-type", "text/plain; charset=utf-8")),
            ContentType,
        ),
        any("a port dropped after signing", AfterSigning(|it| header(it, "host", "127.0.0.1")), HostPort),
        any(
            "a path encoded twice",
            InSigner("a%20b/c%2Bd%28e%29", "a%2520b/c%252Bd%2528e%2529"),
            PathEncodedTwice,
        ),
        any("a path not encoded", InSigner("/a%20b/c%2Bd%28e%29/", "/a b/c+d(e)/"), PathEncoding),
        any("a plus of the path as a space", InSigner("c%2Bd%28e%29", "c%20d%28e%29"), PlusInPath),
        any("a path without its bucket", InSigner("/doctor/a%20b", "/a%20b"), PathPrefix),
        any("a path resolved", InSigner("//twice/", "/twice/"), NormalizedPath),
        any("an unsorted query", InSigner("flag=&p=a%2Bb&z=1%2F2", "p=a%2Bb&flag=&z=1%2F2"), QueryOrder),
        any("a bare key without =", InSigner("flag=&", "flag&"), UnencodedBareKey),
        any("a plus of the query as a space", InSigner("p=a%2Bb", "p=a%20b"), PlusInQuery),
        any("lower-case escapes", InSigner("a%2Bb&z=1%2F2", "a%2bb&z=1%2f2"), QueryEncoding),
        any("a slash of the query left bare", InSigner("1%2F2", "1/2"), QueryEncoding),
        any("a query encoded twice", InSigner("a%2Bb&z=1%2F2", "a%252Bb&z=1%252F2"), QueryEncodedTwice),
        any("a host without its port", InSigner("{host}", "127.0.0.1"), HostPort),
        any("an empty content-type", InSigner("content-type:text/plain", "content-type:"), AddedHeader),
        any("an empty body", InSigner("{body}", "{empty}"), BodyNotSigned),
        any("an unsigned body", InSigner("{body}", "UNSIGNED-PAYLOAD"), PayloadLiteral),
        any("a trimmed body", InSigner("{body}", "{trimmed}"), BodyNewline),
        any("a list joined otherwise", InSigner("x-list:b, a", "x-list:b,a"), HeaderSeparator),
        each(
            "a wrong secret",
            Keys(|keys| secret(keys, |_| "wrong".into())),
            Some(WrongSecret),
            Some(WrongSecretOrChanged),
        ),
        any("a secret in single quotes", Keys(|keys| secret(keys, |text| format!("'{text}'"))), SecretQuoted),
        any("a secret in quotes", Keys(|keys| secret(keys, |text| format!("\"{text}\""))), SecretQuoted),
        any("an encoded secret", Keys(|keys| secret(keys, |text| text.replace('=', "%3D"))), SecretEncoded),
        each(
            "an unknown access key ID",
            Keys(|keys| Credentials::new("AKIANOBODY", keys.secret_access_key())),
            Some(WrongSecret),
            Some(UnknownAccessKeyId),
        ),
        told("another region", Setting(|signer| signer.region("eu-west-1")), WrongRegion),
        any("another service", Setting(|signer| signer.service("sqs")), WrongService),
        any("a clock an hour fast", Setting(|signer| shifted(signer, 3_600)), ClockSkew),
        any("a clock an hour slow", Setting(|signer| shifted(signer, -3_600)), ClockSkew),
        any("an expired URL", InUrl(|signer| shifted(signer, -3_600), 60, "", ""), ExpiredUrl),
        each(
            "a URL of a time to come",
            InUrl(|signer| shifted(signer, 3_600), 60, "", ""),
            None,
            Some(ClockSkew),
        ),
        told(
            "a URL for too long",
            InUrl(|signer| signer, 60, "X-Amz-Expires=60", "X-Amz-Expires=604801"),
            ExpiryOutOfRange,
        ),
        told("a URL's parameter changed", InUrl(|signer| signer, 60, "z=1", "z=2"), DifferentQuery),
        told(
            "a URL's expiry changed",
            InUrl(|signer| signer, 60, "X-Amz-Expires=60", "X-Amz-Expires=600"),
            DifferentQuery,
        ),
    ]
}

fn target(request: &mut Request<Bytes>, from: &str, to: &str) {
    let old = request.uri().to_string();
    let new = old.replacen(from, to, 1);
    assert_ne!(old, new);
    *request.uri_mut() = new.parse().unwrap();
}

fn header(request: &mut Request<Bytes>, name: &'static str, value: &'static str) {
    request.headers_mut().insert(name, HeaderValue::from_static(value));
}

/// Moves `x-amz-date` by a minute, within its hour.
fn date(request: &mut Request<Bytes>) {
    let old = request.headers()["x-amz-date"].to_str().unwrap().to_owned();
    let minute: u32 = old[11..13].parse().unwrap();
    let minute = if minute < 59 { minute + 1 } else { minute - 1 };
    let new = format!("{}{minute:02}{}", &old[..11], &old[13..]);
    request.headers_mut().insert("x-amz-date", new.parse().unwrap());
}

/// "café", which the request has in UTF-8.
fn latin1() -> HeaderValue {
    HeaderValue::from_bytes(b"caf\xe9").unwrap()
}

fn secret(keys: &Credentials, change: fn(&str) -> String) -> Credentials {
    Credentials::new(keys.access_key_id(), change(keys.secret_access_key()))
}

fn shifted(signer: Signer, seconds: i64) -> Signer {
    let by = Duration::from_secs(seconds.unsigned_abs());
    signer.clock(move || {
        let now = SystemTime::now();
        if seconds < 0 { now - by } else { now + by }
    })
}
