//! Percent-encoding, and excerpts that are fit to be shown.

use std::collections::HashSet;

/// Decodes `%XX` once; whatever else stands for itself.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let [byte, tail @ ..] = rest {
        rest = tail;
        let escape = match (byte, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                decoded.push(high << 4 | low);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => decoded.push(*byte),
        }
    }
    decoded
}

/// Encodes all but `A-Z a-z 0-9 - . _ ~ /`.
pub(super) fn encode_path(raw: &[u8]) -> String {
    let mut encoded = Vec::with_capacity(raw.len());
    awsauth_core::encode_path(raw, &mut |run: &[u8]| encoded.extend_from_slice(run));
    String::from_utf8(encoded).unwrap_or_default()
}

/// Encodes all but `A-Z a-z 0-9 - . _ ~`.
pub(super) fn encode(raw: &[u8]) -> String {
    encode_path(raw).replace('/', "%2F")
}

/// Resolves `.`, `..` and `//`.
pub(super) fn normalize(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let folder = matches!(path.rsplit('/').next(), Some("" | "." | "..")) && !segments.is_empty();
    format!("/{}{}", segments.join("/"), if folder { "/" } else { "" })
}

pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

pub(super) fn to_hex(digest: &[u8; 32]) -> String {
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|n| char::from_digit(n.into(), 16))
        .collect()
}

/// Where two texts differ, counted from 1, and both around there.
pub(super) fn difference(what: &str, ours: &str, theirs: &str) -> String {
    let same = ours.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count();
    let (ours, theirs) = (excerpt(ours, same), excerpt(theirs, same));
    format!("{what}, byte {}:   ours {ours}   theirs {theirs}", same + 1)
}

/// At most some 60 characters around a place, with controls escaped.
pub(super) fn excerpt(text: &str, at: usize) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(at.saturating_sub(30).min(text.len()));
    let end = boundary(at.saturating_add(30).min(text.len()));
    let (before, after) = (if start > 0 { ".." } else { "" }, if end < text.len() { ".." } else { "" });
    format!("{before}{}{after}", text.get(start..end).unwrap_or_default().escape_debug())
}

/// The first line of a message, at most some 160 characters of it, without these secrets, and without whatever has the
/// look of a signature, a token or a credential.
pub(super) fn redacted<'s>(message: &str, secrets: impl Iterator<Item = &'s str>) -> String {
    let line = message.lines().next().unwrap_or_default().trim();
    // A page of HTML says nothing.
    if line.starts_with('<') {
        return String::new();
    }
    let mut line = line.to_owned();
    for secret in secrets.filter(|secret| !secret.is_empty()) {
        line = line.replace(secret, "..");
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '%' | ':');
    let mut shown = String::new();
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| is_part(c) != is_part(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        let is_word = run.len() <= 20 || !is_part(first) || run.chars().all(|c| c.is_ascii_alphabetic());
        shown.push_str(if is_word { run } else { ".." });
        rest = after;
    }
    shown.chars().take(160).map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Pieces of a secret that are shorter are no secret.
const SHORTEST_PIECE: usize = 8;

/// Whatever text as it may be shown: without these secrets and pieces of them, with control characters and what turns text
/// around escaped, at most `longest` characters.
pub(super) fn shown(text: &str, secrets: &[String], longest: usize) -> String {
    // Enough to fill it, and little to search. A piece of a secret at the cut is too short to be one.
    let text: String = text.chars().take(2 * longest + SHORTEST_PIECE).collect();
    let mut hidden = vec![false; text.len()];
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let piece = secret.len().min(SHORTEST_PIECE);
        let pieces: HashSet<&[u8]> = secret.as_bytes().windows(piece).collect();
        for (at, window) in text.as_bytes().windows(piece).enumerate() {
            if pieces.contains(window) && (piece == SHORTEST_PIECE || is_word(&text, at, piece)) {
                hidden.iter_mut().skip(at).take(piece).for_each(|hidden| *hidden = true);
            }
        }
    }
    let mut shown = String::new();
    let mut left = longest;
    let mut was_hidden = false;
    for (at, c) in text.char_indices() {
        let is_hidden = hidden.get(at).copied().unwrap_or_default();
        let next = match c {
            _ if is_hidden && was_hidden => String::new(),
            _ if is_hidden => "..".to_owned(),
            '\'' | '"' | '\\' => c.to_string(),
            _ => c.escape_debug().collect(),
        };
        was_hidden = is_hidden;
        let length = next.chars().count();
        if length > left {
            return shown + "..";
        }
        left -= length;
        shown.push_str(&next);
    }
    shown
}

/// Whether this stands by itself, as a word that is a short secret does.
fn is_word(text: &str, at: usize, length: usize) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + length))
}

/// Whether the value of a header or parameter is not to be shown.
pub(super) fn is_sensitive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "signature", "authorization", "cookie", "secret", "customer-key", "api-key", "credential"]
        .iter()
        .any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_no_secret_and_no_control() {
        let secrets = ["IQoJb3JpZ2luX2VjEXAMPLETOKEN".to_owned(), "pin".to_owned(), String::new()];
        for (text, expected) in [
            ("a 'b' \"c\" d\\e \u{e9}", "a 'b' \"c\" d\\e \u{e9}"),
            ("\u{1b}[31mred\r\nnext\u{0}", "\\u{1b}[31mred\\r\\nnext\\0"),
            ("\u{202e}back \u{9b}1m", "\\u{202e}back \\u{9b}1m"),
            ("x IQoJb3JpZ2luX2VjEXAMPLETOKEN y", "x .. y"),
            ("begins IQoJb3Jp, ends LETOKEN and PLETOKEN", "begins .., ends LETOKEN and .."),
            ("(..X2VjEXAMPLE..)", "(......)"),
            ("the pin, a pinch, pin", "the .., a pinch, .."),
            ("", ""),
        ] {
            assert_eq!(shown(text, &secrets, 80), expected);
        }
        assert_eq!(shown(&"\u{7}".repeat(100), &[], 20), "\\u{7}\\u{7}\\u{7}\\u{7}..");
        assert_eq!(shown(&"a".repeat(1 << 20), &secrets, 20), format!("{}..", "a".repeat(20)));
        assert!(!shown(&"pin ".repeat(1 << 18), &secrets, 200).contains("pin"));
    }

    #[test]
    fn messages_are_shown_without_what_authenticates() {
        let digits = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        for (message, shown) in [
            ("Access Denied", "Access Denied"),
            ("the key 'short' is unknown\nsecond line", "the key '..' is unknown"),
            ("a 'IQoJb3JpZ2luX2VjEXAMPLETOKEN' b", "a '..' b"),
            ("Please use AWS4-HMAC-SHA256.", "Please use AWS4-HMAC-SHA256."),
            ("SubscriptionRequiredException \u{7}", "SubscriptionRequiredException ?"),
            ("<html>no</html>", ""),
            ("", ""),
        ] {
            assert_eq!(redacted(message, ["short", ""].into_iter()), shown);
        }
        let header = format!("Authorization=Credential=AKID/20150830/a/b/aws4_request, Signature={digits}");
        assert_eq!(redacted(&header, [].into_iter()), ".., ..");
        assert_eq!(redacted(&"\u{e9} ".repeat(200), [].into_iter()).chars().count(), 160);
    }
}
