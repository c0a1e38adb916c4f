use core::fmt;
use core::hash::{Hash, Hasher};

use subtle::ConstantTimeEq;

use crate::text::hex;
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;

/// A signature: 32 bytes, which print as 64 lower-case hex digits. `==` takes constant time.
#[derive(Clone, Copy, Eq)]
pub struct Signature([u8; 32]);

/// A signature's digits, as headers, URLs and forms have them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a signature",
    note = "`Signature` and `LegacySignature` are; another type writes its digits by implementing `SignatureText`"
)]
pub trait SignatureText {
    /// Writes the digits: hex or base64, depending on the scheme.
    fn write_to(&self, sink: &mut impl ByteSink);
}

impl Signature {
    /// Creates a signature from its bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Parses 64 lower-case hex digits.
    ///
    /// # Errors
    /// [`Error::MalformedSignature`] if it is anything else.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        hex::decode(digits.as_bytes()).map(Self).ok_or(Error::MalformedSignature)
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns whether the two are equal, in constant time, as `==` does.
    #[must_use]
    pub fn ct_eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// Returns the 64 lower-case hex digits.
    #[must_use]
    pub fn to_hex(&self) -> [u8; 64] {
        hex::encode(&self.0)
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other)
    }
}

impl Hash for Signature {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(core::str::from_utf8(&self.to_hex()).unwrap_or_default())
    }
}

/// Without its digits: whoever has them can send the request.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

impl SignatureText for Signature {
    #[inline]
    fn write_to(&self, sink: &mut impl ByteSink) {
        hex::write(self.as_bytes(), sink);
    }
}
