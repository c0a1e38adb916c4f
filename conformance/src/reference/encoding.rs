//! Percent-encoding, hex and base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Plus, Refusal};

/// `UriEncode`: every byte but `A-Z a-z 0-9 - . _ ~` becomes `%XX`, in upper case.
pub(super) fn uri_encode(bytes: &[u8]) -> String {
    let mut encoded = String::new();
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            encoded.push(char::from(*byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// `UriEncode` that leaves `/` alone, for paths.
pub(super) fn uri_encode_path(bytes: &[u8]) -> String {
    let segments: Vec<String> = bytes.split(|byte| *byte == b'/').map(uri_encode).collect();
    segments.join("/")
}

/// Turns `%XX` into bytes, and `+` into a space where the caller says so.
pub(super) fn uri_decode(text: &[u8], plus: Plus) -> Result<Vec<u8>, Refusal> {
    let mut decoded = Vec::new();
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'%' => 16 * hex_digit(rest.next())? + hex_digit(rest.next())?,
            b'+' if plus == Plus::Space => b' ',
            byte => *byte,
        });
    }
    Ok(decoded)
}

fn hex_digit(byte: Option<&u8>) -> Result<u8, Refusal> {
    match byte {
        Some(digit @ b'0'..=b'9') => Ok(digit - b'0'),
        Some(digit @ b'a'..=b'f') => Ok(digit - b'a' + 10),
        Some(digit @ b'A'..=b'F') => Ok(digit - b'A' + 10),
        _ => Err(Refusal::BadPercentEscape),
    }
}

/// Refuses U+0000 to U+001F and U+007F.
pub(super) fn refuse_controls(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.iter().any(u8::is_ascii_control) { Err(Refusal::ControlCharacter) } else { Ok(()) }
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_bytes_not_characters() {
        assert_eq!(uri_decode(b"a%e9+", Plus::Space).unwrap(), b"a\xe9 ");
        assert_eq!(uri_encode(b"a\xe9 +"), "a%E9%20%2B");
    }

    #[test]
    fn refuses_malformed_escapes() {
        for text in ["%", "%4", "%zz", "%4g", "a%%41"] {
            assert_eq!(uri_decode(text.as_bytes(), Plus::Space), Err(Refusal::BadPercentEscape), "{text}");
        }
    }
}
