use bytes::Bytes;

/// A body that is at hand as a whole, so that signing can hash it. Bodies that are not are signed by their
/// [`PayloadHash`](crate::PayloadHash), with [`Signer::sign_head`](crate::Signer::sign_head).
pub trait BodyBytes {
    /// All of its bytes.
    fn body_bytes(&self) -> &[u8];
}

impl BodyBytes for () {
    fn body_bytes(&self) -> &[u8] {
        &[]
    }
}

impl<B: BodyBytes> BodyBytes for Option<B> {
    fn body_bytes(&self) -> &[u8] {
        self.as_ref().map_or(&[], BodyBytes::body_bytes)
    }
}

impl<B: BodyBytes + ?Sized> BodyBytes for &B {
    fn body_bytes(&self) -> &[u8] {
        (**self).body_bytes()
    }
}

impl<B: BodyBytes + ?Sized> BodyBytes for Box<B> {
    fn body_bytes(&self) -> &[u8] {
        (**self).body_bytes()
    }
}

macro_rules! as_ref_bodies {
    ($($body:ty),+) => {
        $(impl BodyBytes for $body {
            fn body_bytes(&self) -> &[u8] {
                self.as_ref()
            }
        })+
    };
}

as_ref_bodies!([u8], str, String, Vec<u8>, Bytes);

impl<const N: usize> BodyBytes for [u8; N] {
    fn body_bytes(&self) -> &[u8] {
        self
    }
}
