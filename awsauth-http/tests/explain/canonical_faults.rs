//! Faults of the canonical request: the service's is told in full, by its hash, or not at all.

use awsauth_http::awsauth_core::sha256;
use awsauth_http::explain::{Cause, Trace};

use super::{Request, call, credentials, object, responses, signed};

struct Fault {
    name: &'static str,
    base: fn() -> Request,
    /// What stands in the signed canonical request, and what the service has in its place.
    ours: &'static str,
    theirs: &'static str,
    cause: Cause,
    /// Whether the service's hash suffices.
    by_hash: bool,
    /// The cause where the signer made the fault, the service is right, and says nothing.
    silent: Option<Cause>,
}

const fn fault(
    name: &'static str,
    base: fn() -> Request,
    [ours, theirs]: [&'static str; 2],
    cause: Cause,
) -> Fault {
    Fault { name, base, ours, theirs, cause, by_hash: true, silent: Some(cause) }
}

/// One that only the service's own canonical request shows.
const fn told(
    name: &'static str,
    base: fn() -> Request,
    [ours, theirs]: [&'static str; 2],
    cause: Cause,
) -> Fault {
    Fault { name, base, ours, theirs, cause, by_hash: false, silent: None }
}

/// One that looks otherwise from the other side.
const fn sided(fault: Fault, silent: Cause) -> Fault {
    Fault { silent: Some(silent), ..fault }
}

const HASH: &str = "x-amz-content-sha256:";

fn faults() -> Vec<Fault> {
    use Cause::*;
    vec![
        told("another method", object, ["PUT\n", "POST\n"], DifferentMethod),
        sided(
            fault(
                "the service encodes once more",
                object,
                ["/a%20b/c%2Bd", "/a%2520b/c%252Bd"],
                PathEncodedOnce,
            ),
            PathEncodedTwice,
        ),
        sided(
            fault("the service encodes once", call, ["/prod/a%2520b/c", "/prod/a%20b/c"], PathEncodedTwice),
            PathEncodedOnce,
        ),
        fault("a plus in the path is a space", object, ["c%2Bd", "c%20d"], PlusInPath),
        fault("a plus in the path stays", object, ["c%2Bd", "c+d"], PlusInPath),
        fault("a slash at the end", call, ["/c\n", "/c/\n"], TrailingSlash),
        fault("path style", object, ["/a%20b/c", "/bucket/a%20b/c"], PathPrefix),
        fault("a stage that is stripped", call, ["/prod/a", "/a"], PathPrefix),
        fault("a path decoded", object, ["/a%20b/c%2Bd.txt", "/a b/c+d.txt"], PathEncoding),
        told("another path", object, ["d.txt", "e.txt"], DifferentPath),
        fault("a plus in the query is a space", object, ["prefix=a%2Bb", "prefix=a%20b"], PlusInQuery),
        fault("a space in the query is a plus", call, ["t=x%20y", "t=x+y"], PlusInQuery),
        fault("a slash left bare", object, ["z=1%2F2", "z=1/2"], QueryEncoding),
        fault("lower-case escapes", object, ["a%2Bb&z=1%2F2", "a%2bb&z=1%2f2"], QueryEncoding),
        fault("a query encoded twice", object, ["a%2Bb&z=1%2F2", "a%252Bb&z=1%252F2"], QueryEncodedTwice),
        fault("a bare key", object, ["acl=&", "acl&"], UnencodedBareKey),
        fault("an unsorted query", call, ["a=1&b=2", "b=2&a=1"], QueryOrder),
        sided(fault("a parameter dropped", call, ["a=1&b=2", "b=2"], DroppedParameter), AddedParameter),
        told("a parameter added", call, ["a=1&b=2", "a=1&a=3&b=2"], AddedParameter),
        told("another query", call, ["a=1", "a=2"], DifferentQuery),
        fault("a port", call, [".com\n", ".com:443\n"], HostPort),
        told("another case of the host", call, ["host:abc", "host:ABC"], HostCase),
        told(
            "a proxy's host",
            call,
            ["host:abc.execute-api.eu-west-1.amazonaws.com", "host:internal"],
            DifferentHost,
        ),
        fault(
            "a local host",
            call,
            ["host:abc.execute-api.eu-west-1.amazonaws.com", "host:localhost"],
            DifferentHost,
        ),
        sided(
            fault("a header removed", object, ["x-amz-meta-a:1\n", "x-amz-meta-a:\n"], DroppedHeader),
            AddedHeader,
        ),
        fault("a user agent removed", object, ["user-agent:app/1\n", "user-agent:\n"], ProxiedHeader),
        told("another user agent", object, ["app/1", "app/1 proxy"], ProxiedHeader),
        told("a header rewritten", object, ["meta-a:1", "meta-a:2"], DifferentHeader),
        told("blanks kept", object, ["x-spaced:a b", "x-spaced:a  b"], HeaderWhitespace),
        fault("another separator", object, ["x-list:b, a", "x-list:b,a"], HeaderSeparator),
        fault("a charset added", object, ["text/plain", "text/plain; charset=utf-8"], ContentType),
        fault(
            "a form's content-type",
            call,
            ["application/json", "application/x-www-form-urlencoded"],
            ContentType,
        ),
        told("a header added", call, ["host:", "etag:1\nhost:"], AddedHeader),
        told("another list", object, ["content-type;host;user", "host;user"], DifferentSignedHeaders),
        told("another time", call, ["x-amz-date:20150830T123600Z", "x-amz-date:20150830T123700Z"], WrongTime),
        sided(fault("no body arrived", object, ["{body}", "{empty}"], BodyNotReceived), BodyNotSigned),
        fault("a newline trimmed", object, ["{body}", "{trimmed}"], BodyNewline),
        fault("a newline converted", object, ["{body}", "{dos}"], BodyNewline),
        told("another body", object, ["{body}", "{other}"], BodyChanged),
        fault("an unsigned payload", object, ["{body}", "UNSIGNED-PAYLOAD"], PayloadLiteral),
    ]
}

impl Fault {
    fn edit(&self, canonical: &str) -> String {
        let digest = |body: &[u8]| sha256(body).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let filled = |text: &str| {
            text.replace("{body}", &digest(b"body\n"))
                .replace("{empty}", &digest(b""))
                .replace("{trimmed}", &digest(b"body"))
                .replace("{dos}", &digest(b"body\r\n"))
                .replace("{other}", &digest(b"other"))
        };
        let (ours, theirs) = (filled(self.ours), filled(self.theirs));
        let edited = canonical.replace(&ours, &theirs);
        assert_ne!(edited, canonical, "{}: nothing changes in\n{canonical}", self.name);
        edited
    }
}

#[test]
fn a_canonical_request_that_is_told_names_the_cause() {
    for fault in faults() {
        let request = signed((fault.base)());
        let trace = Trace::of(&request, &credentials());
        let edited = fault.edit(&responses::canonical_of(&request));
        for answer in [responses::s3(&request, &edited), responses::api_gateway(&request, &edited)] {
            let diagnosis = trace.explain(&answer);
            assert_eq!(diagnosis.cause(), fault.cause, "{}\n{diagnosis}", fault.name);
        }
    }
}

#[test]
fn its_hash_alone_names_the_cause() {
    for fault in faults().into_iter().filter(|fault| fault.by_hash) {
        let request = signed((fault.base)());
        let edited = fault.edit(&responses::canonical_of(&request));
        let diagnosis = Trace::of(&request, &credentials()).explain(&responses::hash_only(&request, &edited));
        assert_eq!(diagnosis.cause(), fault.cause, "{}\n{diagnosis}", fault.name);
    }
}

#[test]
fn the_signature_alone_names_the_cause() {
    for fault in faults() {
        let Some(cause) = fault.silent else { continue };
        let request = signed((fault.base)());
        let edited = fault.edit(&responses::canonical_of(&request));
        let request = responses::resigned(&request, &edited);
        let diagnosis = Trace::of(&request, &credentials()).explain(&responses::silent());
        assert_eq!(diagnosis.cause(), cause, "{}\n{diagnosis}", fault.name);
    }
}

#[test]
fn two_faults_at_once_are_found_by_the_hash() {
    let request = signed(object());
    let canonical = responses::canonical_of(&request);
    let edited = canonical.replace("prefix=a%2Bb", "prefix=a%20b").replace("user-agent:app/1", "user-agent:");
    let diagnosis = Trace::of(&request, &credentials()).explain(&responses::hash_only(&request, &edited));
    assert_eq!(diagnosis.cause(), Cause::PlusInQuery);
    assert!(canonical.contains(HASH));
}

#[test]
fn dot_segments_are_told_from_either_side() {
    for (base, ours, theirs, cause) in [
        (
            "https://bucket.s3.eu-west-1.amazonaws.com/a//b/../c",
            "/a//b/../c",
            "/a/c",
            Cause::UnnormalizedPath,
        ),
        ("https://abc.execute-api.eu-west-1.amazonaws.com/a/./c", "/a/c", "/a/./c", Cause::NormalizedPath),
    ] {
        let request = signed(http::Request::get(base).body(Vec::new()).unwrap());
        let edited = responses::canonical_of(&request).replacen(ours, theirs, 1);
        let diagnosis = Trace::of(&request, &credentials()).explain(&responses::s3(&request, &edited));
        assert_eq!(diagnosis.cause(), cause, "{diagnosis}");
    }
}
