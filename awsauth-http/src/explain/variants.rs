//! The other canonical requests that a signer or a server might have made of a request, tried until one is met.
//!
//! The work is bounded, and linear in the request: how many parts are changed one by one has a limit each, what stands before
//! the headers is hashed once for all that is changed behind it, and two changes at once are tried as far as
//! [`BYTES_FOR_PAIRS`] goes.

mod changes;

use sha2::{Digest, Sha256};

use self::changes::Changes;
pub(super) use self::changes::normalize;
use super::body_digests::BodyDigests;
use super::canonical::Canonical;

/// Bytes that are hashed to try two changes at once: some 40 ms where SHA-256 is no instruction.
const BYTES_FOR_PAIRS: usize = 8 << 20;
/// What trying a variant costs besides its bytes, in bytes: a string to sign is made of the digest, and signed.
const BYTES_A_TRY: usize = 320;

/// What a request is besides its canonical form.
#[derive(Clone, Copy)]
pub(super) struct Known<'t> {
    pub(super) body: Option<&'t BodyDigests>,
    /// Of its URL, whatever its `host` header says.
    pub(super) authority: Option<&'t str>,
}

/// One change of a canonical request.
#[derive(Clone, Copy)]
enum Change<'c> {
    Path(&'c str),
    Query(&'c str),
    /// The value of the header in this place.
    Header(usize, &'c [u8]),
    /// The header in this place is not there; its name still is in the list, or is not.
    NoHeader(usize, bool),
    /// The payload's line, and the header that says it too.
    Payload(&'c str, bool),
}

/// The variants of one request.
pub(super) struct Search<'c> {
    base: &'c Canonical,
    known: Known<'c>,
    /// How many have been tried, and how many bytes were hashed for that.
    tried: usize,
    hashed: usize,
}

/// What stands before the headers, hashed.
struct Prefix(Sha256);

impl<'c> Search<'c> {
    pub(super) fn of(base: &'c Canonical, known: Known<'c>) -> Self {
        Self { base, known, tried: 0, hashed: 0 }
    }

    /// For each of `wanted`, the first variant whose digest it wants: of one change, or of two. Each digest is computed once.
    pub(super) fn find<const N: usize>(
        &mut self,
        wanted: [Option<&dyn Fn([u8; 32]) -> bool>; N],
    ) -> [Option<Canonical>; N] {
        let changes = Changes::of(self.base, self.known);
        let kinds = changes.kinds();
        let mut found = [const { None }; N];
        let mut left = wanted;
        let all: Vec<(usize, Change<'_>)> = kinds
            .iter()
            .enumerate()
            .flat_map(|(kind, all)| all.iter().map(move |change| (kind, *change)))
            .collect();
        let plain = self.prefix(&[]);
        for (_, change) in &all {
            self.try_one(&plain, &[*change], &mut left, &mut found);
        }
        let most = self.hashed.saturating_add(BYTES_FOR_PAIRS);
        for (kind, first) in &all {
            let prefix = self.prefix(&[*first]);
            for second in kinds.iter().skip(kind + 1).flatten() {
                if self.hashed > most || left.iter().all(Option::is_none) {
                    return found;
                }
                self.try_one(&prefix, &[*first, *second], &mut left, &mut found);
            }
        }
        found
    }

    /// Tries one variant. The last of its changes may be of what stands before the headers.
    fn try_one<const N: usize>(
        &mut self,
        prefix: &Prefix,
        changes: &[Change<'_>],
        left: &mut [Option<&dyn Fn([u8; 32]) -> bool>; N],
        found: &mut [Option<Canonical>; N],
    ) {
        if left.iter().all(Option::is_none) {
            return;
        }
        let digest = match changes.last() {
            Some(Change::Path(_) | Change::Query(_)) => {
                let own = self.prefix(changes);
                self.digest(&own, changes)
            }
            _ => self.digest(prefix, changes),
        };
        self.tried += 1;
        self.hashed += BYTES_A_TRY;
        for (want, place) in left.iter_mut().zip(found) {
            if want.is_some_and(|wants| wants(digest)) {
                *place =
                    Some(changes.iter().fold(self.base.clone(), |canonical, change| change.apply(canonical)));
                *want = None;
            }
        }
    }

    fn prefix(&mut self, changes: &[Change<'_>]) -> Prefix {
        let (mut path, mut query) = (self.base.path.as_str(), self.base.query.as_str());
        for change in changes {
            match change {
                Change::Path(other) => path = other,
                Change::Query(other) => query = other,
                _ => {}
            }
        }
        let mut hasher = Sha256::new();
        for line in [&self.base.method, path, query] {
            self.put(&mut hasher, &[line.as_bytes(), b"\n"]);
        }
        Prefix(hasher)
    }

    /// As [`Canonical::render`] has it, with these changes of what stands behind the prefix.
    fn digest(&mut self, prefix: &Prefix, changes: &[Change<'_>]) -> [u8; 32] {
        let mut hasher = prefix.0.clone();
        let base = self.base;
        let mut unlisted = None;
        let mut payload = base.payload.as_str();
        for change in changes {
            match change {
                Change::NoHeader(at, false) => {
                    unlisted = base.headers.get(*at).map(|(name, _)| name.as_str())
                }
                Change::Payload(other, _) => payload = other,
                _ => {}
            }
        }
        for (at, (name, value)) in base.headers.iter().enumerate() {
            let mut value = Some(value.as_slice());
            for changed in changes.iter().filter_map(|change| change.of_header(at, name)) {
                value = value.and(changed);
            }
            if let Some(value) = value {
                self.put(&mut hasher, &[name.as_bytes(), b":", value, b"\n"]);
            }
        }
        self.put(&mut hasher, &[b"\n"]);
        match unlisted {
            None => self.put(&mut hasher, &[base.signed_headers.as_bytes()]),
            Some(name) => self.put(&mut hasher, &[without(&base.signed_headers, name).as_bytes()]),
        }
        self.put(&mut hasher, &[b"\n", payload.as_bytes()]);
        hasher.finalize().into()
    }

    fn put(&mut self, hasher: &mut Sha256, parts: &[&[u8]]) {
        for part in parts {
            hasher.update(part);
            self.hashed += part.len();
        }
    }
}

impl<'c> Change<'c> {
    /// What becomes of a header: another value, or nothing; `None` if it stays.
    fn of_header(&self, place: usize, name: &str) -> Option<Option<&'c [u8]>> {
        match self {
            Self::Header(at, value) if *at == place => Some(Some(value)),
            Self::NoHeader(at, _) if *at == place => Some(None),
            Self::Payload(payload, true) if name == "x-amz-content-sha256" => Some(Some(payload.as_bytes())),
            _ => None,
        }
    }

    fn apply(&self, mut canonical: Canonical) -> Canonical {
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
fn without(signed_headers: &str, name: &str) -> String {
    signed_headers.split(';').filter(|other| *other != name).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(query: String, headers: Vec<(String, Vec<u8>)>) -> Canonical {
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        Canonical {
            method: "GET".to_owned(),
            path: "/a%20b/c%2Bd".to_owned(),
            query,
            signed_headers: names.join(";"),
            headers: headers.clone(),
            payload: "UNSIGNED-PAYLOAD".to_owned(),
        }
    }

    fn host() -> (String, Vec<u8>) {
        ("host".to_owned(), b"bucket.s3.eu-west-1.amazonaws.com".to_vec())
    }

    fn with_parameters(count: usize) -> Canonical {
        let pairs: Vec<_> = (0..count).map(|at| format!("name-{at:05}=va%2Blue%20{at}")).collect();
        canonical(pairs.join("&"), vec![host()])
    }

    fn with_headers(count: usize) -> Canonical {
        let own = (0..count).map(|at| (format!("x-amz-meta-{at:05}"), b"a, b".to_vec()));
        canonical("a=1".to_owned(), [host()].into_iter().chain(own).collect())
    }

    fn work(canonical: &Canonical) -> (usize, usize) {
        let known = Known { body: None, authority: None };
        let mut search = Search::of(canonical, known);
        assert!(search.find([Some(&|_| false)]) == [None]);
        (search.tried, search.hashed)
    }

    #[test]
    fn the_work_is_bounded_and_linear() {
        for (kind, request) in [
            ("parameters", with_parameters as fn(usize) -> Canonical),
            ("headers", with_headers),
            ("one long parameter", |length| canonical(format!("a={}", "%2B".repeat(length)), vec![host()])),
            ("a long path", |length| Canonical { path: "/a%20b".repeat(length), ..with_parameters(3) }),
            ("a long value", |length| {
                canonical(String::new(), vec![host(), ("x-list".to_owned(), b"a, ".repeat(length))])
            }),
        ] {
            for count in [100, 3_000] {
                let (small, large) = (request(count), request(4 * count));
                let ((tried, hashed), (tried_4, hashed_4)) = (work(&small), work(&large));
                let limit = |canonical: &Canonical| BYTES_FOR_PAIRS + 400 * canonical.render().len();
                assert!(
                    hashed <= limit(&small) && hashed_4 <= limit(&large),
                    "{kind} {count}: {hashed} {hashed_4}"
                );
                assert!(tried <= 70_000 && tried_4 <= 70_000, "{kind} {count}: {tried} {tried_4}");
                assert!(hashed_4 < 5 * hashed, "{kind} {count}: {hashed} {hashed_4}");
            }
        }
    }

    /// What is hashed for a variant is what it renders to.
    #[test]
    fn digests_are_those_of_the_variants() {
        let mut base = with_parameters(4);
        base.headers.push(("x-amz-content-sha256".to_owned(), b"UNSIGNED-PAYLOAD".to_vec()));
        base.headers.push(("x-list".to_owned(), b"a, b".to_vec()));
        base.signed_headers = "host;x-amz-content-sha256;x-list".to_owned();
        let known = Known { body: None, authority: Some("localhost:9000") };
        let mut digests = Vec::new();
        let collected = core::cell::RefCell::new(&mut digests);
        Search::of(&base, known).find([Some(&|digest| {
            collected.borrow_mut().push(digest);
            false
        })]);
        for at in (0..digests.len()).step_by(499) {
            let wanted = digests[at];
            let [found] = Search::of(&base, known).find([Some(&|digest| digest == wanted)]);
            assert_eq!(found.unwrap().sha256(), wanted, "{at}");
        }
    }

    #[test]
    fn several_are_found_in_one_search() {
        let base = with_parameters(3);
        let one = Canonical { path: "/".to_owned(), ..base.clone() };
        let two = Canonical {
            query: String::new(),
            payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER".to_owned(),
            ..base.clone()
        };
        let (first, second) = (one.sha256(), two.sha256());
        let known = Known { body: None, authority: None };
        let found = Search::of(&base, known).find([
            Some(&|digest| digest == first),
            None,
            Some(&|digest| digest == second),
            Some(&|_| false),
        ]);
        assert!(found == [Some(one), None, Some(two), None]);
    }
}
