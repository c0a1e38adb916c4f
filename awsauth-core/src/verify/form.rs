use core::fmt;

use super::credential::Credential;
use super::key::VerifyingKey;
use super::policy::VerifyPolicy;
use super::presented_signature::PresentedSignature;
use super::refusal::Refusal;
use super::scope_and_time::{check_region, check_scope, check_time};
use super::token::SessionToken;
use crate::schemes::post_policy::{Field, sign_policy};
use crate::schemes::sigv4::ALGORITHM;
use crate::schemes::sigv4::CredentialScope;
use crate::text::hex;
use crate::vocabulary::time::Timestamp;

/// A POST form whose policy has a valid signature.
#[derive(Clone)]
pub struct VerifiedForm<'a> {
    credential: Credential<'a>,
    policy: &'a str,
    session_token: Option<SessionToken<'a>>,
}

impl<'a> VerifyPolicy<'a> {
    /// Verifies the signature of a form with which a browser uploads, Signature Version 4's: `fields` are those before
    /// `file`.
    ///
    /// The server must check what the policy demands: that it has not expired, and that all fields and the length of
    /// the file meet its conditions. [`VerifiedForm::policy`] is its JSON, in base64. A form that is also signed with
    /// S3's legacy scheme is refused.
    ///
    /// # Errors
    /// [`Refusal`]: the error to respond with.
    pub fn verify_form<K: VerifyingKey>(
        &self,
        fields: &[Field<'a>],
        now: Timestamp,
        lookup: impl FnOnce(&str, CredentialScope<'_>) -> Option<K>,
    ) -> Result<VerifiedForm<'a>, Refusal> {
        if !has_any(fields, &["x-amz-algorithm", "x-amz-credential", "x-amz-signature"]) {
            return Err(Refusal::MissingAuthentication);
        }
        if has_any(fields, &["awsaccesskeyid", "signature"]) {
            return Err(Refusal::repeated("AWSAccessKeyId"));
        }
        let only = |name| only(fields, name);
        let (algorithm, credential, date) =
            (only("x-amz-algorithm")?, only("x-amz-credential")?, only("x-amz-date")?);
        let (policy, signature) = (only("policy")?, only("x-amz-signature")?);
        let (Some(algorithm), Some(credential), Some(date), Some(policy), Some(signature)) =
            (algorithm, credential, date, policy, signature)
        else {
            let parts = [
                ("x-amz-algorithm", algorithm),
                ("x-amz-credential", credential),
                ("x-amz-date", date),
                ("policy", policy),
            ];
            let missing = parts.into_iter().find(|(_, value)| value.is_none());
            return Err(Refusal::incomplete(missing.map_or("x-amz-signature", |(name, _)| name)));
        };
        if algorithm != ALGORITHM {
            return Err(Refusal::UnsupportedAlgorithm);
        }
        let token = match (only("x-amz-security-token")?, only("x-amz-s3session-token")?) {
            (Some(_), Some(_)) => return Err(Refusal::repeated("x-amz-s3session-token")),
            (token, express) => token.or(express),
        };
        let session_token = token.map(|token| SessionToken::plain(token.as_bytes()));
        let malformed = Refusal::MalformedQueryAuthentication;
        let credential = Credential::parse(credential.as_bytes(), true).ok_or(malformed)?;
        let time = Timestamp::parse(date).map_err(|_| Refusal::MissingDate)?;
        check_region(self, credential.scope().region())?;
        check_scope(self, credential.scope(), time)?;
        // A form is good as long as its policy, which the server reads: it must only not be of a time to come.
        check_time(self, time, Some(u32::MAX), now)?;
        let presented = PresentedSignature::new(hex::decode(signature.as_bytes()).ok_or(malformed)?);

        let key = lookup(credential.access_key_id.as_str(), credential.scope());
        let key = key.ok_or(Refusal::UnknownAccessKeyId)?.signing_key(credential.scope());
        if !presented.is(&sign_policy(&key, policy)?) {
            return Err(Refusal::SignatureMismatch);
        }
        Ok(VerifiedForm { credential, policy, session_token })
    }
}

/// The value of a field that may be there once, by its name in any case.
pub(super) fn only<'a>(fields: &[Field<'a>], name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut values = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
    let value = values.next().map(|field| field.value);
    if values.next().is_some() { Err(Refusal::repeated(name)) } else { Ok(value) }
}

/// Whether there is a field of any of these names, in any case.
pub(super) fn has_any(fields: &[Field<'_>], names: &[&str]) -> bool {
    fields.iter().any(|field| names.iter().any(|name| field.name.eq_ignore_ascii_case(name)))
}

impl<'a> VerifiedForm<'a> {
    /// Returns the access key ID of the signer.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credential.access_key_id.as_str()
    }

    /// Returns the credential scope: day, region and service.
    #[must_use]
    pub fn scope(&self) -> CredentialScope<'_> {
        self.credential.scope()
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
impl fmt::Debug for VerifiedForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedForm").field("credential", &self.credential).finish_non_exhaustive()
    }
}
