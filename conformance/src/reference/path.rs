//! The canonical URI.

use super::encoding::{refuse_controls, uri_decode, uri_encode, uri_encode_path};
use super::{EncodedSlash, Plus, Refusal, Request, Settings};

/// The canonical URI: normalised where the service asks, then encoded.
///
/// Off S3 the path of the wire is encoded once more, so `%20` becomes `%2520`. S3 decodes it once and encodes it
/// once; a `+` is a plus and `%2F` becomes a `/`.
pub(super) fn canonical_uri(request: &Request, settings: &Settings) -> Result<String, Refusal> {
    let path = wire_path(request)?;
    // A malformed escape is refused even where nothing is decoded, or where normalising would drop it.
    uri_decode(path, Plus::Literal)?;
    let path = if settings.normalize { remove_dot_segments(path) } else { path.to_vec() };
    if settings.double_encode {
        Ok(uri_encode_path(&path))
    } else {
        decode_and_encode(&path, settings.encoded_slash)
    }
}

/// Encodes a path of the wire exactly once, whatever was left bare on it.
fn decode_and_encode(path: &[u8], encoded_slash: EncodedSlash) -> Result<String, Refusal> {
    match encoded_slash {
        EncodedSlash::Separator => Ok(uri_encode_path(&uri_decode(path, Plus::Literal)?)),
        EncodedSlash::Data => {
            let segments: Result<Vec<String>, Refusal> = path
                .split(|byte| *byte == b'/')
                .map(|segment| Ok(uri_encode(&uri_decode(segment, Plus::Literal)?)))
                .collect();
            Ok(segments?.join("/"))
        }
    }
}

/// The path as it is, or `/`.
pub(super) fn wire_path(request: &Request) -> Result<&[u8], Refusal> {
    refuse_controls(&request.path)?;
    match request.path.first() {
        None => Ok(b"/"),
        Some(b'/') => Ok(&request.path),
        Some(_) => Err(Refusal::RelativePath),
    }
}

/// RFC 3986, section 5.2.4, and empty segments go too. A `%2e` is data, not a dot.
fn remove_dot_segments(path: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut ends_in_slash = false;
    for segment in path.split(|byte| *byte == b'/') {
        ends_in_slash = segment.is_empty() || segment == b"." || segment == b"..";
        if segment == b".." {
            kept.pop();
        } else if !ends_in_slash {
            kept.push(segment);
        }
    }
    let mut normalized = b"/".to_vec();
    normalized.extend(kept.join(&b'/'));
    if ends_in_slash && !kept.is_empty() {
        normalized.push(b'/');
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(path: &str, service: &str) -> Result<String, Refusal> {
        let request = Request { path: path.into(), ..Request::default() };
        canonical_uri(&request, &Settings::for_service(service))
    }

    #[test]
    fn encodes_the_wire_once_more_off_s3() {
        assert_eq!(uri("/model/a%3Ab", "bedrock").unwrap(), "/model/a%253Ab");
        assert_eq!(uri("/a%2Fb+c", "sqs").unwrap(), "/a%252Fb%2Bc");
    }

    #[test]
    fn decodes_and_encodes_once_in_s3() {
        assert_eq!(uri("/k=v@(!*')+%2f%c3%7e", "s3").unwrap(), "/k%3Dv%40%28%21%2A%27%29%2B/%C3~");
        assert_eq!(uri("/a//./../b/", "s3").unwrap(), "/a//./../b/");
    }

    #[test]
    fn an_encoded_slash_is_data_off_s3() {
        let request = Request { path: b"/a%2fb@".to_vec(), ..Request::default() };
        let once = Settings { double_encode: false, ..Settings::for_service("sqs") };
        assert_eq!(canonical_uri(&request, &once).unwrap(), "/a%2Fb%40");
    }

    #[test]
    fn normalises_as_rfc_3986() {
        for (path, normalized) in [
            ("", "/"),
            ("/..", "/"),
            ("/a/.", "/a/"),
            ("/a/b/..", "/a/"),
            ("/a/b/../", "/a/"),
            ("//a///b", "/a/b"),
            ("/../../a", "/a"),
            ("/a/...", "/a/..."),
        ] {
            assert_eq!(uri(path, "sqs").unwrap(), normalized, "{path}");
        }
    }

    #[test]
    fn refuses_malformed_paths() {
        assert_eq!(uri("/%zz", "s3"), Err(Refusal::BadPercentEscape));
        assert_eq!(uri("/%zz/..", "sqs"), Err(Refusal::BadPercentEscape));
        assert_eq!(uri("/a\n", "s3"), Err(Refusal::ControlCharacter));
        assert_eq!(uri("*", "sqs"), Err(Refusal::RelativePath));
    }
}
