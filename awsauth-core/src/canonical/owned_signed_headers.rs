use alloc::boxed::Box;

use super::signed_headers::SignedHeaders;

/// [`SignedHeaders`] that own their names, for signers that outlive the names.
///
/// ```
/// use awsauth_core::{OwnedSignedHeaders, SignedHeaders};
///
/// let name = String::from("range");
/// let owned = OwnedSignedHeaders::from(SignedHeaders::EssentialAnd(&[&name]));
/// assert_eq!(owned.as_signed_headers(), SignedHeaders::EssentialAndListed("range"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct OwnedSignedHeaders(Owned);

#[derive(Debug, Clone, Default)]
enum Owned {
    AllButHopByHop,
    #[default]
    ByPlace,
    Essential,
    EssentialAnd(Box<str>),
    Exactly(Box<str>),
    ExactlyEncoded(Box<str>),
    Listed(Box<str>),
}

impl OwnedSignedHeaders {
    /// Borrows the selection; the names are one string.
    #[must_use]
    pub fn as_signed_headers(&self) -> SignedHeaders<'_> {
        match &self.0 {
            Owned::AllButHopByHop => SignedHeaders::AllButHopByHop,
            Owned::ByPlace => SignedHeaders::ByPlace,
            Owned::Essential => SignedHeaders::Essential,
            Owned::EssentialAnd(list) => SignedHeaders::EssentialAndListed(list),
            Owned::Exactly(list) => SignedHeaders::Exactly(list),
            Owned::ExactlyEncoded(list) => SignedHeaders::ExactlyEncoded(list),
            Owned::Listed(list) => SignedHeaders::Listed(list),
        }
    }
}

impl From<SignedHeaders<'_>> for OwnedSignedHeaders {
    fn from(selection: SignedHeaders<'_>) -> Self {
        // Without a wildcard: what is not known here would be lost.
        Self(match selection {
            SignedHeaders::AllButHopByHop => Owned::AllButHopByHop,
            SignedHeaders::ByPlace => Owned::ByPlace,
            SignedHeaders::Essential => Owned::Essential,
            SignedHeaders::EssentialAnd(names) => Owned::EssentialAnd(join(names)),
            SignedHeaders::EssentialAndListed(list) => Owned::EssentialAnd(list.into()),
            SignedHeaders::Exactly(list) => Owned::Exactly(list.into()),
            SignedHeaders::ExactlyEncoded(list) => Owned::ExactlyEncoded(list.into()),
            SignedHeaders::Listed(list) => Owned::Listed(list.into()),
            SignedHeaders::Named(names) => Owned::Listed(join(names)),
        })
    }
}

fn join(names: &[&str]) -> Box<str> {
    names.join(";").into()
}
