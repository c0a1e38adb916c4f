use super::header_list::HeaderList;

/// Which of the caller's headers are signed. `host`, and what the signer adds, always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SignedHeaders<'a> {
    /// Where the signature goes into headers, as [`Essential`](Self::Essential). Where it goes into the URL, as
    /// [`AllButHopByHop`](Self::AllButHopByHop): whoever holds a presigned URL may leave out or change what is not signed,
    /// such as `if-none-match` or `content-length`.
    #[default]
    ByPlace,
    /// `content-type`, `content-md5` and every `x-amz-*`: what AWS wants signed, and no proxy changes.
    Essential,
    /// These too, by name, in any case.
    EssentialAnd(&'a [&'a str]),
    /// The same as one text, with `;` between the names.
    EssentialAndListed(&'a str),
    /// Of the caller's headers these alone, by name, in any case. An `x-amz-*` that S3 gets unsigned is refused by it.
    Named(&'a [&'a str]),
    /// The same as one text, with `;` between the names.
    Listed(&'a str),
    /// All but those that proxies and browsers change, add or remove, such as `connection`, `user-agent`, `x-forwarded-*` and
    /// `sec-*`.
    AllButHopByHop,
    /// Just these, with `;` between them, `host` among them if it is signed: what a verifier finds in a signature.
    Exactly(&'a str),
    /// The same, percent-encoded, as a URL has it.
    ExactlyEncoded(&'a str),
}

impl<'a> SignedHeaders<'a> {
    /// What it is for a signature in headers, or in a URL.
    #[inline]
    pub(crate) fn for_place(self, in_url: bool) -> Self {
        match self {
            Self::ByPlace if in_url => Self::AllButHopByHop,
            Self::ByPlace => Self::Essential,
            selection => selection,
        }
    }

    /// The list of all of them, where there is one.
    #[inline]
    pub(crate) fn exact(self) -> Option<HeaderList<'a>> {
        match self {
            Self::Exactly(list) => Some(HeaderList::plain(list)),
            Self::ExactlyEncoded(list) => Some(HeaderList::encoded(list)),
            _ => None,
        }
    }

    pub(crate) fn includes_host(self) -> bool {
        self.exact().is_none_or(|list| list.has("host"))
    }
}
