mod address;
mod same_object;

use core::fmt;

use awsauth_core::Endpoint;

use self::address::Address;
use super::error_response::ErrorResponse;
use crate::request::head::RequestHead;

/// Where S3 says that a bucket is: at another host, in another region, or both.
///
/// It follows [Request routing][routing] in AWS's documentation: S3 responds with 307 for a new bucket, with 301 for a bucket in
/// another region (or with 308; either keeps the method), and with 400 `AuthorizationHeaderMalformed` for the right host and
/// another region. The old signature is invalid there: copy the unsigned request, set its URL to [`url`](Self::url), remove its
/// `host` header, and sign it anew for [`region`](Self::region).
///
/// [routing]: https://docs.aws.amazon.com/AmazonS3/latest/API/UsingRouting.html
#[derive(Clone, PartialEq, Eq)]
pub struct Redirect {
    url: String,
    host: String,
    region: Option<String>,
    is_same_object: bool,
}

impl Redirect {
    /// Reads the redirect from S3's error response. `None` if it is not a redirect, or one that must not be followed: to the
    /// same address, from https to http, or to a malformed URL.
    #[must_use]
    pub fn of(request: &impl RequestHead, error: &ErrorResponse) -> Option<Self> {
        let known = match (error.status().as_u16(), error.code()) {
            // The response to a `HEAD` has no code.
            (301 | 307 | 308, None | Some("PermanentRedirect" | "TemporaryRedirect" | "Redirect")) => true,
            (
                400,
                Some(
                    "AuthorizationHeaderMalformed"
                    | "IllegalLocationConstraintException"
                    | "IncorrectEndpoint",
                ),
            ) => error.region().is_some(),
            (400, None) => error.region().is_some() && request.method() == "HEAD",
            _ => false,
        };
        if !known {
            return None;
        }
        let from = Address::of(request)?;
        let to = from.named_by(error)?;
        let here = to.host.eq_ignore_ascii_case(&from.host) && to.target == from.target;
        let region = error.region().map(String::from).or_else(|| {
            let endpoint = Endpoint::resolve(&to.host, "").ok()?;
            endpoint.region_name().ok().map(String::from)
        });
        // At the same address, only another region makes it another request.
        if (from.protocol == "https" && to.protocol != "https") || (here && error.region().is_none()) {
            return None;
        }
        let is_same_object = same_object::is_same(&from, &to, region.as_deref());
        let url = format!("{}://{}{}", to.protocol, to.host, to.target);
        Some(Self { url, host: to.host.into_owned(), region, is_same_object })
    }

    /// Returns the URL to send the request to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the host of the URL, with a port if it has one.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the region to sign for, or `None` if it stays the same.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Returns whether the redirect leads from one host of AWS's S3 to another of the same partition, and to the same bucket,
    /// key and query, in virtual-hosted or path style. Such a redirect is safe to follow even if the response is forged. It is
    /// `false` for access points, websites and VPC endpoints, from FIPS hosts to others, and if the host belongs to another
    /// region than the one that the response names.
    #[must_use]
    pub fn is_same_object(&self) -> bool {
        self.is_same_object
    }

    /// Returns whether the host is one of AWS's S3. That alone says neither whose bucket it is nor which object is meant: use
    /// [`is_same_object`](Self::is_same_object).
    #[must_use]
    pub fn is_to_s3(&self) -> bool {
        Endpoint::resolve(&self.host, "")
            .is_ok_and(|endpoint| matches!(endpoint.signing_name(), "s3" | "s3express"))
    }
}

/// Leaves out the URL: its query may hold tokens.
impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirect")
            .field("host", &self.host)
            .field("region", &self.region)
            .field("is_same_object", &self.is_same_object)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

    use super::*;

    pub(super) fn redirect(
        url: &str,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> Option<Redirect> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let error =
            ErrorResponse::read(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes()).unwrap();
        Redirect::of(&Request::get(url).body(()).unwrap(), &error)
    }

    /// The responses are those of AWS's page "Request routing".
    #[test]
    fn follows_what_s3_names() {
        let table = [
            // (from, status, headers, body, to, region)
            (
                "https://b.s3.amazonaws.com/k?x=1",
                307,
                &[("location", "https://b.s3-us-west-2.amazonaws.com/k?rk=e2c6")][..],
                "<Error><Code>TemporaryRedirect</Code><Endpoint>b.s3-us-west-2.amazonaws.com</Endpoint></Error>",
                "https://b.s3-us-west-2.amazonaws.com/k?rk=e2c6",
                Some("us-west-2"),
            ),
            (
                "https://b.s3.eu-west-1.amazonaws.com/k?x=1",
                301,
                &[("x-amz-bucket-region", "eu-central-1")],
                "",
                "https://b.s3.eu-central-1.amazonaws.com/k?x=1",
                Some("eu-central-1"),
            ),
            (
                "https://s3.eu-west-1.amazonaws.com/b/k",
                301,
                &[("x-amz-bucket-region", "eu-central-1")],
                "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu-central-1.amazonaws.com</Endpoint></Error>",
                "https://s3.eu-central-1.amazonaws.com/b/k",
                Some("eu-central-1"),
            ),
            (
                "https://s3.amazonaws.com/b/k?x",
                301,
                &[],
                "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3-eu-west-1.amazonaws.com</Endpoint></Error>",
                "https://b.s3-eu-west-1.amazonaws.com/k?x",
                Some("eu-west-1"),
            ),
            (
                "https://b.s3.amazonaws.com/b/k",
                301,
                &[],
                "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3-eu-west-1.amazonaws.com</Endpoint></Error>",
                "https://b.s3-eu-west-1.amazonaws.com/b/k",
                Some("eu-west-1"),
            ),
            (
                "https://b.s3.amazonaws.com/k",
                400,
                &[],
                "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>",
                "https://b.s3.eu-west-1.amazonaws.com/k",
                Some("eu-west-1"),
            ),
            (
                "http://localhost:9000/b/k",
                400,
                &[],
                "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>",
                "http://localhost:9000/b/k",
                Some("eu-west-1"),
            ),
        ];
        for (from, status, headers, body, url, region) in table {
            let redirect = redirect(from, status, headers, body).unwrap();
            assert_eq!((redirect.url(), redirect.region()), (url, region), "{from}");
        }
    }

    #[test]
    fn does_not_follow_the_rest() {
        let https = "https://b.s3.amazonaws.com/k";
        assert_eq!(redirect(https, 307, &[("location", "http://b.s3.eu-west-1.amazonaws.com/k")], ""), None);
        assert_eq!(redirect(https, 307, &[("location", https)], ""), None);
        assert_eq!(redirect(https, 307, &[("location", "/elsewhere")], ""), None);
        assert_eq!(
            redirect(https, 307, &[("location", "https://s3.amazonaws.com@evil.example/k")], ""),
            None
        );
        assert_eq!(redirect(https, 301, &[], "<Endpoint>b.s3.evil.example/path</Endpoint>"), None);
        assert_eq!(redirect(https, 301, &[], "<Endpoint>s3.eu-west-1.amazonaws.com</Endpoint>"), None);
        assert_eq!(redirect(https, 301, &[], "<Endpoint>c.s3.eu-west-1.amazonaws.com</Endpoint>"), None);
        assert_eq!(
            redirect(https, 403, &[("x-amz-bucket-region", "eu-west-1")], "<Code>AccessDenied</Code>"),
            None
        );
        assert_eq!(redirect(https, 301, &[], ""), None);
    }

    #[test]
    fn debug_shows_no_query() {
        let to = "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Security-Token=HIDDEN";
        let redirect = redirect("https://b.s3.amazonaws.com/k", 307, &[("location", to)], "").unwrap();
        assert_eq!(redirect.url(), to);
        assert!(!format!("{redirect:?}").contains("HIDDEN"));
    }

    #[test]
    fn knows_the_hosts_of_s3() {
        let to = |location: &'static str| {
            redirect("https://b.s3.amazonaws.com/k", 307, &[("location", location)], "")
        };
        assert!(to("https://b.s3.eu-west-1.amazonaws.com/k").unwrap().is_to_s3());
        assert!(!to("https://b.s3.eu-west-1.amazonaws.com.evil.example/k").unwrap().is_to_s3());
        assert!(!to("https://sqs.eu-west-1.amazonaws.com/k").unwrap().is_to_s3());
    }
}
