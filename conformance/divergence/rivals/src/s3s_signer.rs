//! `s3s-sigv4`, the steps of a server for S3. Its caller decodes path and query and lists the headers: done here as in
//! `s3s`, which decodes the path once and reads the query as a form.

use std::borrow::Cow;

use awsauth_conformance::divergence::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY, TIME};
use awsauth_core::PayloadHash;
use s3s_sigv4::{AmzDate, Payload, calculate_signature, create_canonical_request, create_string_to_sign};

use crate::Sent;

pub(crate) fn sign(case: &Case) -> Result<Sent, String> {
    let (_, host, target) = case.url_parts();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = if path.is_empty() { "/" } else { path };
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
    });
    let pairs = pairs.collect::<Result<Vec<_>, String>>()?;
    let payload = PayloadHash::EMPTY.to_string();
    let mut headers = case.headers.clone();
    headers.push(("host".into(), host.into()));
    headers.push(("x-amz-content-sha256".into(), payload.clone()));
    headers.push(("x-amz-date".into(), TIME.into()));
    // Its signed headers are names in lower case, sorted; repeats keep their order.
    let mut lent: Vec<(Cow<'_, str>, &str)> =
        headers.iter().map(|(name, value)| (Cow::Owned(name.to_ascii_lowercase()), value.as_str())).collect();
    lent.sort_by(|(name, _), (other, _)| name.cmp(other));
    let signed: Vec<(&str, &str)> = lent.iter().map(|(name, value)| (&**name, *value)).collect();
    let mut names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    names.dedup();

    let date = AmzDate::parse(TIME).map_err(|_| "no date")?;
    let canonical_request = create_canonical_request(
        &case.method,
        &decode(path)?,
        &pairs,
        &signed,
        Payload::SingleChunk(&payload),
    );
    let string_to_sign = create_string_to_sign(&canonical_request, &date, REGION, &case.service);
    let signature = calculate_signature(&string_to_sign, SECRET_ACCESS_KEY, &date, REGION, &case.service);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={ACCESS_KEY_ID}/{}/{REGION}/{}/aws4_request, SignedHeaders={}, Signature={signature}",
        &TIME[..8],
        case.service,
        names.join(";")
    );
    headers.push(("authorization".into(), authorization));
    let headers = headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
    let target = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    Ok(Sent { host: host.to_owned(), target, headers, time: TIME.to_owned() })
}

/// Percent-decodes it.
fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err("a broken escape".to_owned()) };
        bytes.push(u8::try_from(high * 16 + low).map_err(|error| error.to_string())?);
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}
