use crate::explain::cause::Cause;
use crate::explain::text::{decode, encode_path, normalize};

/// By what rule the canonical URIs differ.
pub(super) fn cause(ours: &str, theirs: &str) -> Cause {
    let encoded = |path: &str| encode_path(path.as_bytes());
    let reencoded = |path: &str| encode_path(&decode(path));
    let text = |path: &str| String::from_utf8_lossy(&decode(path)).into_owned();
    let plain = |path: &str| path.replace("%2B", "+").replace("%20", "+").replace("%252B", "+");
    // A path without escapes was not encoded once yet.
    if ours.contains('%') && (encoded(ours) == theirs || encoded(&reencoded(ours)) == theirs) {
        Cause::PathEncodedOnce
    } else if theirs.contains('%') && (encoded(theirs) == ours || encoded(&reencoded(theirs)) == ours) {
        Cause::PathEncodedTwice
    } else if normalize(ours) != ours && normalize(ours) == theirs {
        Cause::UnnormalizedPath
    } else if normalize(theirs) != theirs && normalize(theirs) == ours {
        Cause::NormalizedPath
    } else if ours.strip_suffix('/') == Some(theirs) || theirs.strip_suffix('/') == Some(ours) {
        Cause::TrailingSlash
    } else if plain(ours) == plain(theirs) {
        Cause::PlusInPath
    } else if reencoded(ours) == reencoded(theirs) || text(&text(ours)) == text(&text(theirs)) {
        Cause::PathEncoding
    } else if ours.ends_with(theirs) || theirs.ends_with(ours) {
        Cause::PathPrefix
    } else {
        Cause::DifferentPath
    }
}
