use core::fmt;
use std::sync::Arc;

use super::redirect::Redirect;

/// Which of S3's redirects are followed; signed anew for the new host and region, three in a row at most, and with bodies
/// that can be sent again. Never from https to http.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum FollowRedirects {
    /// None: the answer is handed on.
    #[default]
    Never,
    /// Those of AWS's S3 to where the same object is: [`Redirect::is_same_object`]. All others, such as those of other
    /// stores and those to another bucket, are handed on.
    ToS3,
    /// Those for which this is true. What is sent there is the request with its body and a session token, signed for
    /// whatever the answer named: look at [`Redirect::host`] and [`Redirect::url`].
    When(Arc<dyn Fn(&Redirect) -> bool + Send + Sync>),
}

impl FollowRedirects {
    /// Those for which this is true.
    pub fn when(follows: impl Fn(&Redirect) -> bool + Send + Sync + 'static) -> Self {
        Self::When(Arc::new(follows))
    }

    /// Whether this one is followed.
    #[must_use]
    pub fn follows(&self, redirect: &Redirect) -> bool {
        match self {
            Self::Never => false,
            Self::ToS3 => redirect.is_same_object(),
            Self::When(follows) => follows(redirect),
        }
    }
}

impl fmt::Debug for FollowRedirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "Never",
            Self::ToS3 => "ToS3",
            Self::When(_) => "When(..)",
        })
    }
}
