use core::fmt;

/// Why a request was not signed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// reqwest could not build the request. Fix what its error names.
    Build(reqwest::Error),
    /// The object key has a segment `.` or `..`. The URLs of this client resolve these, so that the request would name another
    /// object. Use a client that sends paths as they are, such as hyper with `awsauth-http`.
    DotSegment,
    /// A presigned URL off S3 covers the hash of its body, and this body streams. Give the body as bytes, or its hash in
    /// `x-amz-content-sha256`, or sign the request itself.
    PresignedStream,
    /// The client itself followed a redirect with the old signature. Build the client with `redirect(Policy::none())`.
    Redirected,
    /// The request cannot be signed. See [`awsauth_http::Error`] for the fix.
    Sign(awsauth_http::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(error) => error.fmt(f),
            Self::DotSegment => {
                f.write_str("the key has a segment '.' or '..', which this client's URLs cannot carry")
            }
            Self::PresignedStream => f.write_str(
                "the service's presigned URLs cover the body, and this one streams: give it as bytes, or sign the request",
            ),
            Self::Redirected => f.write_str(
                "the client followed a redirect with an old signature: build it with redirect(Policy::none())",
            ),
            Self::Sign(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Build(error) => Some(error),
            Self::DotSegment | Self::PresignedStream | Self::Redirected => None,
            Self::Sign(error) => Some(error),
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The URL may have a token in its query.
        Self::Build(error.without_url())
    }
}

impl From<awsauth_http::Error> for Error {
    fn from(error: awsauth_http::Error) -> Self {
        Self::Sign(error)
    }
}
