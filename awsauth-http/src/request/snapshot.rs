use core::fmt;

use http::header::{AUTHORIZATION, HOST};
use http::{HeaderName, HeaderValue};

use super::head::RequestHead;
use crate::error::Error;

/// A copy of a request's head as it was signed, to check right before sending that it is unchanged.
///
/// `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SignedSnapshot {
    line: String,
    host: Option<Vec<u8>>,
    headers: Vec<(HeaderName, Vec<HeaderValue>)>,
}

impl SignedSnapshot {
    /// Copies what is signed of this head: method, path, query, and the headers that its `authorization` names. `None` if it
    /// has no signature there.
    #[must_use]
    pub fn of(head: &impl RequestHead) -> Option<Self> {
        let authorization = head.headers().get(AUTHORIZATION)?.to_str().ok()?;
        let (_, names) = authorization.split_once("SignedHeaders=")?;
        let names = names.split(',').next().unwrap_or(names);
        let names = names.split(';').filter_map(|name| name.parse().ok()).chain([AUTHORIZATION]);
        let headers = names.map(|name: HeaderName| {
            let values = head.headers().get_all(&name).iter().cloned().collect();
            (name, values)
        });
        Some(Self { line: line(head), host: host(head), headers: headers.collect() })
    }

    /// Checks that the head is still as it was signed. A client may have added a `host` header.
    ///
    /// # Errors
    /// [`Error::ChangedHeader`] or [`Error::ChangedTarget`] if it is not: make the change before signing.
    pub fn check(&self, head: &impl RequestHead) -> Result<(), Error> {
        if self.line != line(head) {
            return Err(Error::ChangedTarget);
        }
        for (name, values) in &self.headers {
            let unchanged = match values.is_empty() && name == HOST {
                true => host(head) == self.host,
                false => head.headers().get_all(name).iter().eq(values),
            };
            if !unchanged {
                return Err(Error::ChangedHeader(name.clone()));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for SignedSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedSnapshot").finish_non_exhaustive()
    }
}

fn line(head: &impl RequestHead) -> String {
    format!("{} {}?{}", head.method(), head.path(), head.query().unwrap_or_default())
}

fn host(head: &impl RequestHead) -> Option<Vec<u8>> {
    let header = head.headers().get(HOST).map(HeaderValue::as_bytes);
    header.or_else(|| head.authority().map(str::as_bytes)).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Credentials, Signer};

    fn signed() -> http::Request<()> {
        let mut request = http::Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues")
            .header("x-amz-meta-note", "signed")
            .header("user-agent", "not signed")
            .body(())
            .unwrap();
        Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).sign_blocking(&mut request).unwrap();
        request
    }

    #[test]
    fn takes_what_is_as_it_was_signed() {
        let mut request = signed();
        let snapshot = SignedSnapshot::of(&request).unwrap();
        request.headers_mut().insert("user-agent", HeaderValue::from_static("changed"));
        request.headers_mut().insert("host", HeaderValue::from_static("sqs.eu-west-1.amazonaws.com"));
        assert_eq!(snapshot.check(&request), Ok(()));
    }

    #[test]
    fn names_what_was_changed() {
        for name in ["authorization", "host", "x-amz-date", "x-amz-meta-note"] {
            let mut request = signed();
            let snapshot = SignedSnapshot::of(&request).unwrap();
            request.headers_mut().insert(name, HeaderValue::from_static("changed"));
            assert_eq!(snapshot.check(&request), Err(Error::ChangedHeader(name.parse().unwrap())));
        }
        let mut request = signed();
        let snapshot = SignedSnapshot::of(&request).unwrap();
        request.headers_mut().remove("x-amz-date");
        assert_eq!(snapshot.check(&request), Err(Error::ChangedHeader("x-amz-date".parse().unwrap())));
        let mut request = signed();
        *request.uri_mut() = "https://sqs.eu-west-1.amazonaws.com/?Action=DeleteQueue".parse().unwrap();
        assert_eq!(snapshot.check(&request), Err(Error::ChangedTarget));
    }

    #[test]
    fn an_unsigned_request_has_none() {
        assert!(SignedSnapshot::of(&http::Request::new(())).is_none());
        let basic = http::Request::get("/").header("authorization", "Basic SignedHeader").body(()).unwrap();
        assert!(SignedSnapshot::of(&basic).is_none());
    }
}
