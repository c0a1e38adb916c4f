use core::fmt;

/// What is wrong with a key or a signature. It holds no part of either, so it is safe to log.
///
/// Errors of requests and signers are [`awsauth_core::Error`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// No private key can be derived from the secret access key; the probability is below 2^-8000. Create another access key.
    KeyNotDerivable,
    /// A private key is a number of 32 bytes, big-endian, above 0 and below the order of P-256. Check its source.
    MalformedPrivateKey,
    /// A public key is a point of P-256: 128 hex digits, its two coordinates. Check its source.
    MalformedPublicKey,
    /// A signature is the hex of two numbers in DER, optionally padded with `*`. Pass only that.
    MalformedSignature,
    /// The signature is not by this key over this string to sign. Compare both with those of the signer.
    SignatureMismatch,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyNotDerivable => {
                "no private key can be derived from the secret access key: create another access key"
            }
            Self::MalformedPrivateKey => "a private key is 32 bytes, above 0 and below the order of P-256",
            Self::MalformedPublicKey => "a public key is 128 hex digits, the coordinates of a point of P-256",
            Self::MalformedSignature => "a signature is the hex of an ECDSA signature in DER",
            Self::SignatureMismatch => "the signature is not by this key over this string to sign",
        })
    }
}

impl core::error::Error for Error {}
