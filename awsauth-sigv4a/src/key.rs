use core::fmt;

use awsauth_core::{HmacKey, StringToSign};
use ecdsa::DigestAlgorithm;
use ecdsa::hazmat::sign_prehashed_rfc6979;
use p256::NistP256;
use p256::ecdsa::SigningKey;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::public_key::PublicKey;
use crate::signature::{ALGORITHM, Sigv4aSignature};

/// The private key of Signature Version 4A. It depends on neither date nor Region: derive it once for each access key.
///
/// It is wiped on drop, and `Debug` does not show it. Its signatures are deterministic (RFC 6979).
#[derive(Clone)]
pub struct Sigv4aKey(SigningKey);

impl Sigv4aKey {
    /// Derives the key from an access key, by the HMAC-based function in counter mode of NIST SP 800-108: the first HMAC that
    /// is a private key, which nearly always is the very first.
    ///
    /// The secret is used unchanged: trim the content of a file. See [AWS Signature Version 4 for API
    /// requests](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
    ///
    /// # Errors
    /// [`Error::KeyNotDerivable`] if none of 254 HMACs is a private key: create another access key.
    pub fn derive(access_key_id: &str, secret_access_key: &str) -> Result<Self, Error> {
        let hmac = HmacKey::from_parts(&[b"AWS4A", secret_access_key.as_bytes()]);
        let mut candidate = Zeroizing::new([0; 32]);
        for counter in 1..=254_u8 {
            let [round, bits] = [1_u32.to_be_bytes(), 256_u32.to_be_bytes()];
            let parts: [&[u8]; 6] =
                [&round, ALGORITHM.as_bytes(), &[0], access_key_id.as_bytes(), &[counter], &bits];
            hmac.mac_parts(&parts, &mut candidate);
            add_one(&mut candidate);
            // AWS refuses candidates above the order less two, which after adding one is the range of private keys.
            if let Ok(key) = Self::from_private_key(&candidate) {
                return Ok(key);
            }
        }
        Err(Error::KeyNotDerivable)
    }

    /// Returns the key for a private key that was derived elsewhere: 32 bytes, big-endian.
    ///
    /// # Errors
    /// [`Error::MalformedPrivateKey`] if it is 0, or not below the order of P-256: check its source.
    pub fn from_private_key(private_key: &[u8; 32]) -> Result<Self, Error> {
        SigningKey::from_slice(private_key).map(Self).map_err(|_| Error::MalformedPrivateKey)
    }

    /// Returns the public key, which verifies its signatures.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(*self.0.verifying_key())
    }

    /// Signs a string to sign.
    #[must_use]
    pub fn sign(&self, string_to_sign: &StringToSign<'_>) -> Sigv4aSignature {
        self.sign_digest(&string_to_sign.sha256())
    }

    pub(crate) fn sign_digest(&self, sha256: &[u8; 32]) -> Sigv4aSignature {
        type Sha256 = <NistP256 as DigestAlgorithm>::Digest;
        let secret = self.0.as_nonzero_scalar();
        let (signature, _) = sign_prehashed_rfc6979::<NistP256, Sha256>(secret, sha256, &[]);
        Sigv4aSignature::new(&signature)
    }
}

impl fmt::Debug for Sigv4aKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sigv4aKey(..)")
    }
}

/// Adds one to a big-endian number, in the same time for all; all ones become 0.
fn add_one(number: &mut [u8; 32]) {
    let mut carry = 1_u16;
    for byte in number.iter_mut().rev() {
        carry += u16::from(*byte);
        [_, *byte] = carry.to_be_bytes();
        carry >>= 8;
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::string::ToString;

    use super::*;

    /// The order of P-256 (SEC 2, section 2.4.2).
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
        0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    /// The known answer of aws-c-auth's key derivation tests.
    #[test]
    fn derives_the_known_key() {
        let key =
            Sigv4aKey::derive("AKISORANDOMAASORANDOM", "q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom").unwrap();
        assert_eq!(
            key.public_key().to_string(),
            "15d242ceebf8d8169fd6a8b5a746c41140414c3b07579038da06af89190fffcb\
             0515242cedd82e94799482e4c0514b505afccf2c0c98d6a553bf539f424c5ec0"
        );
    }

    #[test]
    fn signs_the_example_of_rfc_6979() {
        let private_key = [
            0xc9, 0xaf, 0xa9, 0xd8, 0x45, 0xba, 0x75, 0x16, 0x6b, 0x5c, 0x21, 0x57, 0x67, 0xb1, 0xd6, 0x93,
            0x4e, 0x50, 0xc3, 0xdb, 0x36, 0xe8, 0x9b, 0x12, 0x7b, 0x8a, 0x62, 0x2b, 0x12, 0x0f, 0x67, 0x21,
        ];
        let key = Sigv4aKey::from_private_key(&private_key).unwrap();
        let signature = key.sign_digest(&awsauth_core::sha256(b"sample"));
        assert_eq!(
            signature.to_string(),
            "3046\
             022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
             022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
        );
    }

    #[test]
    fn refuses_what_is_no_private_key() {
        let mut below = ORDER;
        below[31] -= 1;
        assert!(Sigv4aKey::from_private_key(&below).is_ok());
        for number in [[0; 32], ORDER, [0xff; 32]] {
            assert_eq!(Sigv4aKey::from_private_key(&number).unwrap_err(), Error::MalformedPrivateKey);
        }
    }

    #[test]
    fn adding_one_carries() {
        let mut number = [0xff; 32];
        add_one(&mut number);
        assert_eq!(number, [0; 32]);
        number[31] = 0xff;
        number[30] = 0x01;
        add_one(&mut number);
        assert_eq!(number[30..], [0x02, 0x00]);
    }

    #[test]
    fn debug_does_not_show_it() {
        let key = Sigv4aKey::derive("AKIDEXAMPLE", "secret").unwrap();
        assert_eq!(format!("{key:?}"), "Sigv4aKey(..)");
    }
}
