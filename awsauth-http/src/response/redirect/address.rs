use std::borrow::Cow;

use awsauth_core::Endpoint;
use http::Uri;

use crate::request::head::RequestHead;
use crate::response::error_response::ErrorResponse;

/// A URL in parts.
pub(super) struct Address<'u> {
    pub(super) protocol: &'u str,
    pub(super) host: Cow<'u, str>,
    pub(super) target: Cow<'u, str>,
}

impl<'u> Address<'u> {
    pub(super) fn of(request: &'u impl RequestHead) -> Option<Self> {
        let protocol = match request.protocol().ok()?? {
            awsauth_core::Protocol::Http => "http",
            awsauth_core::Protocol::Https => "https",
        };
        let target = match request.query() {
            None => Cow::Borrowed(request.path()),
            Some(query) => Cow::Owned(format!("{}?{query}", request.path())),
        };
        Some(Self { protocol, host: Cow::Borrowed(request.authority()?), target })
    }

    /// The address that the response names: by `Location`, or else by the region (which keeps the host's style), or else by
    /// `<Endpoint>`.
    pub(super) fn named_by(&self, error: &ErrorResponse) -> Option<Address<'u>> {
        if let Some(location) = error.location() {
            let uri: Uri = location.parse().ok()?;
            let authority = uri.authority()?.as_str();
            if authority.contains('@') {
                return None;
            }
            let protocol = match uri.scheme_str()? {
                "http" => "http",
                "https" => "https",
                _ => return None,
            };
            let target = uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
            return Some(Address {
                protocol,
                host: Cow::Owned(authority.to_owned()),
                target: Cow::Owned(target),
            });
        }
        if let Some(host) = error.region().and_then(|region| self.host_in(region)) {
            return Some(self.at(host));
        }
        if let Some(endpoint) = error.endpoint() {
            let uri: Uri = endpoint.parse().ok()?;
            let is_host = uri.authority().is_some_and(|authority| authority.as_str() == endpoint);
            // Without the bucket of the old host, it would be another bucket.
            let has_bucket = bucket(&self.host).is_none_or(|named| bucket(endpoint) == Some(named));
            return (is_host && has_bucket && !endpoint.contains('@')).then(|| self.on(endpoint));
        }
        error.region().map(|_| self.at(self.host.clone().into_owned()))
    }

    /// The same host of S3 in another region.
    fn host_in(&self, region: &str) -> Option<String> {
        let endpoint = Endpoint::resolve(&self.host, "").ok()?;
        let old = endpoint.region_name().ok()?;
        for (old, new) in [
            (format!(".s3.{old}."), format!(".s3.{region}.")),
            (format!(".s3.dualstack.{old}."), format!(".s3.dualstack.{region}.")),
            (format!(".s3-{old}."), format!(".s3.{region}.")),
            (".s3.amazonaws.com".to_owned(), format!(".s3.{region}.amazonaws.com")),
        ] {
            // With a dot in front, so that path-style hosts match, too: they begin with `s3`.
            let dotted = format!(".{}", self.host);
            if let Some(at) = dotted.rfind(&old) {
                let (before, after) = (dotted.get(1..at), dotted.get(at + old.len()..)?);
                let dot = if at == 0 { "" } else { "." };
                return Some(format!("{}{dot}{}{after}", before.unwrap_or_default(), new.get(1..)?));
            }
        }
        None
    }

    /// The address at an `<Endpoint>`: one that begins with the bucket removes that from the path.
    fn on(&self, endpoint: &str) -> Address<'u> {
        let (bucket, rest) = match self.target.trim_start_matches('/').find(['/', '?']) {
            Some(at) => self.target.split_at(at + 1),
            None => (&*self.target, ""),
        };
        let bucket = bucket.trim_start_matches('/');
        let mut address = self.at(endpoint.to_owned());
        let into_host =
            !bucket.is_empty() && endpoint.strip_prefix(bucket).is_some_and(|s3| s3.starts_with('.'));
        if into_host && !self.host.starts_with(&format!("{bucket}.")) {
            let slash = if rest.starts_with('/') { "" } else { "/" };
            address.target = Cow::Owned(format!("{slash}{rest}"));
        }
        address
    }

    fn at(&self, host: String) -> Address<'u> {
        Address { protocol: self.protocol, host: Cow::Owned(host), target: self.target.clone() }
    }
}

/// The bucket in a virtual-hosted S3 host.
fn bucket(host: &str) -> Option<&str> {
    let at = host.rfind(".s3.").or_else(|| host.rfind(".s3-"))?;
    host.get(..at)
}
