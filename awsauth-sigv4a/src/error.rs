use core::fmt;

/// What is wrong with a key or a signature. Holds nothing of either, so it is safe to log.
///
/// What is wrong with a request is an [`awsauth_core::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// The secret yields no private key, which happens to none in 2^8000. Create another access key.
    KeyNotDerivable,
    /// A private key is a number of 32 bytes, big-endian, above 0 and below the order of P-256. Check where it is from.
    MalformedPrivateKey,
    /// A public key is a point of P-256: 128 hex digits, its two coordinates. Check where it is from.
    MalformedPublicKey,
    /// A signature is the hex of two numbers in DER, perhaps padded with `*`. Give just that.
    MalformedSignature,
    /// The signature is not by this key over this string to sign. Compare both with what the signer has.
    SignatureMismatch,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyNotDerivable => "the secret access key yields no private key: create another",
            Self::MalformedPrivateKey => "a private key is 32 bytes, above 0 and below the order of P-256",
            Self::MalformedPublicKey => "a public key is 128 hex digits, the coordinates of a point of P-256",
            Self::MalformedSignature => "a signature is the hex of an ECDSA signature in DER",
            Self::SignatureMismatch => "the signature is not by this key over this string to sign",
        })
    }
}

impl core::error::Error for Error {}
