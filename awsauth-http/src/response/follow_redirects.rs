use core::fmt;
use std::sync::Arc;

use super::redirect::Redirect;

/// Which of S3's redirects are followed. The request is signed anew for the new host and region, at most three times in a row,
/// and only if its body can be sent again. A redirect from https to http is never followed.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum FollowRedirects {
    /// None: the response is returned.
    #[default]
    Never,
    /// Redirects of AWS's S3 to the same object at another address: [`Redirect::is_same_object`]. All others, such as those
    /// of other stores or to another bucket, are returned.
    ToS3,
    /// Redirects for which this returns `true`. The request is sent to the new address with its body and session token, signed
    /// for whatever the response names: check [`Redirect::host`] and [`Redirect::url`].
    When(Arc<dyn Fn(&Redirect) -> bool + Send + Sync>),
}

impl FollowRedirects {
    /// Follows the redirects for which `follows` returns `true`.
    pub fn when(follows: impl Fn(&Redirect) -> bool + Send + Sync + 'static) -> Self {
        Self::When(Arc::new(follows))
    }

    /// Returns whether this redirect is followed.
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
