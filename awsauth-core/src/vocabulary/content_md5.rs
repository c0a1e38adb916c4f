use super::time::AsciiText;
use crate::hash::md5;
use crate::text::base64::Base64;
use crate::text::sink::ByteSink;

/// Returns the value of a `content-md5` header: the MD5 of `body` in base64. Signing never adds this header by itself;
/// S3 requires it for a few requests, such as deleting many objects at once.
///
/// ```
/// assert_eq!(awsauth_core::content_md5(b"").as_str(), "1B2M2Y8AsgTpgAmY7PhCfg==");
/// ```
#[must_use]
pub fn content_md5(body: &[u8]) -> AsciiText<24> {
    let mut text = [b'='; 24];
    let mut places = text.iter_mut();
    let mut fill = |run: &[u8]| {
        for (byte, place) in run.iter().zip(&mut places) {
            *place = *byte;
        }
    };
    Base64::encode(&mut fill, |sink| sink.put(&md5::digest(body)));
    AsciiText::new(text)
}
