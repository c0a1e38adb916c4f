use core::fmt;

use super::credential;
use super::form::{has_any, only};
use super::legacy::PresentedBase64;
use super::policy::VerifyPolicy;
use super::refusal::Refusal;
use super::token::SessionToken;
use crate::schemes::post_policy::Field;
use crate::schemes::s3_legacy::sign_policy;
use crate::vocabulary::credentials::Credentials;

/// A POST form of S3's legacy scheme whose policy has a valid signature.
#[derive(Clone)]
pub struct VerifiedLegacyForm<'a> {
    access_key_id: &'a str,
    policy: &'a str,
    session_token: Option<SessionToken<'a>>,
}

impl<'a> VerifyPolicy<'a> {
    /// Verifies the signature of a form with which a browser uploads, of S3's scheme before Signature Version 4:
    /// `fields` are those before `file`. `lookup` returns the secret of an access key ID; see
    /// [`Claim::access_key_id`](super::Claim::access_key_id) for what that may be.
    ///
    /// The server must check what the policy demands, as for [`verify_form`](Self::verify_form), and the time, which is
    /// in the policy alone. A form that is also signed with Signature Version 4 is refused.
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn verify_s3_legacy_form<K: AsRef<str>>(
        &self,
        fields: &[Field<'a>],
        lookup: impl FnOnce(&str) -> Option<K>,
    ) -> Result<VerifiedLegacyForm<'a>, Refusal> {
        let (access_key_id, policy, signature) =
            (only(fields, "AWSAccessKeyId")?, only(fields, "policy")?, only(fields, "signature")?);
        if access_key_id.is_none() && signature.is_none() {
            return Err(Refusal::MissingAuthentication);
        }
        if has_any(fields, &OF_OTHERS) {
            return Err(Refusal::repeated("x-amz-signature"));
        }
        let (Some(access_key_id), Some(policy), Some(signature)) = (access_key_id, policy, signature) else {
            let parts = [("AWSAccessKeyId", access_key_id), ("policy", policy)];
            let missing = parts.into_iter().find(|(_, value)| value.is_none());
            return Err(Refusal::incomplete(missing.map_or("signature", |(name, _)| name)));
        };
        let session_token =
            only(fields, "x-amz-security-token")?.map(|token| SessionToken::plain(token.as_bytes()));
        let presented = PresentedBase64::new(signature.bytes())?;

        credential::access_key_id(access_key_id.as_bytes(), None)
            .ok_or(Refusal::MalformedQueryAuthentication)?;

        let secret = lookup(access_key_id).ok_or(Refusal::UnknownAccessKeyId)?;
        presented.check(&sign_policy(&Credentials::new(access_key_id, secret.as_ref())?, policy)?)?;
        Ok(VerifiedLegacyForm { access_key_id, policy, session_token })
    }
}

/// Fields of other schemes' forms.
const OF_OTHERS: [&str; 6] = [
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-region-set",
    "x-amz-s3session-token",
    "x-amz-signature",
];

impl<'a> VerifiedLegacyForm<'a> {
    /// Returns the access key ID of the signer.
    #[must_use]
    pub fn access_key_id(&self) -> &'a str {
        self.access_key_id
    }

    /// Returns the policy document, in base64, whose conditions are still to be checked.
    #[must_use]
    pub fn policy(&self) -> &'a str {
        self.policy
    }

    /// Returns the session token, which its issuer must check.
    #[must_use]
    pub fn session_token(&self) -> Option<SessionToken<'a>> {
        self.session_token
    }
}

/// Without the policy, whose conditions may name a token.
impl fmt::Debug for VerifiedLegacyForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedLegacyForm")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}
