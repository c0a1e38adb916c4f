use core::fmt;

use awsauth_core::Timestamp;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};

use super::server_time;

/// The error response of a service: the parts of it that a signer can act on.
///
/// It is read from the status, the headers and the first 64 KiB of the body, in the XML of S3 and the Query services and in
/// the JSON of others. See [Error responses][errors] in the *Amazon S3 API Reference*, and "Common error types" of each
/// service. The layers put it into the response's extensions.
///
/// [errors]: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
///
/// ```
/// use awsauth_http::{ErrorResponse, http::{HeaderMap, StatusCode}};
///
/// let body = b"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
/// let error = ErrorResponse::read(StatusCode::BAD_REQUEST, &HeaderMap::new(), body);
/// assert_eq!(error.as_ref().and_then(ErrorResponse::region), Some("eu-west-1"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    status: StatusCode,
    code: Option<Box<str>>,
    region: Option<Box<str>>,
    location: Option<Box<str>>,
    endpoint: Option<Box<str>>,
    server_time: Option<Timestamp>,
    names_time: bool,
}

/// What services say of a request whose time they do not accept, whatever the code.
const ABOUT_TIME: [&str; 4] = [
    "Signature expired",
    "Signature not yet current",
    "Request timestamp is too skewed",
    "difference between the request time",
];

impl ErrorResponse {
    /// How many bytes of a body are read.
    pub const BODY_LIMIT: usize = 64 * 1024;

    /// Returns whether responses with this status are read: 301, 307 and 308 from S3, 400, 401 and 403.
    #[must_use]
    pub fn is_possible(status: StatusCode) -> bool {
        matches!(status.as_u16(), 301 | 307 | 308 | 400 | 401 | 403)
    }

    /// Reads a response. `body` is what has been read of its body; that of a `HEAD` is empty. `None` if responses with this
    /// status [are not read](Self::is_possible).
    #[must_use]
    pub fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        if !Self::is_possible(status) {
            return None;
        }
        let body = body.get(..Self::BODY_LIMIT).unwrap_or(body);
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let code = header("x-amzn-errortype")
            .or_else(|| header("x-amz-error-code"))
            .or_else(|| element(body, "Code"))
            .or_else(|| member(body, "__type"))
            .or_else(|| member(body, "code"))
            .and_then(bare_code);
        let region = header("x-amz-bucket-region").or_else(|| element(body, "Region")).filter(|region| {
            (1..=64).contains(&region.len())
                && region.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        });
        let text = |text: Option<&str>| text.map(Box::from);
        Some(Self {
            status,
            code: text(code),
            region: text(region),
            location: text(headers.get(LOCATION).and_then(|value| value.to_str().ok())),
            endpoint: text(element(body, "Endpoint")),
            server_time: element(body, "ServerTime").and_then(server_time::parse),
            names_time: ABOUT_TIME.iter().any(|sentence| find(body, sentence.as_bytes()).is_some()),
        })
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns AWS's error code, such as `SignatureDoesNotMatch`, without its namespace. A response to a `HEAD` has none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the region to sign for: S3's `x-amz-bucket-region`, or the `<Region>` of `AuthorizationHeaderMalformed` and the
    /// like. Other stores state their region in every error.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns whether the session token has expired, so that fresh credentials help. EC2's `RequestExpired` means that, or
    /// that the clock is wrong.
    #[must_use]
    pub fn is_expired_token(&self) -> bool {
        matches!(
            self.code(),
            Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired")
        )
    }

    /// Returns whether the request's time is too far from the service's, so that a right clock helps.
    #[must_use]
    pub fn is_time_skewed(&self) -> bool {
        self.names_time
            || matches!(
                self.code(),
                Some("RequestTimeTooSkewed" | "RequestTimeTooSkewedException" | "RequestInTheFuture")
            )
    }

    /// Whether a wrong clock may be the cause, as in AWS's SDKs; also if there is no code, as for a `HEAD`.
    pub(crate) fn may_be_time_skewed(&self) -> bool {
        !self.status.is_redirection()
            && matches!(
                self.code(),
                None | Some(
                    "AuthFailure" | "InvalidSignatureException" | "RequestExpired" | "SignatureDoesNotMatch"
                )
            )
    }

    /// The service's time, if the body states it.
    pub(crate) fn server_time(&self) -> Option<Timestamp> {
        self.server_time
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }
}

/// `aws.protocoltests#ExpiredToken:http://internal.amazon.com/...` is `ExpiredToken`.
fn bare_code(code: &str) -> Option<&str> {
    let code = code.split(':').next()?;
    let code = code.rsplit('#').next()?.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    ((1..=128).contains(&code.len()) && code.bytes().all(plain)).then_some(code)
}

/// The text of the first `<name>`. XML escapes `<` in text, so the match is an element.
fn element<'b>(body: &'b [u8], name: &str) -> Option<&'b str> {
    let rest = after(body, format!("<{name}>").as_bytes())?;
    let end = rest.iter().position(|byte| *byte == b'<')?;
    let text = core::str::from_utf8(rest.get(..end)?).ok()?.trim();
    (!text.is_empty()).then_some(text)
}

/// The string of the first member `"name"`. JSON escapes `"` in strings, so the match is a name or a whole string.
fn member<'b>(body: &'b [u8], name: &str) -> Option<&'b str> {
    let rest = after(body, format!("\"{name}\"").as_bytes())?.trim_ascii_start();
    let rest = rest.strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    core::str::from_utf8(rest.get(..end)?).ok()
}

fn after<'b>(body: &'b [u8], tag: &[u8]) -> Option<&'b [u8]> {
    body.get(find(body, tag)? + tag.len()..)
}

fn find(body: &[u8], tag: &[u8]) -> Option<usize> {
    body.windows(tag.len()).position(|window| window == tag)
}

/// Shows only what looks like a name: anywhere else, above all in `Location`, a service may repeat the request, tokens
/// included.
impl fmt::Debug for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |text: &Option<Box<str>>| {
            let text = text.as_deref()?;
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
            Some(if text.len() <= 64 && text.bytes().all(is_name) {
                text.to_owned()
            } else {
                "..".to_owned()
            })
        };
        f.debug_struct("ErrorResponse")
            .field("status", &self.status)
            .field("code", &name(&self.code))
            .field("region", &name(&self.region))
            .field("names_time", &self.names_time)
            .field("server_time", &self.server_time)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn read(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> ErrorResponse {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        let status = StatusCode::from_u16(status).unwrap();
        ErrorResponse::read(status, &headers.collect(), body.as_bytes()).unwrap()
    }

    /// The bodies are those of the *Amazon S3 API Reference*, of botocore's and smithy's protocol tests, and of DynamoDB.
    #[test]
    fn reads_every_protocol() {
        let xml = "<?xml version=\"1.0\"?>\n<Error><Code>RequestTimeTooSkewed</Code><Message>The difference</Message></Error>";
        assert!(read(403, &[], xml).is_time_skewed());
        let query = "<ErrorResponse xmlns=\"urn\"><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code>\
                     <Message>Signature expired: 20150830T123600Z is now earlier than ...</Message></Error></ErrorResponse>";
        assert!(read(403, &[], query).is_time_skewed());
        let denied = "<Error><Code>AccessDenied</Code><Message>The difference between the request time and the current \
                      time is too large</Message></Error>";
        assert!(read(403, &[], denied).is_time_skewed());
        assert!(!read(403, &[], "<Error><Code>AccessDenied</Code></Error>").is_time_skewed());
        let json =
            r#"{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"has \"code\" expired"}"#;
        assert!(read(400, &[], json).is_expired_token());
        let rest = read(400, &[("x-amzn-errortype", "ExpiredTokenException:http://internal.example/")], "{}");
        assert_eq!(rest.code(), Some("ExpiredTokenException"));
        assert_eq!(read(403, &[], r#"{"code" : "AccessDenied"}"#).code(), Some("AccessDenied"));
        assert_eq!(read(403, &[], r#"{"message": "say \"code\": \"ExpiredToken\""}"#).code(), None);
    }

    #[test]
    fn reads_the_region() {
        let malformed = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
        assert_eq!(read(400, &[], malformed).region(), Some("eu-west-1"));
        assert_eq!(read(301, &[("x-amz-bucket-region", "us-west-2")], "").region(), Some("us-west-2"));
        assert_eq!(read(400, &[], "<Region>../evil</Region>").region(), None);
    }

    #[test]
    fn debug_shows_nothing_of_where_it_leads() {
        let location = [("location", "https://b.s3.amazonaws.com/k?X-Amz-Security-Token=HIDDEN")];
        let body = "<Error><Code>TemporaryRedirect</Code><Endpoint>HIDDEN</Endpoint></Error>";
        let shown = format!("{:?}", read(307, &location, body));
        assert!(shown.contains("TemporaryRedirect") && !shown.contains("HIDDEN"), "{shown}");
    }

    #[test]
    fn reads_no_further_than_the_limit() {
        let body = " ".repeat(ErrorResponse::BODY_LIMIT) + "<Code>ExpiredToken</Code>";
        assert_eq!(read(400, &[], &body).code(), None);
        assert!(
            ErrorResponse::read(StatusCode::OK, &HeaderMap::new(), b"<Code>ExpiredToken</Code>").is_none()
        );
        assert!(ErrorResponse::read(StatusCode::NOT_FOUND, &HeaderMap::new(), b"").is_none());
    }

    proptest! {
        #[test]
        fn reads_any_body(body in prop::collection::vec(any::<u8>(), 0..256), tag in 0..4_usize) {
            let tags: [&[u8]; 4] = [b"<Code>", b"\"__type\":\"", b"<Region>", b"\"code\""];
            let body = [tags[tag], &body].concat();
            let error = ErrorResponse::read(StatusCode::FORBIDDEN, &HeaderMap::new(), &body).unwrap();
            prop_assert!(error.code().is_none_or(|code| code.len() <= 128 && code.is_ascii()));
        }
    }
}
