use awsauth_core::{CanonicalHost, Header, PayloadHash, Protocol, Request, SignatureText, Target};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::uri::{self, Authority, PathAndQuery};
use http::{HeaderMap, HeaderValue, Method, Uri};

use super::added_headers::Places;
use super::changes::ChangedHost;
use super::head::RequestHead;
use super::old_signature;
use super::render::{Render, Scratch, bytes};
use super::target::TargetChange;
use crate::error::Error;

/// Headers that fit on the stack.
const INLINE_HEADERS: usize = 32;
/// The same of ordinary requests, so that the stack which those clear is little.
const FEW_HEADERS: usize = 12;
/// The header that says what the body is.
pub(crate) const CONTENT_SHA256: &str = "x-amz-content-sha256";
/// The longest target that is put together on the stack.
const INLINE_TARGET: usize = 1024;

/// The parts of a request that the core borrows.
#[derive(Clone, Copy)]
pub(crate) struct Lent<'r> {
    pub(crate) method: &'r str,
    pub(crate) protocol: Protocol,
    /// That of the URL, where it has one.
    scheme: Option<&'r str>,
    /// Where the client has one.
    uri: Option<&'r Uri>,
    /// The host that is signed, as it is signed; or as it is if it is malformed.
    pub(crate) host: &'r str,
    /// Where the host is to be changed.
    host_change: HostChange,
    pub(crate) path: &'r str,
    /// Without what an old signature left in it.
    pub(crate) query: &'r str,
    /// As it is.
    own_query: &'r str,
    pub(crate) headers: &'r [Header<'r>],
    /// The same as the client has them.
    pub(crate) map: &'r HeaderMap,
    /// Which of those that signing adds are there already.
    pub(crate) old: Places,
}

impl<'r> Lent<'r> {
    /// Runs `take` with what `head` lends: its headers are in places on the stack, or are too many for that.
    #[inline]
    pub(crate) fn with<T>(
        head: &impl RequestHead,
        signed_host: Option<&str>,
        take: impl FnOnce(&Lent<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let map = head.headers();
        let (mut few, mut some, mut many);
        let count = map.len();
        let places: &mut [Header<'_>] = if count <= FEW_HEADERS {
            few = [Header::EMPTY; FEW_HEADERS];
            &mut few
        } else if count <= INLINE_HEADERS {
            some = [Header::EMPTY; INLINE_HEADERS];
            &mut some
        } else {
            many = vec![Header::EMPTY; count];
            &mut many
        };
        let (headers, Seen { old, host }) = lend_headers(map, places);
        let header = || host.and_then(|value| value.to_str().ok()).map(|text| text.trim_matches([' ', '\t']));
        let given = signed_host.or_else(header).or_else(|| head.authority()).ok_or(Error::NoHost)?;
        let protocol = head.protocol()?.unwrap_or_default();
        let changed = changed_host(given, protocol);
        let host_change = match (&changed, host) {
            _ if signed_host.is_some() => HostChange::Header,
            (None, _) => HostChange::None,
            (Some(_), Some(_)) => HostChange::Header,
            (Some(_), None) => HostChange::Authority,
        };
        let own_query = head.query().unwrap_or_default();
        let without_old = old_signature::removed(own_query);
        take(&Lent {
            scheme: head.scheme(),
            uri: head.uri(),
            method: head.method(),
            protocol,
            host: changed.as_deref().unwrap_or(given),
            host_change,
            path: head.path(),
            query: without_old.as_deref().unwrap_or(own_query),
            own_query,
            headers,
            map,
            old,
        })
    }

    pub(crate) fn request(&self) -> Request<'r> {
        Request::from_parts(self.method, self.path, self.query, self.host)
            .protocol(self.protocol)
            .headers(self.headers)
    }

    /// As [`changed_target`](Self::changed_target) of either version 4, without writing what is known not to change.
    #[inline]
    pub(crate) fn changed_target_v4<S: SignatureText>(&self, target: &Target<'_, '_, S>) -> Option<Bytes> {
        // An empty path is sent as `/`.
        if target.is_unchanged() && !self.path.is_empty() && !self.has_old_signature() {
            return None;
        }
        self.changed_target(target)
    }

    /// The target without an old signature, if there is one.
    pub(crate) fn unsigned_target(&self) -> Option<Bytes> {
        let mark = if self.query.is_empty() { "" } else { "?" };
        self.has_old_signature().then(|| format!("{}{mark}{}", self.path, self.query).into())
    }

    /// Whether an old signature is in the query.
    fn has_old_signature(&self) -> bool {
        self.query.len() != self.own_query.len()
    }

    /// The target, if it is not the one that the request has.
    pub(crate) fn changed_target(&self, target: &impl Render) -> Option<Bytes> {
        let mut change = TargetChange::of(self.path, self.own_query);
        target.render(&mut change);
        change.changed()
    }

    /// A target to send, in an allocation of just its size.
    pub(crate) fn path_and_query(target: &impl Render) -> Result<PathAndQuery, Error> {
        let mut scratch = Scratch::<INLINE_TARGET>::new();
        let target = match scratch.render(target) {
            Ok(rendered) => PathAndQuery::try_from(rendered),
            Err(length) => PathAndQuery::try_from(bytes(target, length)),
        };
        target.map_err(|_| Error::Rewritten)
    }

    /// What the caller says of the body, in a header that is not of an old signature.
    pub(crate) fn stated_payload(&self) -> Result<Option<PayloadHash>, Error> {
        if !self.old.have_hash() {
            return Ok(None);
        }
        let Some(header) = self.headers.iter().find(|header| header.name == CONTENT_SHA256) else {
            return Ok(None);
        };
        let text = str::from_utf8(header.value.trim_ascii());
        let text = text.map_err(|_| awsauth_core::Error::MalformedPayloadHash)?;
        Ok(Some(PayloadHash::parse(text)?))
    }

    /// Whether the client would send another host than the one that is signed.
    #[inline]
    pub(crate) fn changes_host(&self) -> bool {
        !matches!(self.host_change, HostChange::None)
    }

    /// What tells the client the host that is signed, if it would send another.
    #[cold]
    pub(crate) fn changed_host(&self) -> Result<Option<ChangedHost>, Error> {
        Ok(match self.host_change {
            HostChange::None => None,
            HostChange::Authority => Some(ChangedHost::Authority(self.host.into())),
            HostChange::Header => {
                let value = HeaderValue::from_str(self.host);
                Some(ChangedHost::Header(value.map_err(|_| awsauth_core::Error::MalformedHost)?))
            }
        })
    }

    pub(crate) fn method(&self) -> Result<Method, Error> {
        Ok(Method::from_bytes(self.method.as_bytes()).map_err(|_| awsauth_core::Error::MalformedMethod)?)
    }

    pub(crate) fn uri(&self, target: PathAndQuery) -> Result<Uri, Error> {
        let mut parts = uri::Parts::default();
        parts.scheme = Some(match (self.scheme, self.protocol) {
            (None | Some("http"), Protocol::Http) => uri::Scheme::HTTP,
            (None | Some("https"), Protocol::Https) => uri::Scheme::HTTPS,
            (Some(scheme), _) => uri::Scheme::try_from(scheme).map_err(|_| Error::Rewritten)?,
        });
        parts.authority = Some(match self.uri.and_then(Uri::authority) {
            Some(authority) if authority.as_str() == self.host => authority.clone(),
            _ => Authority::try_from(self.host).map_err(|_| Error::Rewritten)?,
        });
        parts.path_and_query = Some(target);
        Uri::from_parts(parts).map_err(|_| Error::Rewritten)
    }
}

/// Where the host is to be changed, so that it is sent as it is signed.
#[derive(Clone, Copy)]
enum HostChange {
    Authority,
    Header,
    None,
}

/// The host as it is signed, where that is not how it was given. One that is malformed stays, to be refused by the core.
fn changed_host(given: &str, protocol: Protocol) -> Option<String> {
    let host = CanonicalHost::new(given.as_bytes(), protocol).ok()?;
    if host.is(given) { None } else { Some(host.to_string()) }
}

/// What is looked for among the headers, in the one pass over them.
#[derive(Default)]
struct Seen<'r> {
    old: Places,
    /// The first `host` header.
    host: Option<&'r HeaderValue>,
}

/// An `x-amz-content-sha256` that version 4 signed is a part of the old signature. So is `authorization`, under whose name no
/// scheme signs it.
#[cold]
fn leave_out_old_hash(places: &mut [Header<'_>], old: &mut Places) {
    let names_hash = |header: &Header<'_>| {
        let mut windows = header.value.windows(CONTENT_SHA256.len());
        header.name == AUTHORIZATION.as_str()
            && header.value.starts_with(b"AWS4-")
            && windows.any(|window| window == CONTENT_SHA256.as_bytes())
    };
    if !places.iter().any(names_hash) {
        return;
    }
    old.note_old_hash();
    for header in places.iter_mut().filter(|header| header.name == CONTENT_SHA256) {
        header.name = AUTHORIZATION.as_str();
    }
}

/// Puts the headers into places, as many as there are.
fn lend_headers<'p, 'r>(map: &'r HeaderMap, places: &'p mut [Header<'r>]) -> (&'p [Header<'r>], Seen<'r>) {
    let mut seen = Seen::default();
    for (place, (name, value)) in places.iter_mut().zip(map) {
        let name = name.as_str();
        (place.name, place.value) = (name, value.as_bytes());
        if name == "host" {
            seen.host = seen.host.or(Some(value));
        }
        seen.old.note(name);
    }
    if seen.old.may_have_old_hash() {
        leave_out_old_hash(places, &mut seen.old);
    }
    (places.get(..map.len()).unwrap_or_default(), seen)
}
