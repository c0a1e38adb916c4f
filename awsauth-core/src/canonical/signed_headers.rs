use super::header_list::HeaderList;

/// The caller's headers to sign. `host`, and the headers that the signer adds, are always signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SignedHeaders<'a> {
    /// [`Essential`](Self::Essential) where the signature goes into headers, [`AllButHopByHop`](Self::AllButHopByHop)
    /// where it goes into the URL: whoever has a presigned URL may omit or change headers that are not signed, such as
    /// `if-none-match` or `content-length`.
    #[default]
    ByPlace,
    /// `content-type`, `content-md5` and every `x-amz-*`: the headers that AWS wants signed and no proxy changes.
    Essential,
    /// The essential headers and these, by name, in any case.
    EssentialAnd(&'a [&'a str]),
    /// The same as one string, with `;` between the names.
    EssentialAndListed(&'a str),
    /// Of the caller's headers only these, by name, in any case. S3 refuses requests with an `x-amz-*` header that is
    /// not signed.
    Named(&'a [&'a str]),
    /// The same as one string, with `;` between the names.
    Listed(&'a str),
    /// All but those that proxies and browsers change, add or remove, such as `connection`, `user-agent`,
    /// `x-forwarded-*` and `sec-*`.
    AllButHopByHop,
    /// Exactly these, with `;` between the names, `host` among them: what a verifier reads from a signature. Each must be a
    /// header of the request, or one that the signer adds.
    Exactly(&'a str),
    /// As [`Exactly`](Self::Exactly), percent-encoded, as URLs have it.
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

    /// Whether names are given, which are to be checked.
    #[inline]
    pub(crate) fn is_by_name(self) -> bool {
        !matches!(self, Self::ByPlace | Self::Essential | Self::AllButHopByHop)
    }

    /// Whether the names given are names of headers, with `host` among them where they are all that is signed.
    pub(crate) fn is_well_formed(self) -> bool {
        let are_tokens = |list: HeaderList<'_>| list.names().all(|name| name.is_token());
        match self {
            Self::ByPlace | Self::Essential | Self::AllButHopByHop => true,
            Self::EssentialAnd(names) | Self::Named(names) => {
                names.iter().all(|name| !name.contains(';') && are_tokens(HeaderList::plain(name)))
            }
            // No name at all is no flaw here.
            Self::EssentialAndListed(list) | Self::Listed(list) => {
                list.is_empty() || are_tokens(HeaderList::plain(list))
            }
            Self::Exactly(_) | Self::ExactlyEncoded(_) => {
                self.includes_host() && self.exact().is_some_and(are_tokens)
            }
        }
    }

    pub(crate) fn includes_host(self) -> bool {
        self.exact().is_none_or(|list| list.has("host"))
    }
}
