use awsauth_core::{AddedHeader, SignatureText, Sink, Target, post_policy, sigv2, sigv3};
use bytes::Bytes;
use http::HeaderValue;

/// What the core's schemes write: targets, bodies, the values of headers and of a form's fields.
pub(crate) trait Render {
    fn render(&self, sink: &mut impl Sink);
}

/// As text. Raw bytes that a path may hold are UTF-8, as the path that they come from is.
pub(crate) fn text(rendered: &impl Render) -> String {
    let mut bytes = Vec::new();
    rendered.render(&mut |run: &[u8]| bytes.extend_from_slice(run));
    String::from_utf8(bytes).unwrap_or_default()
}

/// As a header's value, in an allocation of just its size, the only one that it costs.
pub(crate) fn header_value(rendered: &impl Render, is_sensitive: bool) -> Option<HeaderValue> {
    let mut inline = [0; 512];
    let mut length = 0;
    rendered.render(&mut |bytes: &[u8]| {
        if let Some(place) = inline.get_mut(length..length + bytes.len()) {
            place.copy_from_slice(bytes);
        }
        length += bytes.len();
    });
    let mut header = match inline.get(..length) {
        Some(bytes) => HeaderValue::from_bytes(bytes).ok()?,
        None => {
            let mut bytes = Vec::with_capacity(length);
            rendered.render(&mut |run: &[u8]| bytes.extend_from_slice(run));
            HeaderValue::from_maybe_shared(Bytes::from(bytes)).ok()?
        }
    };
    header.set_sensitive(is_sensitive);
    Some(header)
}

macro_rules! render {
    ($($type:ty $(, of any $signature:ident)?;)+) => {
        $(impl $(<$signature: SignatureText>)? Render for $type {
            #[inline]
            fn render(&self, sink: &mut impl Sink) {
                self.write_to(sink);
            }
        })+
    };
}

render! {
    AddedHeader<'_, '_, S>, of any S;
    Target<'_, '_, S>, of any S;
    post_policy::FieldValue<'_, '_, S>, of any S;
    awsauth_core::HeaderValue<'_, '_>;
    sigv2::FormBody<'_, '_>;
    sigv2::Target<'_, '_>;
    sigv3::Target<'_, '_>;
}

#[cfg(feature = "s3-legacy")]
render! { awsauth_core::s3_legacy::Target<'_, '_>; }
