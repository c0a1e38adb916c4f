use super::attempt::{Attempt, Next};
use super::error_response::ErrorResponse;
use super::follow_redirects::FollowRedirects;
use super::redirect::Redirect;
use crate::request::head::RequestHead;
use crate::signing::signer::Signer;

/// S3 may send a request on to where it is sent on once more.
const MOST_REDIRECTS: u32 = 3;

/// What one request may still have done to it: to be signed again for a right clock, once, and to follow S3's redirects.
/// It is what the layers decide by; with other clients, make one for each request.
#[derive(Debug, Clone)]
pub struct Repeats {
    signer: Signer,
    follow: FollowRedirects,
    clock: u32,
    redirects: u32,
}

impl Repeats {
    /// All that this signer and this setting allow. A signer with a [`signed_host`](Signer::signed_host) follows no
    /// redirects: where another host leads than the one that is signed, only the application knows.
    #[must_use]
    pub fn new(signer: Signer, follow: FollowRedirects) -> Self {
        let clock = u32::from(signer.settings().clock_skew.is_some());
        let redirects = match follow {
            FollowRedirects::Never => 0,
            _ if signer.settings().signed_host.is_some() => 0,
            _ => MOST_REDIRECTS,
        };
        Self { signer, follow, clock, redirects }
    }

    /// The signer for the request as it is to be sent now: for another region, once a redirect says so.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Whether a copy of the unsigned request is of use.
    #[must_use]
    pub fn wants_copy(&self) -> bool {
        self.clock + self.redirects > 0
    }

    /// What to do about a refusal: as [`Attempt::refused`], which it calls, and with redirects. `copy` is the unsigned
    /// request, if it can be sent again; if not, the answer is handed on.
    pub fn after(
        &mut self,
        attempt: &Attempt,
        refusal: &ErrorResponse,
        copy: Option<&impl RequestHead>,
    ) -> Next {
        let next = attempt.refused(refusal);
        let Some(copy) = copy else { return Next::HandOn };
        if next == Next::SignAgain && self.clock > 0 {
            self.clock -= 1;
            return Next::SignAgain;
        }
        if self.redirects == 0 {
            return Next::HandOn;
        }
        match Redirect::of(copy, refusal).filter(|redirect| self.follow.follows(redirect)) {
            None => Next::HandOn,
            Some(redirect) => {
                self.redirects -= 1;
                if let Some(region) = redirect.region() {
                    self.signer = self.signer.clone().region(region);
                }
                Next::Follow(redirect)
            }
        }
    }
}
