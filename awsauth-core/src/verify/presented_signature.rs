use subtle::ConstantTimeEq;

use crate::schemes::sigv4::Signature;

/// A signature as it was presented. It can be compared in constant time, and in no other way.
#[derive(Clone, Copy)]
pub(super) struct PresentedSignature([u8; 32]);

impl PresentedSignature {
    pub(super) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn is(self, computed: &Signature) -> bool {
        self.0.ct_eq(computed.as_bytes()).into()
    }

    /// Returns it as a signature: call it only after it was found to be right.
    pub(super) fn to_signature(self) -> Signature {
        Signature::from_bytes(self.0)
    }
}
