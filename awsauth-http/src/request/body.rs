use bytes::Bytes;

/// A body that is in memory as a whole, so that it can be hashed for signing. Sign other bodies by their
/// [`PayloadHash`](crate::PayloadHash), with [`Signer::sign_head`](crate::Signer::sign_head).
#[diagnostic::on_unimplemented(
    message = "a body of the type `{Self}` is not known to be in memory",
    label = "cannot be hashed for signing",
    note = "give `()`, `Bytes`, `Vec<u8>`, `String`, `&str` or `&[u8]`; sign any other body by its hash with `Signer::sign_head`, \
            or in chunks with `Signer::sign_chunked`"
)]
pub trait BodyBytes {
    /// Returns all of its bytes.
    fn body_bytes(&self) -> &[u8];

    /// Returns a body of this type that holds `form`, if the type can: Signature Version 2 signs in the form that is posted.
    fn from_form(form: Bytes) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = form;
        None
    }
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

    fn from_form(form: Bytes) -> Option<Self> {
        B::from_form(form).map(Some)
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

as_ref_bodies!([u8], str);

macro_rules! owned_bodies {
    ($($body:ty: $from_form:expr),+ $(,)?) => {
        $(impl BodyBytes for $body {
            fn body_bytes(&self) -> &[u8] {
                self.as_ref()
            }

            fn from_form(form: Bytes) -> Option<Self> {
                $from_form(form)
            }
        })+
    };
}

owned_bodies! {
    Bytes: Some,
    String: |form: Bytes| String::from_utf8(form.into()).ok(),
    Vec<u8>: |form: Bytes| Some(form.into()),
}

impl<const N: usize> BodyBytes for [u8; N] {
    fn body_bytes(&self) -> &[u8] {
        self
    }
}
