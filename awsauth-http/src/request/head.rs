use core::mem;

use awsauth_core::Protocol;
use bytes::Bytes;
use http::header::HOST;
use http::uri::{Authority, InvalidUri, PathAndQuery};
use http::{HeaderMap, HeaderValue, Request, Uri, request::Parts};

use crate::error::Error;

/// The head of a request: all but its body, as a [`Signer`](crate::Signer) reads and changes it.
///
/// It is implemented for `http::Request` and `http::request::Parts`. Adapters implement it for the requests of other clients.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the head of a request",
    label = "cannot be signed or verified",
    note = "it is implemented for `http::Request<B>` and `http::request::Parts`; an adapter implements it for its client's type"
)]
pub trait RequestHead {
    /// Returns the method.
    fn method(&self) -> &str;

    /// Returns the protocol, or `None` if the URL has none, as in a server. A websocket begins with a request: `ws` is
    /// [`Protocol::Http`] and `wss` is [`Protocol::Https`].
    ///
    /// # Errors
    /// [`Error::NotHttp`] if the scheme is not http, https, ws or wss.
    fn protocol(&self) -> Result<Option<Protocol>, Error>;

    /// Returns the URL's host, with the port if it has one.
    fn authority(&self) -> Option<&str>;

    /// Returns the path, as it is sent.
    fn path(&self) -> &str;

    /// Returns the query, as it is sent, without the `?`.
    fn query(&self) -> Option<&str>;

    /// Returns the headers.
    fn headers(&self) -> &HeaderMap;

    /// Returns the headers, to be changed.
    fn headers_mut(&mut self) -> &mut HeaderMap;

    /// Replaces path and query.
    ///
    /// # Errors
    /// [`Error::Rewritten`] if the client would send something else.
    fn set_target(&mut self, target: &str) -> Result<(), Error>;

    /// Does what [`set_target`](Self::set_target) does, for clients that can keep the bytes instead of copying them. They are
    /// UTF-8, but an implementation must not rely on that for its memory safety without checking.
    ///
    /// # Errors
    /// As for [`set_target`](Self::set_target).
    fn set_target_owned(&mut self, target: Bytes) -> Result<(), Error> {
        self.set_target(str::from_utf8(&target).map_err(|_| Error::Rewritten)?)
    }

    /// Replaces host and port, if they are to be sent in another form: servers that sign the host as they receive it refuse
    /// capitals and the protocol's default port. The default implementation sets the `host` header.
    ///
    /// # Errors
    /// [`Error::Rewritten`] if the client would send something else.
    fn set_authority(&mut self, authority: &str) -> Result<(), Error> {
        let value = HeaderValue::from_str(authority).map_err(|_| Error::Rewritten)?;
        self.headers_mut().insert(HOST, value);
        Ok(())
    }

    /// Returns the URL whose authority, path and query the other methods return, if the client holds it as a [`Uri`]. A
    /// presigned URL then shares its authority instead of copying it.
    fn uri(&self) -> Option<&Uri> {
        None
    }

    /// Returns the URL's scheme, such as `wss`, which a presigned URL keeps. If it is `None`, a presigned URL has the scheme
    /// of [`protocol`](Self::protocol).
    fn scheme(&self) -> Option<&str> {
        self.uri().and_then(Uri::scheme_str)
    }
}

impl<B> RequestHead for Request<B> {
    fn method(&self) -> &str {
        Request::method(self).as_str()
    }

    fn protocol(&self) -> Result<Option<Protocol>, Error> {
        protocol(Request::uri(self))
    }

    fn authority(&self) -> Option<&str> {
        authority(Request::uri(self))
    }

    fn path(&self) -> &str {
        Request::uri(self).path()
    }

    fn query(&self) -> Option<&str> {
        Request::uri(self).query()
    }

    fn headers(&self) -> &HeaderMap {
        Request::headers(self)
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        Request::headers_mut(self)
    }

    fn set_target(&mut self, target: &str) -> Result<(), Error> {
        set_target(self.uri_mut(), PathAndQuery::try_from(target))
    }

    fn set_target_owned(&mut self, target: Bytes) -> Result<(), Error> {
        set_target(self.uri_mut(), PathAndQuery::from_maybe_shared(target))
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), Error> {
        set_authority(self.uri_mut(), authority)
    }

    fn uri(&self) -> Option<&Uri> {
        Some(Request::uri(self))
    }
}

impl RequestHead for Parts {
    fn method(&self) -> &str {
        self.method.as_str()
    }

    fn protocol(&self) -> Result<Option<Protocol>, Error> {
        protocol(&self.uri)
    }

    fn authority(&self) -> Option<&str> {
        authority(&self.uri)
    }

    fn path(&self) -> &str {
        self.uri.path()
    }

    fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    fn set_target(&mut self, target: &str) -> Result<(), Error> {
        set_target(&mut self.uri, PathAndQuery::try_from(target))
    }

    fn set_target_owned(&mut self, target: Bytes) -> Result<(), Error> {
        set_target(&mut self.uri, PathAndQuery::from_maybe_shared(target))
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), Error> {
        set_authority(&mut self.uri, authority)
    }

    fn uri(&self) -> Option<&Uri> {
        Some(&self.uri)
    }
}

fn protocol(uri: &Uri) -> Result<Option<Protocol>, Error> {
    match uri.scheme_str() {
        None => Ok(None),
        Some("https") => Ok(Some(Protocol::Https)),
        Some("http") => Ok(Some(Protocol::Http)),
        Some(scheme) if scheme.eq_ignore_ascii_case("wss") => Ok(Some(Protocol::Https)),
        Some(scheme) if scheme.eq_ignore_ascii_case("ws") => Ok(Some(Protocol::Http)),
        Some(_) => Err(Error::NotHttp),
    }
}

/// Without `user:password@`, which clients do not send as part of the host.
fn authority(uri: &Uri) -> Option<&str> {
    let authority = uri.authority()?.as_str();
    // Few have a user, and checking that there is no `@` is faster than searching for the last one.
    if !may_have_at(authority.as_bytes()) {
        return Some(authority);
    }
    Some(authority.rsplit_once('@').map_or(authority, |(_, host)| host))
}

/// Whether there may be an `@`. It is never `false` if there is one.
fn may_have_at(text: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    // A borrow may mark the byte behind one.
    let may_have = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word) ^ (ONES * b'@' as u64);
        word.wrapping_sub(ONES) & !word & (ONES << 7)
    };
    let Some(end) = text.last_chunk() else { return text.contains(&b'@') };
    let (words, _) = text.as_chunks();
    words.iter().fold(may_have(end), |all, word| all | may_have(word)) != 0
}

fn set_target(uri: &mut Uri, target: Result<PathAndQuery, InvalidUri>) -> Result<(), Error> {
    let target = target.map_err(|_| Error::Rewritten)?;
    // The form for `CONNECT`, without a path: its parts would not make a URL again.
    if uri.scheme().is_none() && uri.authority().is_some() {
        return Err(Error::Rewritten);
    }
    let mut parts = mem::take(uri).into_parts();
    parts.path_and_query = Some(target);
    *uri = Uri::from_parts(parts).map_err(|_| Error::Rewritten)?;
    Ok(())
}

/// Replaces host and port, and keeps the user.
fn set_authority(uri: &mut Uri, authority: &str) -> Result<(), Error> {
    let user = uri.authority().and_then(|old| old.as_str().rsplit_once('@')).map(|(user, _)| user);
    let authority = match user {
        Some(user) => Authority::try_from(format!("{user}@{authority}")),
        None => Authority::try_from(authority),
    };
    let authority = authority.map_err(|_| Error::Rewritten)?;
    let mut parts = mem::take(uri).into_parts();
    parts.authority = Some(authority);
    *uri = Uri::from_parts(parts).map_err(|_| Error::Rewritten)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_taken_without_its_user() {
        for host in ["a", "example.com", "bucket.s3.eu-central-1.amazonaws.com:8443", "AAAAAAAA.AAAAAAAA"] {
            for user in ["", "u@", "user@", "user:password@", "user:p%40ssword-that-is-long@"] {
                let uri: Uri = format!("https://{user}{host}/path").parse().unwrap();
                assert_eq!(authority(&uri), Some(host), "{user}");
            }
        }
    }

    #[test]
    fn a_target_that_no_url_can_have_leaves_the_url_as_it_was() {
        for (url, target) in [("example.com:443", "/a"), ("https://example.com/a?b", "/\n")] {
            let mut uri = Uri::from_static(url);
            assert!(matches!(set_target(&mut uri, target.try_into()), Err(Error::Rewritten)), "{url}");
            assert_eq!(uri, url);
        }
    }
}
