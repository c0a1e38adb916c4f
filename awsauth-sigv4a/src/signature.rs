use core::fmt;
use core::hash::{Hash, Hasher};

use awsauth_core::{ByteSink, SignatureText};
use p256::ecdsa::{DerSignature, Signature};
use subtle::ConstantTimeEq;

use crate::error::Error;

/// The algorithm's name in the string to sign, the `authorization` header and the query: `AWS4-ECDSA-P256-SHA256`.
pub const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// Two integers of 33 bytes with their headers, and the header of the sequence.
const MAX_DER: usize = 72;

/// An ECDSA signature: up to 72 bytes of DER, which `Display` writes as lower-case hex digits. Comparing two takes a time that
/// does not depend on where they differ.
///
/// A signature does not identify a request: whoever has (r, s) has (r, n - s), which is as valid, and signers that use random
/// numbers return another one each time.
#[derive(Clone, Copy, Eq)]
pub struct Sigv4aSignature {
    der: [u8; MAX_DER],
    length: usize,
}

impl Sigv4aSignature {
    /// Parses hex digits, in any case. The `*` that pad a chunk's signature are ignored.
    ///
    /// # Errors
    /// [`Error::MalformedSignature`] if `digits` is not the hex of an ECDSA signature in DER: pass only that.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        let mut der = [0; MAX_DER];
        let der = base16ct::mixed::decode(digits.trim_end_matches('*'), &mut der);
        let signature = Signature::from_der(der.map_err(|_| Error::MalformedSignature)?);
        signature.map(|signature| Self::new(&signature)).map_err(|_| Error::MalformedSignature)
    }

    /// Returns its bytes in DER (X9.62): a sequence of the integers r and s.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        self.der.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn new(signature: &Signature) -> Self {
        let encoded: DerSignature = signature.to_der();
        let bytes = encoded.as_bytes();
        let mut der = [0; MAX_DER];
        for (place, byte) in der.iter_mut().zip(bytes) {
            *place = *byte;
        }
        Self { der, length: bytes.len() }
    }

    pub(crate) fn to_ecdsa(self) -> Result<Signature, Error> {
        Signature::from_der(self.as_der()).map_err(|_| Error::MalformedSignature)
    }
}

impl PartialEq for Sigv4aSignature {
    fn eq(&self, other: &Self) -> bool {
        // Unused bytes are zero, and DER holds its own length.
        self.der.ct_eq(&other.der).into()
    }
}

impl Hash for Sigv4aSignature {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_der().hash(state);
    }
}

impl SignatureText for Sigv4aSignature {
    fn write_to(&self, sink: &mut impl ByteSink) {
        let mut digits = [0; 2 * MAX_DER];
        if let Ok(digits) = base16ct::lower::encode(self.as_der(), &mut digits) {
            sink.put(digits);
        }
    }
}

impl fmt::Display for Sigv4aSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(self.as_der()))
    }
}

/// It does not show the digits: whoever has them can send the request.
impl fmt::Debug for Sigv4aSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sigv4aSignature(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    const SHORT: &str = "3006020101020102";

    #[test]
    fn reads_what_it_prints_and_drops_padding() {
        let signature = Sigv4aSignature::parse(SHORT).unwrap();
        assert_eq!(signature.to_string(), SHORT);
        assert_eq!(Sigv4aSignature::parse(&std::format!("{SHORT:*<144}")), Ok(signature));
    }

    #[test]
    fn refuses_what_is_no_signature() {
        let long = "00".repeat(73);
        for digits in ["", "*", "3", "30", "zz", "300602010102010", "3006020100020102", "é", &long] {
            assert_eq!(Sigv4aSignature::parse(digits), Err(Error::MalformedSignature), "{digits}");
        }
    }
}
