use core::fmt;

use crate::text::ascii;
use crate::text::sink::{ByteSink, FormatterSink};
use crate::vocabulary::error::Error;
use crate::vocabulary::time::Date;

/// The credential scope: day, region and signing name. It prints as `20150830/us-east-1/s3/aws4_request`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[doc(alias = "aws4_request")]
pub struct CredentialScope<'a> {
    pub(super) date: Date,
    pub(super) region: Option<&'a str>,
    pub(super) service: &'a str,
}

impl<'a> CredentialScope<'a> {
    /// An empty scope: a filler.
    pub(super) const BLANK: Self = Self { date: Date::BLANK, region: None, service: "" };

    /// Creates a scope. `region` is a region such as `eu-central-1`; `service` is the signing name, such as `s3` or
    /// `execute-api`.
    ///
    /// # Errors
    /// [`Error::MalformedScope`] if region or service is empty, or has a slash, a comma, a space or anything but
    /// printable ASCII.
    pub fn new(date: Date, region: &'a str, service: &'a str) -> Result<Self, Error> {
        check(region)?;
        check(service)?;
        Ok(Self { date, region: Some(region), service })
    }

    /// Creates a scope without a region, as Signature Version 4A has it: `20150830/s3/aws4_request`.
    ///
    /// # Errors
    /// [`Error::MalformedScope`], as for [`new`](Self::new).
    pub fn without_region(date: Date, service: &'a str) -> Result<Self, Error> {
        check(service)?;
        Ok(Self { date, region: None, service })
    }

    /// Creates a scope of a region and a service that were checked before.
    pub(crate) fn of_checked(date: Date, region: Option<&'a str>, service: &'a str) -> Self {
        Self { date, region, service }
    }

    /// Returns the day.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    /// Returns the region; `None` in Signature Version 4A.
    #[must_use]
    pub fn region(&self) -> Option<&'a str> {
        self.region
    }

    /// Returns the signing name of the service.
    #[must_use]
    pub fn service(&self) -> &'a str {
        self.service
    }

    #[inline]
    pub(crate) fn write_to(&self, sink: &mut (impl ByteSink + ?Sized)) {
        sink.put(self.date.as_bytes());
        if let Some(region) = self.region {
            sink.put_byte(b'/');
            sink.put(region.as_bytes());
        }
        sink.put_byte(b'/');
        sink.put(self.service.as_bytes());
        sink.put(b"/aws4_request");
    }
}

impl fmt::Display for CredentialScope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

/// A slash would end the part, and a comma the credential in an `authorization` header.
fn check(part: &str) -> Result<(), Error> {
    if ascii::is_credential_part(part.as_bytes()) { Ok(()) } else { Err(Error::MalformedScope) }
}
