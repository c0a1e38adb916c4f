use core::fmt;

use ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::VerifyingKey;

use crate::error::Error;
use crate::signature::Sigv4aSignature;

/// The public key of a [`Sigv4aKey`](crate::Sigv4aKey): a point of P-256. `Display` writes it as 128 lower-case hex digits,
/// its two coordinates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub(crate) VerifyingKey);

impl PublicKey {
    /// Parses 128 hex digits, in any case: x, then y.
    ///
    /// # Errors
    /// [`Error::MalformedPublicKey`] if `digits` is anything else, or not a point of P-256: check its source.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        let mut point = [4; 65];
        let malformed = Error::MalformedPublicKey;
        let coordinates = point.split_first_mut().ok_or(malformed)?.1;
        if digits.len() != 2 * coordinates.len() {
            return Err(malformed);
        }
        base16ct::mixed::decode(digits, coordinates).map_err(|_| malformed)?;
        VerifyingKey::from_sec1_bytes(&point).map(Self).map_err(|_| malformed)
    }

    /// Returns its coordinates, 32 bytes each and big-endian: x, then y.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        let point = self.0.to_sec1_point(false);
        for (place, byte) in bytes.iter_mut().zip(point.as_bytes().iter().skip(1)) {
            *place = *byte;
        }
        bytes
    }

    /// Verifies a signature over the string to sign with this SHA-256
    /// ([`StringToSign::sha256`](awsauth_core::StringToSign::sha256)).
    ///
    /// With (r, s) the signature (r, n - s) is valid too, and AWS accepts it: its SDKs send either. So to refuse replayed
    /// requests, remember the string to sign, not the signature.
    ///
    /// # Errors
    /// [`Error::SignatureMismatch`] if it is by another key or over another string: compare both with those of the signer.
    pub fn verify(&self, string_to_sign_sha256: &[u8; 32], signature: &Sigv4aSignature) -> Result<(), Error> {
        let signature = signature.to_ecdsa()?;
        self.0.verify_prehash(string_to_sign_sha256, &signature).map_err(|_| Error::SignatureMismatch)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(&self.to_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;
    use crate::key::Sigv4aKey;
    use crate::signature::ALGORITHM;

    #[test]
    fn reads_what_it_prints() {
        let key = Sigv4aKey::derive("AKIDEXAMPLE", "secret").unwrap().public_key();
        assert_eq!(PublicKey::parse(&key.to_string()), Ok(key));
        assert_eq!(PublicKey::parse(&key.to_string().to_uppercase()), Ok(key));
    }

    /// AWS's CRT and Go's SDK send whichever of the two comes, smithy the one with the lower s: a verifier takes both.
    #[test]
    fn takes_both_signatures_that_there_are_with_one_r() {
        let key = Sigv4aKey::derive("AKIDEXAMPLE", "secret").unwrap();
        let scope = awsauth_core::CredentialScope::without_region(
            awsauth_core::Date::parse("20150830").unwrap(),
            "s3",
        );
        let time = awsauth_core::Timestamp::parse("20150830T123600Z").unwrap();
        for request in 0..16 {
            let text = awsauth_core::StringToSign::new(ALGORITHM, time, scope.unwrap(), [request; 32]);
            let signature = key.sign(&text);
            let (r, s) = signature.to_ecdsa().unwrap().split_scalars();
            let other = p256::ecdsa::Signature::from_scalars(*r, -*s).unwrap();
            let other = Sigv4aSignature::new(&other);
            assert!(other != signature && Sigv4aSignature::parse(&other.to_string()) == Ok(other));
            for signature in [signature, other] {
                assert_eq!(key.public_key().verify(&text.sha256(), &signature), Ok(()));
                let mut changed = text.sha256();
                changed[31] ^= 1;
                assert_eq!(key.public_key().verify(&changed, &signature), Err(Error::SignatureMismatch));
            }
        }
    }

    #[test]
    fn refuses_what_is_no_public_key() {
        let key = Sigv4aKey::derive("AKIDEXAMPLE", "secret").unwrap().public_key().to_string();
        for digits in ["", "00", &key[1..], &"0".repeat(128), &"g".repeat(128), &"é".repeat(64)] {
            assert_eq!(PublicKey::parse(digits), Err(Error::MalformedPublicKey), "{digits}");
        }
    }
}
