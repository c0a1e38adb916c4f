//! Other canonical requests that a signer or a server may have made of a request, tried until one matches.
//!
//! The work is bounded, and linear in the request's length: the number of parts that are changed one by one is limited, what
//! comes before the headers is hashed once for all changes after it, and pairs of changes are tried within
//! [`BYTES_FOR_PAIRS`].

mod catalog;
mod change;

use sha2::{Digest, Sha256};

use self::catalog::Catalog;
pub(super) use self::change::RequestFacts;
use self::change::{Change, without};
use super::canonical::Canonical;

/// Bytes to hash for pairs of changes: some 40 ms on a processor without SHA-256 instructions.
const BYTES_FOR_PAIRS: usize = 8 << 20;
/// What a variant costs besides its own bytes, in bytes: its digest is put into a string to sign, which is signed.
const BYTES_A_TRY: usize = 320;

/// The variants of one request.
pub(super) struct Search<'c> {
    base: &'c Canonical,
    facts: RequestFacts<'c>,
    /// How many variants have been tried, and how many bytes were hashed for them.
    tried: usize,
    hashed: usize,
}

/// The hash state of what comes before the headers.
struct Prefix(Sha256);

impl<'c> Search<'c> {
    pub(super) fn new(base: &'c Canonical, facts: RequestFacts<'c>) -> Self {
        Self { base, facts, tried: 0, hashed: 0 }
    }

    /// For each predicate of `wanted`, finds the first variant with one change, or with two, whose digest satisfies it. Each
    /// digest is computed once.
    pub(super) fn find<const N: usize>(
        &mut self,
        wanted: [Option<&dyn Fn([u8; 32]) -> bool>; N],
    ) -> [Option<Canonical>; N] {
        let catalog = Catalog::new(self.base, self.facts);
        let kinds = catalog.kinds();
        let mut variants = [const { None }; N];
        let mut left = wanted;
        let all: Vec<(usize, Change<'_>)> = kinds
            .iter()
            .enumerate()
            .flat_map(|(kind, all)| all.iter().map(move |change| (kind, *change)))
            .collect();
        let plain = self.prefix(&[]);
        for (_, change) in &all {
            self.try_one(&plain, &[*change], &mut left, &mut variants);
        }
        let most = self.hashed.saturating_add(BYTES_FOR_PAIRS);
        for (kind, first) in &all {
            let prefix = self.prefix(&[*first]);
            for second in kinds.iter().skip(kind + 1).flatten() {
                if self.hashed > most || left.iter().all(Option::is_none) {
                    return variants;
                }
                self.try_one(&prefix, &[*first, *second], &mut left, &mut variants);
            }
        }
        variants
    }

    /// Tries one variant. The last of its changes may be one of what comes before the headers.
    fn try_one<const N: usize>(
        &mut self,
        prefix: &Prefix,
        changes: &[Change<'_>],
        left: &mut [Option<&dyn Fn([u8; 32]) -> bool>; N],
        variants: &mut [Option<Canonical>; N],
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
        for (want, place) in left.iter_mut().zip(variants) {
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

    /// The digest of [`Canonical::render`] with these changes of what comes after the prefix.
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
        let facts = RequestFacts { body: None, authority: None };
        let mut search = Search::new(canonical, facts);
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
        let facts = RequestFacts { body: None, authority: Some("localhost:9000") };
        let mut digests = Vec::new();
        let collected = core::cell::RefCell::new(&mut digests);
        Search::new(&base, facts).find([Some(&|digest| {
            collected.borrow_mut().push(digest);
            false
        })]);
        for at in (0..digests.len()).step_by(499) {
            let wanted = digests[at];
            let [found] = Search::new(&base, facts).find([Some(&|digest| digest == wanted)]);
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
        let facts = RequestFacts { body: None, authority: None };
        let found = Search::new(&base, facts).find([
            Some(&|digest| digest == first),
            None,
            Some(&|digest| digest == second),
            Some(&|_| false),
        ]);
        assert!(found == [Some(one), None, Some(two), None]);
    }
}
