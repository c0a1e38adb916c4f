use super::attempt::{Attempt, RetryAction};
use super::error_response::ErrorResponse;
use super::follow_redirects::FollowRedirects;
use super::redirect::Redirect;
use crate::request::head::RequestHead;
use crate::signing::signer::Signer;

/// The host that S3 redirects a request to may redirect it once more.
const MAX_REDIRECTS: u32 = 3;

/// The retries that one request has left: one with a corrected clock, and up to three for S3's redirects. The layers decide
/// by it; with other clients, make one for each request.
#[derive(Debug, Clone)]
pub struct Retries {
    signer: Signer,
    follow: FollowRedirects,
    clock: u32,
    redirects: u32,
}

impl Retries {
    /// Returns the retries that this signer and this setting allow. With a [`signed_host`](Signer::signed_host) no redirects
    /// are followed, as only the application knows which host to sign at another address.
    #[must_use]
    pub fn new(signer: Signer, follow: FollowRedirects) -> Self {
        let clock = u32::from(signer.settings().clock_skew.is_some());
        let redirects = match follow {
            FollowRedirects::Never => 0,
            _ if signer.settings().signed_host.is_some() => 0,
            _ => MAX_REDIRECTS,
        };
        Self { signer, follow, clock, redirects }
    }

    /// Returns the signer for the next attempt. Its region is another one after a redirect that names it.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Returns whether a retry is left, for which a copy of the unsigned request is needed.
    #[must_use]
    pub fn needs_copy(&self) -> bool {
        self.clock + self.redirects > 0
    }

    /// Returns what to do about an error response. It calls [`Attempt::handle_error`], and considers redirects besides.
    /// `copy` is the unsigned request if it can be sent again; without it the response is returned.
    pub fn after(
        &mut self,
        attempt: &Attempt,
        error: &ErrorResponse,
        copy: Option<&impl RequestHead>,
    ) -> RetryAction {
        let action = attempt.handle_error(error);
        let Some(copy) = copy else { return RetryAction::ReturnResponse };
        if action == RetryAction::SignAgain && self.clock > 0 {
            self.clock -= 1;
            return RetryAction::SignAgain;
        }
        if self.redirects == 0 {
            return RetryAction::ReturnResponse;
        }
        match Redirect::of(copy, error).filter(|redirect| self.follow.follows(redirect)) {
            None => RetryAction::ReturnResponse,
            Some(redirect) => {
                self.redirects -= 1;
                if let Some(region) = redirect.region() {
                    self.signer = self.signer.clone().region(region);
                }
                RetryAction::FollowRedirect(redirect)
            }
        }
    }
}
