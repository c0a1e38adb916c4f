use core::fmt;
use core::hash::{Hash, Hasher};

use subtle::ConstantTimeEq;

use crate::schemes::sigv4::SignatureText;
use crate::text::base64::Base64;
use crate::text::sink::{ByteSink, FormatterSink};

/// A signature of a scheme before Signature Version 4: an HMAC, which prints in base64. `==` takes constant time.
#[derive(Clone, Copy)]
pub struct LegacySignature(Mac);

#[derive(Clone, Copy)]
enum Mac {
    #[cfg(feature = "sha1")]
    Sha1([u8; 20]),
    Sha256([u8; 32]),
}

impl LegacySignature {
    /// Returns the bytes: 32 of HMAC-SHA-256, 20 of HMAC-SHA-1.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            #[cfg(feature = "sha1")]
            Mac::Sha1(bytes) => bytes,
            Mac::Sha256(bytes) => bytes,
        }
    }

    #[cfg(feature = "sha1")]
    pub(crate) const fn sha1(mac: [u8; 20]) -> Self {
        Self(Mac::Sha1(mac))
    }

    pub(crate) const fn sha256(mac: [u8; 32]) -> Self {
        Self(Mac::Sha256(mac))
    }

    /// Writes it as the value of a query parameter.
    pub(crate) fn write_escaped(&self, sink: &mut impl ByteSink) {
        self.write_to(&mut |run: &[u8]| crate::text::percent::encode(run, sink));
    }
}

impl PartialEq for LegacySignature {
    fn eq(&self, other: &Self) -> bool {
        // Of one length only if they are of one kind, which is no secret.
        self.as_bytes().ct_eq(other.as_bytes()).into()
    }
}

impl Eq for LegacySignature {}

impl Hash for LegacySignature {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl SignatureText for LegacySignature {
    fn write_to(&self, sink: &mut impl ByteSink) {
        Base64::encode(sink, |encoder| encoder.put(self.as_bytes()));
    }
}

impl fmt::Display for LegacySignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

/// Without its digits: whoever has them can send the request.
impl fmt::Debug for LegacySignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LegacySignature(..)")
    }
}
