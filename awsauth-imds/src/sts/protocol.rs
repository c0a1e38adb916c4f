//! The requests and responses that both STS operations share: a form, and XML.

use core::time::Duration;

use awsauth_credentials::{Credentials, CredentialsError, ErrorKind, parse_expiration};
use http::{HeaderValue, StatusCode, Uri, header};
use roxmltree::{Document, Node, ParsingOptions};
use zeroize::Zeroizing;

use crate::document::{field, is_account_id};
use crate::exchange::{Once, SendResult};
use crate::http_client::transport::{Request, Response};
use crate::text;

const VERSION: &str = "2011-06-15";
const TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPTS: u32 = 3;

/// The unsigned request for `action` with these parameters.
pub(crate) fn request(
    source: &str,
    endpoint: &str,
    action: &str,
    parameters: &[(&str, String)],
) -> Result<Request, CredentialsError> {
    let bad_endpoint = || {
        let detail = text::printable(&format!("the STS endpoint `{endpoint}` is not a URL"));
        CredentialsError::new(source.to_owned(), ErrorKind::Malformed, detail)
    };
    let mut form = format!("Action={action}&Version={VERSION}");
    for (name, value) in parameters {
        form.push('&');
        form.push_str(name);
        form.push('=');
        push_encoded(&mut form, value);
    }
    let url: Uri = endpoint.parse().map_err(|_| bad_endpoint())?;
    if !matches!(url.scheme_str(), Some("http" | "https")) || url.host().is_none() {
        return Err(bad_endpoint());
    }
    http::Request::post(url)
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
        .body(form.into_bytes())
        .map_err(|_| bad_endpoint())
}

/// STS is regional and responds in well under a second; a transient failure is retried at once.
pub(crate) fn exchange(request: Request) -> Once {
    Once { request, timeout: TIMEOUT, attempts: ATTEMPTS, is_transient }
}

fn is_transient(response: &Response) -> bool {
    let idp_failed = || error_of(response.body()).is_some_and(|(code, _)| code == "IDPCommunicationError");
    response.status().is_server_error() || (response.status() == StatusCode::BAD_REQUEST && idp_failed())
}

/// Reads the credentials in a response, or the error of STS, for `source`.
pub(crate) fn read(source: &str, outcome: SendResult) -> Result<Credentials, CredentialsError> {
    let failed = |kind, detail: String| CredentialsError::new(source.to_owned(), kind, detail);
    let response = outcome
        .map_err(|error| failed(error.credentials_kind(), text::printable(&format!("STS: {error}"))))?;
    let status = response.status();
    let body = Zeroizing::new(response.into_body());
    if status == StatusCode::OK {
        return parse(&body)
            .map_err(|detail| failed(ErrorKind::Malformed, detail))?
            .checked(source.to_owned());
    }
    let message = match error_of(&body) {
        Some((code, message)) => text::printable(&format!("{code}: {message}")),
        None => text::describe_body(&body),
    };
    Err(failed(ErrorKind::Refused, format!("STS returned HTTP {}: {message}", status.as_u16())))
}

fn parse(body: &[u8]) -> Result<Credentials, String> {
    let unreadable = || format!("STS returned {} instead of credentials", text::describe_body(body));
    let xml = core::str::from_utf8(body).map_err(|_| unreadable())?;
    let document = parse_xml(xml).ok_or_else(unreadable)?;
    let credentials = find(document.root(), "Credentials").ok_or_else(unreadable)?;
    let part = |name| field(name, find(credentials, name).and_then(|node| node.text()));
    let expiration = part("Expiration")?;
    let expires_at = parse_expiration(expiration).ok_or_else(|| {
        let what = text::printable(expiration);
        format!("the Expiration `{what}` from STS is not a time such as 2030-01-31T23:59:59Z")
    })?;
    let read = Credentials::new(part("AccessKeyId")?, part("SecretAccessKey")?)
        .with_session_token(part("SessionToken")?)
        .with_expiry(expires_at);
    let arn = find(document.root(), "AssumedRoleUser")
        .and_then(|user| find(user, "Arn"))
        .and_then(|arn| arn.text());
    // arn:aws:sts::123456789012:assumed-role/name/session
    match arn.and_then(|arn| arn.split(':').nth(4)).filter(|id| is_account_id(id)) {
        Some(account_id) => Ok(read.with_account_id(account_id)),
        None => Ok(read),
    }
}

/// The code and message of an error document.
fn error_of(body: &[u8]) -> Option<(String, String)> {
    let document = parse_xml(core::str::from_utf8(body).ok()?)?;
    let error = find(document.root(), "Error")?;
    let part = |name| find(error, name).and_then(|node| node.text()).unwrap_or_default().trim().to_owned();
    Some((part("Code"), part("Message")))
}

/// Parses a document without a document type declaration, and so without entities.
fn parse_xml(xml: &str) -> Option<Document<'_>> {
    let options = ParsingOptions { nodes_limit: 1_000, ..ParsingOptions::default() };
    Document::parse_with_options(xml, options).ok()
}

fn find<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.descendants().find(|node| node.tag_name().name() == name)
}

fn push_encoded(form: &mut String, value: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            form.push('%');
            form.extend([byte >> 4, byte & 15].iter().filter_map(|half| HEX.get(usize::from(*half))));
        }
    }
}

#[cfg(test)]
mod tests;
