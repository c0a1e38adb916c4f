use core::sync::atomic;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::static_provider::StaticProvider;

/// Gives one answer, and counts how often it is asked and invalidated.
#[derive(Debug, Default)]
struct Source {
    answer: Option<Result<Credentials, CredentialsError>>,
    asked: atomic::AtomicUsize,
    invalidated: atomic::AtomicUsize,
}

impl Source {
    fn numbered(number: usize, kind: Option<ErrorKind>) -> Self {
        let answer = match kind {
            None => Ok(Credentials::new(format!("AKID{number}"), "secret")),
            Some(kind) => {
                Err(CredentialsError::new(format!("source {number}"), kind, format!("reason {number}")))
            }
        };
        Self { answer: Some(answer), ..Self::default() }
    }

    fn asked(&self) -> usize {
        self.asked.load(atomic::Ordering::SeqCst)
    }
}

impl ProvideCredentials for Source {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async { self.provide_blocking() })
    }

    fn provide_blocking(&self) -> Result<Credentials, CredentialsError> {
        self.asked.fetch_add(1, atomic::Ordering::SeqCst);
        self.answer.clone().unwrap()
    }

    fn invalidate(&self, _: &Credentials) {
        self.invalidated.fetch_add(1, atomic::Ordering::SeqCst);
    }
}

#[test]
fn an_empty_chain_has_nothing() {
    let error = Chain::new().provide_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConfigured);
    assert_eq!(error.tried(), []);
    assert!(Chain::new().ready().is_none());
}

#[test]
fn the_final_error_lists_every_source_and_why() {
    let kind = Some(ErrorKind::NotConfigured);
    let chain = Chain::new().then(Source::numbered(1, kind)).then(Source::numbered(2, kind));
    let error = chain.provide_blocking().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no credentials from any source: none of them is configured: source 1 (reason 1); source 2 (reason 2)"
    );
}

#[test]
fn the_error_of_a_failing_source_lists_those_before_it() {
    let (none, refused) = (Some(ErrorKind::NotConfigured), Some(ErrorKind::Refused));
    let inner = Chain::new().then(Source::numbered(2, none)).then(Source::numbered(3, refused));
    let chain = Chain::new().then(Source::numbered(1, none)).then(inner);
    let error = chain.provide_blocking().unwrap_err();
    assert_eq!(
        error.to_string(),
        "no credentials from source 3: reason 3; tried before it: source 1 (reason 1); \
         source 2 (reason 2)"
    );
}

#[test]
fn only_the_first_source_can_have_credentials_at_hand() {
    let at_hand = || StaticProvider::new(Credentials::new("AKID", "secret"));
    assert!(Chain::new().then(at_hand()).ready().is_some());
    let behind_another = Chain::new().then(Source::numbered(1, None)).then(at_hand());
    assert!(behind_another.ready().is_none());
}

#[test]
fn every_source_hears_of_refused_credentials() {
    let sources = [1, 2].map(|number| Arc::new(Source::numbered(number, None)));
    let chain: Chain = sources.iter().map(|source| Arc::clone(source) as SharedProvider).collect();
    chain.invalidate(&Credentials::new("AKID", "secret"));
    assert!(sources.iter().all(|s| s.invalidated.load(atomic::Ordering::SeqCst) == 1));
}

fn kind() -> impl Strategy<Value = Option<ErrorKind>> {
    prop_oneof![
        4 => Just(Some(ErrorKind::NotConfigured)),
        1 => Just(None),
        1 => prop::sample::select(vec![
            ErrorKind::Incomplete,
            ErrorKind::Malformed,
            ErrorKind::Refused,
            ErrorKind::TimedOut,
            ErrorKind::Unreachable,
            ErrorKind::Unsupported,
        ])
        .prop_map(Some),
    ]
}

proptest! {
    #[test]
    fn the_first_configured_source_decides(kinds in prop::collection::vec(kind(), 0..8)) {
        let sources: Vec<_> =
            kinds.iter().enumerate().map(|(n, kind)| Arc::new(Source::numbered(n, *kind))).collect();
        let chain: Chain = sources.iter().map(|source| Arc::clone(source) as SharedProvider).collect();
        let blocking = chain.provide_blocking();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let awaited = runtime.block_on(chain.provide());

        let deciding = kinds.iter().position(|kind| *kind != Some(ErrorKind::NotConfigured));
        for (n, source) in sources.iter().enumerate() {
            let expected = if deciding.is_none_or(|deciding| n <= deciding) { 2 } else { 0 };
            prop_assert_eq!(source.asked(), expected);
        }
        match deciding {
            Some(deciding) => {
                let answer = sources[deciding].answer.clone().unwrap();
                match (&answer, &blocking, &awaited) {
                    (Ok(one), Ok(two), Ok(three)) => prop_assert!(one.same_as(two) && one.same_as(three)),
                    _ => {
                        let (expected, error) = (answer.unwrap_err(), blocking.unwrap_err());
                        prop_assert_eq!(&error, &awaited.unwrap_err());
                        prop_assert_eq!(error.tried().len(), deciding);
                        prop_assert_eq!(error.kind(), expected.kind());
                        prop_assert_eq!(error.source_name(), expected.source_name());
                        prop_assert_eq!(error.detail(), expected.detail());
                    }
                }
            }
            None => {
                let error = blocking.unwrap_err();
                prop_assert_eq!(error.tried().len(), kinds.len());
                prop_assert_eq!(error, awaited.unwrap_err());
            }
        }
    }
}
