//! Every public type is either planted with secrets, or said to hold none.

use std::fs;
use std::path::Path;

const CRATES: [&str; 7] = ["core", "credentials", "http", "imds", "reqwest", "sigv4a", "ureq"];

/// Types without a place for a secret: settings, names, numbers, kinds of errors, public keys, and wrappers that print
/// nothing of what they wrap.
const HARMLESS: &[&str] = &[
    "AnyBody",
    "SignedSnapshot",
    "Bucket",
    "BytesBody",
    "CanonicalHeaderValue",
    "Checksum",
    "ChunkedBody",
    "ChunkedError",
    "ChunkedPayload",
    "ChunkedReader",
    "ClockSkew",
    "CredentialScope",
    "Date",
    "DateHeader",
    "DecodeError",
    "Diagnosis",
    "Endpoint",
    "EndpointError",
    "EndpointRegion",
    "ErrorKind",
    "FollowRedirects",
    "CanonicalHost",
    "HttpBody",
    "HttpError",
    "HttpErrorKind",
    "ImdsError",
    "InstanceIdentity",
    "MessageError",
    "MissingPayloadHash",
    "NonCanonicalPath",
    "OwnedSignedHeaders",
    "PartName",
    "Partition",
    "PathRule",
    "PayloadHash",
    "InspectedBody",
    "PlusSign",
    "Protocol",
    "PublicKey",
    "RegionName",
    "RepeatedParameters",
    "S3Bucket",
    "Scheme",
    "ScopedPublicKey",
    "SignatureMethod",
    "SignedHeaders",
    "SigningMiddleware",
    "SigningService",
    "Step",
    "StreamingPayload",
    "SystemClock",
    "SystemRandom",
    "AsciiText",
    "Timestamp",
    "TokenPlacement",
    "UnchangedLayer",
    "UnchangedMiddleware",
    "UnchangedService",
    "UnknownParameters",
    "UnsignedPayload",
];

/// `planted` are names of types, after `::` where two have the same.
pub(super) fn check(planted: &[&str]) {
    let planted: Vec<_> = planted.iter().map(|name| name.rsplit("::").next().unwrap()).collect();
    let mut types = Vec::new();
    for name in CRATES {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../awsauth-{name}/src")), &mut types);
    }
    assert!(types.len() > 100, "{types:?}");
    let forgotten: Vec<_> = types
        .iter()
        .filter(|name| !planted.contains(&name.as_str()) && !HARMLESS.contains(&name.as_str()))
        .collect();
    assert!(
        forgotten.is_empty(),
        "plant a secret in each of these, or say that it has no place for one: {forgotten:?}"
    );
    let gone: Vec<_> = HARMLESS.iter().filter(|name| !types.iter().any(|known| known == *name)).collect();
    assert!(gone.is_empty(), "there are no such types: {gone:?}");
}

/// The names in `pub struct` and `pub enum`, at the begin of a line.
fn collect(folder: &Path, types: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, types);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.lines().filter_map(|line| {
                let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
                rest.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
            });
            types.extend(names);
        }
    }
}
