//! Known answers, read from the folder in `AWSAUTH_VECTORS`, else from `../shared/vectors` beside the project.
//!
//! The files are not part of the project. When one is absent its loader says so on standard error and gives
//! `None`; a file that is there but cannot be read is an error, so that a broken vector never passes for an
//! absent one.

use core::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

/// The folder that holds the vectors: `AWSAUTH_VECTORS`, else `../shared/vectors` beside the workspace.
pub fn folder_from_env() -> PathBuf {
    match std::env::var_os("AWSAUTH_VECTORS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"),
    }
}

/// The 160 published known answers: AWS's test suite and the examples of its documentation.
///
/// # Errors
/// When `published.jsonl` is there but cannot be read or parsed; the error names the file and the line.
pub fn published() -> io::Result<Option<Vec<Case>>> {
    read(&folder_from_env().join("published.jsonl"))
}

/// The 730 adversarial cases, each agreed by at least two independent signers.
///
/// # Errors
/// When `sample.jsonl` is there but cannot be read or parsed; the error names the file and the line.
pub fn sample() -> io::Result<Option<Vec<Case>>> {
    read(&folder_from_env().join("sample.jsonl"))
}

/// The 7,133 hosts with the signing name and region that botocore's rule sets give them.
///
/// # Errors
/// When `hosts.jsonl` is there but cannot be read or parsed; the error names the file and the line.
pub fn hosts() -> io::Result<Option<Vec<Host>>> {
    read(&folder_from_env().join("hosts.jsonl"))
}

/// Reads a file of one JSON object per line; `None`, said on standard error, when there is no such file.
///
/// # Errors
/// When the file is there but cannot be read or parsed; the error names the file and the line.
pub fn read<T: DeserializeOwned>(file: &Path) -> io::Result<Option<Vec<T>>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("no vectors: {} is absent (set AWSAUTH_VECTORS to their folder)", file.display());
            return Ok(None);
        }
        Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", file.display()))),
    };
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let row = serde_json::from_str(line).map_err(|error| {
            io::Error::new(
                ErrorKind::InvalidData,
                format!("{}, line {}: {error}", file.display(), number + 1),
            )
        })?;
        rows.push(row);
    }
    Ok(Some(rows))
}

/// One request to sign, and the known answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Unique name of the case.
    pub id: String,
    /// The scheme to sign with.
    pub scheme: Scheme,
    /// HTTP method.
    pub method: String,
    /// URL, as wire text.
    pub url: String,
    /// Header names and values, in the order sent.
    pub headers: Vec<(String, String)>,
    /// Body (base64 in the file).
    #[serde(deserialize_with = "base64_bytes")]
    pub body: Vec<u8>,
    /// Signing name of the service.
    pub service: String,
    /// Region; the region set in the SigV4A schemes.
    pub region: String,
    /// Signing time, `YYYYMMDDTHHMMSSZ`.
    pub time: String,
    /// Access key ID.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: Secret,
    /// Session token, where the credentials are temporary.
    pub session_token: Option<String>,
    /// What the caller chose.
    pub options: Options,
    /// What makes the case adversarial; empty for the published ones.
    #[serde(default)]
    pub features: Vec<String>,
    /// The known answer; empty where a case is there to be signed only.
    #[serde(default)]
    pub expected: Expected,
}

/// A signing scheme, by the name the vectors give it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Scheme {
    /// The S3 scheme before SigV4, in the `Authorization` header.
    #[serde(rename = "s3")]
    S3,
    /// The S3 scheme before SigV4, POST policy.
    #[serde(rename = "s3-post")]
    S3Post,
    /// The S3 scheme before SigV4, presigned URL.
    #[serde(rename = "s3-query")]
    S3Query,
    /// SigV2 over a form body.
    #[serde(rename = "v2-post")]
    V2Post,
    /// SigV2 over a query string.
    #[serde(rename = "v2-query")]
    V2Query,
    /// SigV3 over headers and body (`AWS3`).
    #[serde(rename = "v3")]
    V3,
    /// SigV3 over the date alone (`AWS3-HTTPS`).
    #[serde(rename = "v3-https")]
    V3Https,
    /// SigV4 in the `Authorization` header.
    #[serde(rename = "v4")]
    V4,
    /// SigV4 with a body signed in chunks, with or without trailers.
    #[serde(rename = "v4-chunked")]
    V4Chunked,
    /// SigV4 over the events of a stream.
    #[serde(rename = "v4-event")]
    V4Event,
    /// SigV4, POST policy.
    #[serde(rename = "v4-post")]
    V4Post,
    /// SigV4 presigned URL.
    #[serde(rename = "v4-query")]
    V4Query,
    /// SigV4A in the `Authorization` header.
    #[serde(rename = "v4a")]
    V4a,
    /// SigV4A presigned URL.
    #[serde(rename = "v4a-query")]
    V4aQuery,
}

/// What the caller of a case chose; which fields matter depends on the scheme.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Bucket of a virtual-host style request (`s3`, `s3-query`).
    pub bucket_vhost: Option<String>,
    /// Bytes in a chunk (`v4-chunked`).
    pub chunk_size: Option<usize>,
    /// Which date header is sent (`s3`).
    pub date_header: Option<DateHeader>,
    /// Encode the path of the wire once more.
    pub double_encode: Option<bool>,
    /// The events of the stream (`v4-event`).
    pub events: Vec<Event>,
    /// Lifetime in seconds (`v4-query`, `v4a-query`).
    pub expires: Option<u64>,
    /// When the URL expires, in seconds since 1970 (`s3-query`).
    pub expires_epoch: Option<u64>,
    /// Resolve dot segments and empty segments of the path.
    pub normalize: Option<bool>,
    /// Append the session token unsigned.
    pub omit_session_token: bool,
    /// `signed`, `unsigned` or `literal:<text>`.
    pub payload: Option<String>,
    /// The policy, base64 (`v4-post`, `s3-post`).
    pub policy_b64: Option<String>,
    /// The token is an S3 Express session's.
    pub s3express: bool,
    /// Signature that the first event follows, in hex (`v4-event`).
    pub seed: Option<String>,
    /// Send and sign `x-amz-content-sha256`.
    pub sha256_header: bool,
    /// The sub-resources of the query (`s3`, `s3-query`).
    pub subresources: Vec<String>,
    /// Trailer names and values (`v4-chunked`).
    pub trailers: Vec<(String, String)>,
    /// Headers to leave unsigned.
    pub unsigned_headers: Vec<String>,
}

/// Which date header an S3 request carries.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
pub enum DateHeader {
    /// Both `Date` and `x-amz-date`.
    #[serde(rename = "both")]
    Both,
    /// `Date` alone.
    #[default]
    #[serde(rename = "date")]
    Date,
    /// `x-amz-date` alone.
    #[serde(rename = "x-amz-date")]
    XAmzDate,
}

/// One event of a stream.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// The payload: an encoded message (base64 in the file).
    #[serde(deserialize_with = "base64_bytes")]
    pub payload: Vec<u8>,
    /// Signing time of this event, `YYYYMMDDTHHMMSSZ`.
    pub time: String,
}

/// A known answer; a field that the source does not give is `None`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Expected {
    /// Value of the `Authorization` header.
    pub authorization: Option<String>,
    /// The canonical request.
    pub canonical_request: Option<String>,
    /// Signatures of the chunks, hex, the zero chunk last.
    pub chunk_signatures: Option<Vec<String>>,
    /// The credential scope, without the access key ID.
    pub credential_scope: Option<String>,
    /// SigV4A private key, hex.
    pub private_key: Option<String>,
    /// SigV4A public key, the hex of both coordinates.
    pub public_key: Option<String>,
    /// SigV4A signature with the nonce of RFC 6979, hex of the DER form.
    pub rfc6979_signature: Option<String>,
    /// Signature of the request that precedes the chunks, hex.
    pub seed_signature: Option<String>,
    /// The signature: hex in SigV4 and SigV4A, base64 elsewhere; the last one of a stream.
    pub signature: Option<String>,
    /// Signatures of the events, hex.
    pub signatures: Option<Vec<String>>,
    /// Names of the signed headers, joined by `;`.
    pub signed_headers: Option<String>,
    /// The string to sign.
    pub string_to_sign: Option<String>,
    /// Signature of the trailers, hex.
    pub trailer_signature: Option<String>,
    /// String to sign of the trailers.
    pub trailer_string_to_sign: Option<String>,
    /// Length of the chunked body in bytes.
    pub wire_body_len: Option<usize>,
    /// SHA-256 of the chunked body, hex.
    pub wire_body_sha256: Option<String>,
}

/// A host, and what it stands for.
#[derive(Clone, Debug, Deserialize)]
pub struct Host {
    /// Host name without a port.
    pub host: String,
    /// Whether the region is one that botocore knows; `None` where the source does not say.
    pub known_region: Option<bool>,
    /// Path that the answer holds for; any, when empty or absent.
    pub path: Option<String>,
    /// Region, or the region set.
    pub region: String,
    /// Authentication schemes that the rule set names.
    pub schemes: Vec<String>,
    /// Signing name of the service.
    pub signing_name: String,
}

/// A secret access key; its `Debug` shows nothing of it.
#[derive(Clone, Default, Deserialize, Eq, PartialEq)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

fn base64_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    STANDARD.decode(text).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_file_is_none() {
        let rows = read::<Case>(Path::new("no/such/folder/published.jsonl")).unwrap();
        assert!(rows.is_none());
    }

    #[test]
    fn malformed_line_is_an_error_that_names_it() {
        let file = std::env::temp_dir().join(format!("awsauth-vectors-{}.jsonl", std::process::id()));
        fs::write(&file, "{\"not\": \"a case\"}\n").unwrap();
        let error = read::<Case>(&file).unwrap_err();
        fs::remove_file(&file).unwrap();
        assert!(error.to_string().contains("line 1"), "{error}");
    }

    #[test]
    fn secret_is_not_shown() {
        assert_eq!(format!("{:?}", Secret("wJalrXUtnFEMI".into())), "Secret(..)");
    }

    #[test]
    #[cfg_attr(not(vectors), ignore = "there are no vectors in ../shared/vectors: set AWSAUTH_VECTORS")]
    fn hosts_load() {
        assert_eq!(hosts().unwrap().expect("hosts.jsonl").len(), 7133);
    }
}
