use awsauth_core::{CanonicalHost, Header, PayloadHash, Protocol, Request, SignatureText, Target};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::uri::{self, Authority, PathAndQuery};
use http::{HeaderMap, HeaderValue, Method, Uri};

use super::added_headers::HeaderSet;
use super::changes::ChangedHost;
use super::head::RequestHead;
use super::old_signature;
use super::render::{Render, Scratch, bytes};
use super::target::TargetChange;
use crate::error::Error;

/// Headers that fit on the stack.
const INLINE_HEADERS: usize = 32;
/// Headers of ordinary requests: less stack to clear for those.
const FEW_HEADERS: usize = 12;
/// The header that states what the body is.
pub(crate) const CONTENT_SHA256: &str = "x-amz-content-sha256";
/// Longest target that is rendered on the stack.
const INLINE_TARGET: usize = 1024;

/// The parts of a request, as the core borrows them.
#[derive(Clone, Copy)]
pub(crate) struct BorrowedRequest<'r> {
    pub(crate) method: &'r str,
    pub(crate) protocol: Protocol,
    /// The scheme of the URL, if it has one.
    scheme: Option<&'r str>,
    /// The URL, if the client holds it as a `Uri`.
    uri: Option<&'r Uri>,
    /// The signed host in the form that is signed; unchanged if it is malformed.
    pub(crate) host: &'r str,
    /// Where the host must be changed.
    host_change: HostChange,
    pub(crate) path: &'r str,
    /// Without the parameters of an old signature.
    pub(crate) query: &'r str,
    /// As the request has it.
    own_query: &'r str,
    pub(crate) headers: &'r [Header<'r>],
    /// The same headers as the client has them.
    pub(crate) map: &'r HeaderMap,
    /// Which of the headers that signing adds are present already.
    pub(crate) old: HeaderSet,
}

impl<'r> BorrowedRequest<'r> {
    /// Runs `take` with the parts of `head`. The list of headers is on the stack, unless there are too many of them.
    #[inline]
    pub(crate) fn with<T>(
        head: &impl RequestHead,
        signed_host: Option<&str>,
        take: impl FnOnce(&BorrowedRequest<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let map = head.headers();
        let (mut few, mut some, mut many);
        let count = map.len();
        let slots: &mut [Header<'_>] = if count <= FEW_HEADERS {
            few = [Header::EMPTY; FEW_HEADERS];
            &mut few
        } else if count <= INLINE_HEADERS {
            some = [Header::EMPTY; INLINE_HEADERS];
            &mut some
        } else {
            many = vec![Header::EMPTY; count];
            &mut many
        };
        let (headers, HeaderScan { old, host }) = borrow_headers(map, slots);
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
        take(&BorrowedRequest {
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

    pub(crate) fn core_request(&self) -> Request<'r> {
        Request::from_parts(self.method, self.path, self.query, self.host)
            .protocol(self.protocol)
            .headers(self.headers)
    }

    /// [`changed_target`](Self::changed_target) for Signature Version 4 and 4A, which renders nothing if the core says that
    /// the target is unchanged.
    #[inline]
    pub(crate) fn changed_target_v4<S: SignatureText>(&self, target: &Target<'_, '_, S>) -> Option<Bytes> {
        // An empty path is sent as `/`.
        if target.is_unchanged() && !self.path.is_empty() && !self.has_old_signature() {
            return None;
        }
        self.changed_target(target)
    }

    /// The target without its old signature, if it has one.
    pub(crate) fn unsigned_target(&self) -> Option<Bytes> {
        let mark = if self.query.is_empty() { "" } else { "?" };
        self.has_old_signature().then(|| format!("{}{mark}{}", self.path, self.query).into())
    }

    /// Whether the query holds an old signature.
    fn has_old_signature(&self) -> bool {
        self.query.len() != self.own_query.len()
    }

    /// The target, if it differs from the request's own.
    pub(crate) fn changed_target(&self, target: &impl Render) -> Option<Bytes> {
        let mut change = TargetChange::of(self.path, self.own_query);
        target.render(&mut change);
        change.changed()
    }

    /// A target to send, in an allocation of exactly its size.
    pub(crate) fn path_and_query(target: &impl Render) -> Result<PathAndQuery, Error> {
        let mut scratch = Scratch::<INLINE_TARGET>::new();
        let target = match scratch.render(target) {
            Ok(rendered) => PathAndQuery::try_from(rendered),
            Err(length) => PathAndQuery::try_from(bytes(target, length)),
        };
        target.map_err(|_| Error::Rewritten)
    }

    /// The payload hash that the caller states, in a header that is not of an old signature.
    pub(crate) fn stated_payload(&self) -> Result<Option<PayloadHash>, Error> {
        if !self.old.has_hash() {
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

    /// The change that makes the client send the signed host, if it would send another.
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

    pub(crate) fn url(&self, target: PathAndQuery) -> Result<Uri, Error> {
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

/// Where the host must be changed so that it is sent as it is signed.
#[derive(Clone, Copy)]
enum HostChange {
    Authority,
    Header,
    None,
}

/// The host in the form that is signed, if it was not given so. A malformed host stays as it is, for the core to refuse.
fn changed_host(given: &str, protocol: Protocol) -> Option<String> {
    let host = CanonicalHost::new(given.as_bytes(), protocol).ok()?;
    if host.is(given) { None } else { Some(host.to_string()) }
}

/// What the one pass over the headers looks for.
#[derive(Default)]
struct HeaderScan<'r> {
    old: HeaderSet,
    /// The first `host` header.
    host: Option<&'r HeaderValue>,
}

/// Renames an `x-amz-content-sha256` that Signature Version 4 signed, since it belongs to the old signature: to
/// `authorization`, a name under which no scheme signs it.
#[cold]
fn leave_out_old_hash(slots: &mut [Header<'_>], old: &mut HeaderSet) {
    let names_hash = |header: &Header<'_>| {
        let mut windows = header.value.windows(CONTENT_SHA256.len());
        header.name == AUTHORIZATION.as_str()
            && header.value.starts_with(b"AWS4-")
            && windows.any(|window| window == CONTENT_SHA256.as_bytes())
    };
    if !slots.iter().any(names_hash) {
        return;
    }
    old.insert_old_hash();
    for header in slots.iter_mut().filter(|header| header.name == CONTENT_SHA256) {
        header.name = AUTHORIZATION.as_str();
    }
}

/// Fills the slots with the headers.
fn borrow_headers<'s, 'r>(
    map: &'r HeaderMap,
    slots: &'s mut [Header<'r>],
) -> (&'s [Header<'r>], HeaderScan<'r>) {
    let mut scan = HeaderScan::default();
    for (slot, (name, value)) in slots.iter_mut().zip(map) {
        let name = name.as_str();
        (slot.name, slot.value) = (name, value.as_bytes());
        if name == "host" {
            scan.host = scan.host.or(Some(value));
        }
        scan.old.insert(name);
    }
    if scan.old.may_have_old_hash() {
        leave_out_old_hash(slots, &mut scan.old);
    }
    (slots.get(..map.len()).unwrap_or_default(), scan)
}
