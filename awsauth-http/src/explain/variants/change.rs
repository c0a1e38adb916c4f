use crate::explain::body_digests::BodyDigests;
use crate::explain::canonical::Canonical;

/// What is known of a request besides its canonical form.
#[derive(Clone, Copy)]
pub(in crate::explain) struct RequestFacts<'t> {
    pub(in crate::explain) body: Option<&'t BodyDigests>,
    /// The host and port of its URL, whatever its `host` header says.
    pub(in crate::explain) authority: Option<&'t str>,
}

/// One change of a canonical request.
#[derive(Clone, Copy)]
pub(super) enum Change<'c> {
    Path(&'c str),
    Query(&'c str),
    /// The value of the header at this position.
    Header(usize, &'c [u8]),
    /// No header at this position; whether its name stays in the list of signed headers.
    NoHeader(usize, bool),
    /// The payload hash; whether in the header `x-amz-content-sha256` too.
    Payload(&'c str, bool),
}

impl<'c> Change<'c> {
    /// The change of a header: `Some(None)` removes it, `None` leaves it as it is.
    pub(super) fn of_header(&self, place: usize, name: &str) -> Option<Option<&'c [u8]>> {
        match self {
            Self::Header(at, value) if *at == place => Some(Some(value)),
            Self::NoHeader(at, _) if *at == place => Some(None),
            Self::Payload(payload, true) if name == "x-amz-content-sha256" => Some(Some(payload.as_bytes())),
            _ => None,
        }
    }

    pub(super) fn apply(&self, mut canonical: Canonical) -> Canonical {
        match self {
            Self::Path(path) => (*path).clone_into(&mut canonical.path),
            Self::Query(query) => (*query).clone_into(&mut canonical.query),
            Self::Header(at, value) => {
                if let Some((_, old)) = canonical.headers.get_mut(*at) {
                    *old = value.to_vec();
                }
            }
            Self::NoHeader(at, listed) if *at < canonical.headers.len() => {
                let (name, _) = canonical.headers.remove(*at);
                if !listed {
                    canonical.signed_headers = without(&canonical.signed_headers, &name);
                }
            }
            Self::NoHeader(..) => {}
            Self::Payload(payload, in_header) => {
                (*payload).clone_into(&mut canonical.payload);
                let header = canonical.headers.iter_mut().find(|(name, _)| name == "x-amz-content-sha256");
                if let Some((_, value)) = header.filter(|_| *in_header) {
                    *value = payload.as_bytes().to_vec();
                }
            }
        }
        canonical
    }
}

/// The list without one name.
pub(super) fn without(signed_headers: &str, name: &str) -> String {
    signed_headers.split(';').filter(|other| *other != name).collect::<Vec<_>>().join(";")
}
