use http::HeaderValue;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::head::RequestHead;
use crate::error::Error;

const ZERO: HeaderValue = HeaderValue::from_static("0");

/// Sets `content-length: 0` if the method gives a body a meaning (`PATCH`, `POST`, `PUT`) and the request does not state
/// its length. Adapters call it when they know that their client's body is empty. [`Signer`](crate::Signer) does it itself
/// when it is given the body, or the hash of an empty one.
///
/// Clients send an empty body without a length, or chunked. S3 refuses the former with status 411, and other stores the
/// latter with 501 (see [RFC 9110, section 8.6](https://www.rfc-editor.org/rfc/rfc9110#section-8.6)).
pub fn declare_empty_body(head: &mut impl RequestHead) {
    declare(head);
}

/// A change of `content-length`, to be undone if the request is not signed after all.
pub(crate) enum LengthChange {
    None,
    /// `content-length: 0` was set.
    Set,
    /// `content-length: 0`, of an earlier body, was removed.
    Removed,
}

impl LengthChange {
    /// Sets the length of an empty body, and removes a length of 0 from a body that is not empty.
    pub(crate) fn for_body(head: &mut impl RequestHead, is_empty: bool) -> Self {
        if is_empty {
            return Self::for_empty_body(head);
        }
        let mut lengths = head.headers().get_all(CONTENT_LENGTH).iter();
        match (lengths.next(), lengths.next()) {
            (Some(length), None) if *length == ZERO => {
                head.headers_mut().remove(CONTENT_LENGTH);
                Self::Removed
            }
            _ => Self::None,
        }
    }

    pub(crate) fn for_empty_body(head: &mut impl RequestHead) -> Self {
        if declare(head) { Self::Set } else { Self::None }
    }

    /// Returns `result`. If that is an error, the head gets back the length that it had.
    pub(crate) fn undo_if_failed<T>(
        self,
        head: &mut impl RequestHead,
        result: Result<T, Error>,
    ) -> Result<T, Error> {
        if result.is_err() {
            match self {
                Self::None => {}
                Self::Set => drop(head.headers_mut().remove(CONTENT_LENGTH)),
                Self::Removed => drop(head.headers_mut().try_insert(CONTENT_LENGTH, ZERO)),
            }
        }
        result
    }
}

/// Returns whether it set the header.
fn declare(head: &mut impl RequestHead) -> bool {
    let takes_body = matches!(head.method(), "PATCH" | "POST" | "PUT");
    let headers = head.headers();
    if !takes_body || headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING) {
        return false;
    }
    // A full map takes no more headers: signing reports that.
    head.headers_mut().try_insert(CONTENT_LENGTH, ZERO).is_ok()
}
