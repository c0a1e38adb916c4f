//! The S3 scheme before SigV4, in the `Authorization` header: "Signing and authenticating REST requests
//! (AWS signature version 2)".

use super::encoding::{base64, refuse_controls, uri_decode};
use super::hash::hmac_sha1;
use super::headers::{Header, checked, joined_and_sorted, lines, trim};
use super::path::wire_path;
use super::{Answer, Credentials, Plus, Refusal, Request, Time};
use crate::vectors::DateHeader;

/// The parameters that are part of the resource: those of AWS's page, those that AWS's SDKs, RGW and MinIO sign besides, and
/// what else S3's API names so.
const SUB_RESOURCES: [&str; 53] = [
    "abac",
    "accelerate",
    "acl",
    "analytics",
    "annotation",
    "annotationName",
    "attributes",
    "cors",
    "defaultObjectAcl",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metadataAnnotationTable",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "partNumber",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "renameObject",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "select",
    "select-type",
    "session",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// Signs a request in its headers. `bucket` is the one that the host stands for, if any, under its own name: an
/// upper-case bucket keeps its case though the host has none. It is never guessed from the host.
///
/// # Errors
/// Any [`Refusal`] of the request's method, path, query or headers, or of a control character elsewhere.
pub fn sign(
    request: &Request,
    credentials: &Credentials,
    time: &Time,
    date_header: DateHeader,
    bucket: Option<&str>,
) -> Result<Answer, Refusal> {
    let date = time.rfc1123().into_bytes();
    let mut added = Vec::new();
    if date_header != DateHeader::XAmzDate {
        added.push(("date".to_owned(), date.clone()));
    }
    if date_header != DateHeader::Date {
        added.push(("x-amz-date".to_owned(), date.clone()));
    }
    let date_line = if date_header == DateHeader::Date { date } else { Vec::new() };
    sign_with(request, credentials, &date_line, added, bucket)
}

/// Signs with the date line and the added headers given.
pub(super) fn sign_with(
    request: &Request,
    credentials: &Credentials,
    date_line: &[u8],
    mut added: Vec<Header>,
    bucket: Option<&str>,
) -> Result<Answer, Refusal> {
    credentials.check()?;
    if let Some(token) = &credentials.session_token {
        added.push(("x-amz-security-token".to_owned(), token.clone().into_bytes()));
    }
    let string_to_sign = string_to_sign(request, date_line, &added, bucket)?;
    let signature = signature(credentials, &string_to_sign);
    Ok(Answer {
        authorization: Some(format!("AWS {}:{signature}", credentials.access_key_id)),
        headers: added,
        signature,
        string_to_sign: Some(string_to_sign),
        ..Answer::default()
    })
}

/// Method, MD5, type and date, a line each, then the `x-amz-` headers and the resource.
fn string_to_sign(
    request: &Request,
    date_line: &[u8],
    added: &[Header],
    bucket: Option<&str>,
) -> Result<Vec<u8>, Refusal> {
    let method = request.checked_method()?;
    let headers = canonical_headers(request, added)?;
    let value_of = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| name == wanted);
        found.map_or(&[][..], |(_, value)| value)
    };
    let first =
        [method.as_bytes(), value_of("content-md5"), value_of("content-type"), date_line].join(&b'\n');
    let amz: Vec<Header> = headers.iter().filter(|(name, _)| name.starts_with("x-amz-")).cloned().collect();
    Ok([&first, &b"\n"[..], &lines(&amz), &canonicalized_resource(request, bucket)?].concat())
}

/// All headers: trimmed, repeats joined, sorted by name; inner spaces stay; old ones of the signer dropped.
fn canonical_headers(request: &Request, added: &[Header]) -> Result<Vec<Header>, Refusal> {
    let mut headers = checked(request)?;
    headers.retain(|(name, _)| {
        !["authorization", "x-amz-date", "x-amz-security-token"].contains(&name.as_str())
    });
    headers.extend(added.iter().cloned());
    let trimmed: Vec<Header> =
        headers.into_iter().map(|(name, value)| (name, trim(&value).to_vec())).collect();
    Ok(joined_and_sorted(&trimmed))
}

/// `/bucket` where the host stands for one, the path of the wire, and the sub-resources.
fn canonicalized_resource(request: &Request, bucket: Option<&str>) -> Result<Vec<u8>, Refusal> {
    let mut resource = Vec::new();
    if let Some(bucket) = bucket {
        refuse_controls(bucket.as_bytes())?;
        resource.extend(format!("/{bucket}").into_bytes());
    }
    resource.extend(without_lone_dots(wire_path(request)?));
    let sub_resources = sub_resources(&request.query)?;
    if !sub_resources.is_empty() {
        resource.push(b'?');
        resource.extend(sub_resources.join(&b'&'));
    }
    Ok(resource)
}

/// A segment that a client would resolve as `.` or `..` with its dots escaped, which it is sent with.
fn without_lone_dots(path: &[u8]) -> Vec<u8> {
    let segments = path.split(|byte| *byte == b'/').map(|segment| {
        let text = String::from_utf8_lossy(segment).to_ascii_uppercase().replace("%2E", ".");
        let is_lone = segment.contains(&b'.') && (text == "." || text == "..");
        if is_lone { text.replace('.', "%2E").into_bytes() } else { segment.to_vec() }
    });
    segments.collect::<Vec<_>>().join(&b'/')
}

/// The sub-resources sorted by name, repeats in the order sent. A value is taken as it is on the wire, but that of
/// a `response-*` parameter decoded; a name without a value, or with an empty one, stands alone.
fn sub_resources(query: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    refuse_controls(query)?;
    let mut found: Vec<(&[u8], Vec<u8>)> = Vec::new();
    for pair in query.split(|byte| *byte == b'&') {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        if !SUB_RESOURCES.iter().any(|known| known.as_bytes() == name) {
            continue;
        }
        let mut text = name.to_vec();
        if !value.is_empty() {
            let decoded = uri_decode(value, Plus::Space)?;
            refuse_controls(&decoded)?;
            text.push(b'=');
            text.extend(if name.starts_with(b"response-") { decoded } else { value.to_vec() });
        }
        found.push((name, text));
    }
    found.sort_by_key(|(name, _)| *name);
    Ok(found.into_iter().map(|(_, text)| text).collect())
}

/// HMAC-SHA1 of the string to sign with the secret itself, in base64.
pub(super) fn signature(credentials: &Credentials, string_to_sign: &[u8]) -> String {
    base64(&hmac_sha1(credentials.secret(), string_to_sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(url: &str, bucket: Option<&str>) -> Result<String, Refusal> {
        let request = Request::from_url("GET", url)?;
        Ok(String::from_utf8(canonicalized_resource(&request, bucket)?).unwrap())
    }

    #[test]
    fn takes_the_path_as_it_is() {
        assert_eq!(resource("https://b.s3.amazonaws.com/%c3%a9+/%2F", Some("B")).unwrap(), "/B/%c3%a9+/%2F");
        assert_eq!(resource("https://s3.amazonaws.com", None).unwrap(), "/");
        let url = "https://s3.amazonaws.com/./a/../.%2e/%2e/..a";
        assert_eq!(resource(url, None).unwrap(), "/%2E/a/%2E%2E/%2E%2E/%2e/..a");
    }

    #[test]
    fn takes_sub_resources_alone() {
        let url =
            "https://s3.amazonaws.com/b?website&versionId=2&x=1&acl=&versionId=1&response-expires=a%20b";
        assert_eq!(
            resource(url, None).unwrap(),
            "/b?acl&response-expires=a b&versionId=2&versionId=1&website"
        );
    }

    #[test]
    fn keeps_control_characters_out() {
        let url = "https://s3.amazonaws.com/b?response-expires=%0a";
        assert_eq!(resource(url, None), Err(Refusal::ControlCharacter));
        assert_eq!(resource("https://s3.amazonaws.com/b?acl=%zz", None), Err(Refusal::BadPercentEscape));
    }
}
