use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::canonical::Canonical;
use super::text::hex;

/// What a service says in an error response, whatever its format.
#[derive(Debug, Default)]
pub(super) struct ServiceResponse {
    pub(super) status: u16,
    pub(super) has_no_body: bool,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) canonical: Option<Canonical>,
    pub(super) string_to_sign: Option<String>,
    pub(super) region: Option<String>,
    pub(super) headers_not_signed: Option<String>,
    pub(super) computed_sha256: Option<String>,
    /// The service's time, as it wrote it.
    pub(super) server_time: Option<String>,
}

impl ServiceResponse {
    pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut response = Self { status: status.as_u16(), has_no_body: body.is_empty(), ..Self::default() };
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        match text.as_bytes().first() {
            Some(b'<') => response.read_xml(text),
            Some(b'{') => response.read_json(text),
            _ => response.message = text.to_owned(),
        }
        let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        if response.code.is_empty() {
            // The response to a HEAD has no body.
            let named = header("x-amzn-errortype").or_else(|| header("x-amz-error-code"));
            response.code = named.as_deref().map(bare_code).unwrap_or_default();
        }
        response.region = response.region.take().or_else(|| header("x-amz-bucket-region"));
        response.server_time = response.server_time.take().or_else(|| header("date"));
        response.read_message();
        response
    }

    /// Whether this is the code, or the message contains it, for any of these.
    pub(super) fn says(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.code == *part || self.message.contains(part))
    }

    /// Whether the code is one of these, with the suffix `Exception` or without it.
    pub(super) fn is(&self, codes: &[&str]) -> bool {
        codes.contains(&self.code.strip_suffix("Exception").unwrap_or(&self.code))
    }

    /// Whether the signature may be wrong, judging by status and code.
    pub(super) fn is_about_signature(&self) -> bool {
        let has_comparison = self.canonical.is_some() || self.string_to_sign.is_some();
        let by_code = match self.code.to_ascii_lowercase() {
            // The response to a HEAD.
            code if code.is_empty() => self.has_no_body && self.status == 400,
            code => code.contains("signature") || code.contains("auth"),
        };
        has_comparison || by_code || matches!(self.status, 401 | 403) || self.message.contains("signature")
    }

    /// S3's `<Error>`, the query services' `<ErrorResponse><Error>`, EC2's `<Response><Errors><Error>`.
    fn read_xml(&mut self, text: &str) {
        let Ok(document) = roxmltree::Document::parse(text) else {
            text.clone_into(&mut self.message);
            return;
        };
        let element = |name: &str| {
            let node = document.descendants().find(|node| node.tag_name().name() == name)?;
            Some(node.text().unwrap_or_default().to_owned())
        };
        self.code = element("Code").unwrap_or_default();
        self.message = element("Message").or_else(|| element("message")).unwrap_or_default();
        self.region = element("Region");
        self.headers_not_signed = element("HeadersNotSigned");
        self.computed_sha256 = element("S3ComputedContentSHA256");
        self.server_time = element("ServerTime");
        // XML may have changed line ends in the text; the bytes are exact.
        let exact = |name: &str| element(&format!("{name}Bytes")).and_then(|digits| bytes(&digits));
        let text = |name: &str| exact(name).or_else(|| Some(element(name)?.into_bytes()));
        self.canonical = text("CanonicalRequest").and_then(|text| Canonical::parse(&text));
        self.string_to_sign =
            text("StringToSign").map(|text| String::from_utf8_lossy(&text).trim_end().to_owned());
    }

    /// `{"__type": .., "message": ..}`, `{"message": ..}`, `{"errors": [{"code": .., "message": ..}]}` and the like.
    fn read_json(&mut self, text: &str) {
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            text.clone_into(&mut self.message);
            return;
        };
        let inner = [&value["errors"][0], &value["Error"], &value["error"], &value];
        let find = |names: &[&str]| {
            let mut values = inner.iter().flat_map(|object| names.iter().map(|name| &object[*name]));
            values.find_map(Value::as_str).map(str::to_owned)
        };
        self.code = find(&["__type", "code", "Code"]).as_deref().map(bare_code).unwrap_or_default();
        self.message = find(&["message", "Message", "errorMessage"]).unwrap_or_default();
    }

    /// "The Canonical String for this request should have been '..'".
    fn read_message(&mut self) {
        let quoted = |after: &str| {
            let (_, rest) = self.message.split_once(after)?;
            let (_, rest) = rest.split_once('\'')?;
            // Values may hold quotes; the closing one ends a line.
            let end = rest.match_indices('\'').find(|(at, _)| {
                let tail = rest.get(at + 1..).unwrap_or_default();
                tail.trim_start_matches([' ', '\r']).is_empty()
                    || tail.starts_with('\n')
                    || tail.starts_with('\r')
            });
            rest.get(..end?.0).map(|text| text.replace("\r\n", "\n"))
        };
        let canonical = quoted("The Canonical String for this request should have been");
        let string_to_sign = quoted("The String-to-Sign should have been");
        if self.canonical.is_none() {
            self.canonical = canonical.and_then(|text| Canonical::parse(text.as_bytes()));
        }
        if self.string_to_sign.is_none() {
            self.string_to_sign = string_to_sign.map(|text| text.trim_end().to_owned());
        }
    }
}

/// `com.amazon.coral.service#InvalidSignatureException:http://..` without what is around the name.
fn bare_code(code: &str) -> String {
    let code = code.rsplit('#').next().unwrap_or_default();
    code.split(':').next().unwrap_or_default().trim().to_owned()
}

/// `41 57 53`.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    digits
        .split_ascii_whitespace()
        .map(|pair| match pair.as_bytes() {
            [high, low] => Some(hex(*high)? << 4 | hex(*low)?),
            _ => None,
        })
        .collect()
}
