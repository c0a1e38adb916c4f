use awsauth_core::{AddedHeader, SignatureText};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderName, HeaderValue};

use crate::render::header_value;
use crate::{Error, RequestHead};

const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
const X_AMZ_S3SESSION_TOKEN: HeaderName = HeaderName::from_static("x-amz-s3session-token");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const X_AMZN_AUTHORIZATION: HeaderName = HeaderName::from_static("x-amzn-authorization");

/// The headers of an old signature.
const AUTHENTICATION: [HeaderName; 6] = [
    AUTHORIZATION,
    X_AMZ_DATE,
    X_AMZ_REGION_SET,
    X_AMZ_S3SESSION_TOKEN,
    X_AMZ_SECURITY_TOKEN,
    X_AMZN_AUTHORIZATION,
];

/// What signing changes of a request: all of it is known before anything is changed.
#[derive(Default)]
pub(crate) struct Changes {
    /// Path and query, if they differ.
    pub(crate) target: Option<String>,
    /// The headers to set.
    pub(crate) headers: AddedHeaders,
    /// The form to send in place of the body.
    pub(crate) form: Option<Bytes>,
}

pub(crate) type AddedHeaders = [Option<(HeaderName, HeaderValue)>; 6];

impl Changes {
    pub(crate) fn apply(self, head: &mut impl RequestHead, signed_host: Option<&str>) -> Result<(), Error> {
        let host = match signed_host {
            Some(host) => Some(HeaderValue::from_str(host).map_err(|_| awsauth_core::Error::MalformedHost)?),
            None => None,
        };
        // The last step that can fail, and the first that changes anything.
        if let Some(target) = self.target {
            head.set_target(&target)?;
        }
        let headers = head.headers_mut();
        for name in AUTHENTICATION {
            headers.remove(name);
        }
        for (name, value) in self.headers.into_iter().flatten() {
            headers.insert(name, value);
        }
        if let Some(host) = host {
            headers.insert(HOST, host);
        }
        if let Some(form) = self.form {
            let content_type = HeaderValue::from_static(awsauth_core::sigv2::FORM_CONTENT_TYPE);
            headers.insert(CONTENT_TYPE, content_type);
            if headers.contains_key(CONTENT_LENGTH) {
                headers.insert(CONTENT_LENGTH, form.len().into());
            }
        }
        Ok(())
    }
}

/// The headers that SigV4 and SigV4A add.
pub(crate) fn added<'s, 'a: 's, S: SignatureText + 's>(
    headers: impl Iterator<Item = (&'static str, AddedHeader<'s, 'a, S>)>,
) -> AddedHeaders {
    let mut added = [const { None }; 6];
    for (place, (name, value)) in added.iter_mut().zip(headers) {
        *place = header_value(&value, value.is_sensitive()).map(|value| (header_name(name), value));
    }
    added
}

/// The headers that the older schemes add.
pub(crate) fn added_by_older<'s, 'a: 's>(
    headers: impl Iterator<Item = (&'static str, awsauth_core::HeaderValue<'s, 'a>)>,
) -> AddedHeaders {
    let mut added = [const { None }; 6];
    for (place, (name, value)) in added.iter_mut().zip(headers) {
        *place = header_value(&value, value.is_sensitive()).map(|value| (header_name(name), value));
    }
    added
}

fn header_name(name: &'static str) -> HeaderName {
    match name {
        "authorization" => AUTHORIZATION,
        "x-amz-content-sha256" => X_AMZ_CONTENT_SHA256,
        "x-amz-date" => X_AMZ_DATE,
        "x-amz-region-set" => X_AMZ_REGION_SET,
        "x-amz-s3session-token" => X_AMZ_S3SESSION_TOKEN,
        "x-amzn-authorization" => X_AMZN_AUTHORIZATION,
        _ => X_AMZ_SECURITY_TOKEN,
    }
}
