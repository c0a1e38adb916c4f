use awsauth_http::awsauth_core::Protocol;
use awsauth_http::http::HeaderMap;
use awsauth_http::{Error, RequestHead};
use reqwest::Request;
use url::Position;

/// A reqwest request, as the signer reads and changes it.
pub(crate) struct Head<'r>(pub(crate) &'r mut Request);

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    fn protocol(&self) -> Result<Option<Protocol>, Error> {
        // `Url` has its scheme in lower case.
        match self.0.url().scheme() {
            "http" | "ws" => Ok(Some(Protocol::Http)),
            "https" | "wss" => Ok(Some(Protocol::Https)),
            _ => Err(Error::NotHttp),
        }
    }

    fn authority(&self) -> Option<&str> {
        let authority = &self.0.url()[Position::BeforeHost..Position::AfterPort];
        (!authority.is_empty()).then_some(authority)
    }

    fn path(&self) -> &str {
        self.0.url().path()
    }

    fn query(&self) -> Option<&str> {
        self.0.url().query()
    }

    fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        self.0.headers_mut()
    }

    fn set_target(&mut self, target: &str) -> Result<(), Error> {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let mut url = self.0.url().clone();
        url.set_path(path);
        url.set_query(query);
        // `Url` has rules of its own for what it encodes and resolves.
        if &url[Position::BeforePath..Position::AfterQuery] != target {
            return Err(Error::Rewritten);
        }
        *self.0.url_mut() = url;
        Ok(())
    }

    fn scheme(&self) -> Option<&str> {
        Some(self.0.url().scheme())
    }
}
