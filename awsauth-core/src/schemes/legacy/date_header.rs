use crate::vocabulary::error::Error;
use crate::vocabulary::request::Request;
use crate::vocabulary::time::AsciiText;
use crate::vocabulary::time::Timestamp;

/// The header that has the time of a request in AWS3-HTTPS and in S3's legacy scheme, as `Sun, 30 Aug 2015 12:36:00
/// GMT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum DateHeader {
    /// The signer adds `x-amz-date`, which HTTP clients leave alone. A `date` header beside it is ignored.
    #[default]
    XAmzDate,
    /// The signer adds `date`. Remove the request's own `date` before adding it.
    Date,
    /// The request has one, which is signed as it is: `x-amz-date`, or else `date`. The time of signing is not used.
    /// Keep the header, although [`is_authentication_header`](crate::is_authentication_header) names it.
    AsSent,
}

/// The date that is signed, and where it is sent.
#[derive(Clone, Copy)]
pub(crate) enum SentDate<'a> {
    /// In an `x-amz-date` that the signer adds.
    XAmzDate(AsciiText<29>),
    /// In a `date` that the signer adds.
    Date(AsciiText<29>),
    /// In the request's own `x-amz-date`.
    OwnXAmzDate(&'a [u8]),
    /// In the request's own `date`.
    OwnDate(&'a [u8]),
}

impl<'a> SentDate<'a> {
    pub(crate) fn of(header: DateHeader, request: &Request<'a>, now: Timestamp) -> Result<Self, Error> {
        Ok(match header {
            DateHeader::XAmzDate => Self::XAmzDate(now.http_date()),
            DateHeader::Date => Self::Date(now.http_date()),
            DateHeader::AsSent => match (request.header("x-amz-date"), request.header("date")) {
                (Some(date), _) => Self::OwnXAmzDate(date),
                (None, Some(date)) => Self::OwnDate(date),
                (None, None) => return Err(Error::MissingDate),
            },
        })
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::XAmzDate(text) | Self::Date(text) => text.as_bytes(),
            Self::OwnXAmzDate(bytes) | Self::OwnDate(bytes) => bytes,
        }
    }

    /// The header to add.
    pub(crate) fn added(&self) -> Option<(&'static str, AsciiText<29>)> {
        match self {
            Self::XAmzDate(text) => Some(("x-amz-date", *text)),
            Self::Date(text) => Some(("date", *text)),
            Self::OwnXAmzDate(_) | Self::OwnDate(_) => None,
        }
    }
}
