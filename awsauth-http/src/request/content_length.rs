use http::HeaderValue;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::head::RequestHead;
use crate::error::Error;

const ZERO: HeaderValue = HeaderValue::from_static("0");

/// Sets `content-length: 0` if the method gives a body a meaning (`PATCH`, `POST`, `PUT`) and the request says nothing of
/// its length: for adapters that know their client's body to be empty. [`Signer`](crate::Signer) does so itself where it
/// is given the body, or the hash of nothing.
///
/// Clients send no length of what is empty, or send it chunked; S3 answers the one with 411, stores the other with 501
/// (RFC 9110, section 8.6).
pub fn declare_empty_body(head: &mut impl RequestHead) {
    declare(head);
}

/// What was done about the length of a body, to be undone if the request is not signed after all.
pub(crate) enum Length {
    AsItWas,
    Declared,
    Withdrawn,
}

impl Length {
    /// Of a body at hand: an empty one is declared, and that an earlier body was empty is withdrawn.
    pub(crate) fn of_bytes(head: &mut impl RequestHead, is_empty: bool) -> Self {
        if is_empty {
            return Self::of_empty(head);
        }
        match head.headers().get(CONTENT_LENGTH) {
            Some(length) if *length == ZERO => {
                head.headers_mut().remove(CONTENT_LENGTH);
                Self::Withdrawn
            }
            _ => Self::AsItWas,
        }
    }

    pub(crate) fn of_empty(head: &mut impl RequestHead) -> Self {
        if declare(head) { Self::Declared } else { Self::AsItWas }
    }

    /// The same result; of a failure the head has the length that it had.
    pub(crate) fn unless_failed<T>(
        self,
        head: &mut impl RequestHead,
        result: Result<T, Error>,
    ) -> Result<T, Error> {
        if result.is_err() {
            match self {
                Self::AsItWas => {}
                Self::Declared => drop(head.headers_mut().remove(CONTENT_LENGTH)),
                Self::Withdrawn => drop(head.headers_mut().try_insert(CONTENT_LENGTH, ZERO)),
            }
        }
        result
    }
}

/// Whether it had to be set.
fn declare(head: &mut impl RequestHead) -> bool {
    let takes_body = matches!(head.method(), "PATCH" | "POST" | "PUT");
    let headers = head.headers();
    if !takes_body || headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING) {
        return false;
    }
    // A map that is full takes none, which signing will say.
    head.headers_mut().try_insert(CONTENT_LENGTH, ZERO).is_ok()
}
