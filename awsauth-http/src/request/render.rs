use awsauth_core::{AddedHeader, ByteSink, SignatureText, Target, post_policy, sigv2, sigv3};

/// What the core renders: targets, bodies, and the values of headers and form fields.
pub(crate) trait Render {
    fn render(&self, sink: &mut impl ByteSink);
}

/// The value of a header that a scheme adds.
pub(crate) trait RenderedHeader: Render {
    /// Whether logs should not show it.
    fn is_sensitive(&self) -> bool;
}

/// Renders text. Raw bytes in a path are UTF-8, as the path that they come from is.
pub(crate) fn text(rendered: &impl Render) -> String {
    let mut bytes = Vec::new();
    rendered.render(&mut |run: &[u8]| bytes.extend_from_slice(run));
    String::from_utf8(bytes).unwrap_or_default()
}

/// Renders into an allocation of exactly `length` bytes, the size of the text.
pub(crate) fn bytes(rendered: &impl Render, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length);
    rendered.render(&mut |run: &[u8]| bytes.extend_from_slice(run));
    bytes
}

/// `N` bytes on the stack, to render text whose length is not known beforehand.
pub(crate) struct Scratch<const N: usize> {
    inline: [u8; N],
    /// More than `N` if the text does not fit.
    length: usize,
}

impl<const N: usize> Scratch<N> {
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { inline: [0; N], length: 0 }
    }

    /// Renders this in place of what was there. The error is the length of a text that does not fit.
    #[inline]
    pub(crate) fn render(&mut self, rendered: &impl Render) -> Result<&[u8], usize> {
        self.length = 0;
        rendered.render(self);
        self.inline.get(..self.length).ok_or(self.length)
    }
}

impl<const N: usize> ByteSink for Scratch<N> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        if let Some(place) = self.inline.get_mut(self.length..).and_then(|free| free.get_mut(..bytes.len())) {
            place.copy_from_slice(bytes);
        }
        self.length += bytes.len();
    }
}

macro_rules! render {
    ($($type:ty $(, of any $signature:ident)?;)+) => {
        $(impl $(<$signature: SignatureText>)? Render for $type {
            #[inline]
            fn render(&self, sink: &mut impl ByteSink) {
                self.write_to(sink);
            }
        })+
    };
}

render! {
    AddedHeader<'_, '_, S>, of any S;
    Target<'_, '_, S>, of any S;
    post_policy::FieldValue<'_, '_, S>, of any S;
    awsauth_core::LegacyHeader<'_, '_>;
    sigv2::FormBody<'_, '_>;
    sigv2::Target<'_, '_>;
    sigv3::Target<'_, '_>;
}

#[cfg(feature = "s3-legacy")]
render! { awsauth_core::s3_legacy::Target<'_, '_>; }

impl<S: SignatureText> RenderedHeader for AddedHeader<'_, '_, S> {
    fn is_sensitive(&self) -> bool {
        AddedHeader::is_sensitive(self)
    }
}

impl RenderedHeader for awsauth_core::LegacyHeader<'_, '_> {
    fn is_sensitive(&self) -> bool {
        awsauth_core::LegacyHeader::is_sensitive(self)
    }
}
