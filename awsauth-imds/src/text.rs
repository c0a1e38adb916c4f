//! Text from the network, made safe to print.

/// `text` on one line and of bounded length, for an error.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut line: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push_str("..");
    }
    line
}

/// The kind of a body, without its content, which may be secret.
pub(crate) fn describe_body(body: &[u8]) -> String {
    let length = body.len();
    match body.trim_ascii().first() {
        None => "an empty body".to_owned(),
        Some(b'<') => format!("a page of HTML or XML ({length} bytes)"),
        Some(b'{' | b'[') => format!("a JSON document ({length} bytes)"),
        Some(_) if core::str::from_utf8(body).is_err() => {
            format!("something that is not text ({length} bytes)")
        }
        Some(_) => format!("some other text ({length} bytes)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_bounded_length() {
        assert_eq!(printable("a\r\nb\u{7f}c"), "a  b c");
        assert_eq!(printable(&"é".repeat(1000)).chars().count(), 302);
    }

    #[test]
    fn bodies_are_told_apart_without_their_content() {
        assert_eq!(describe_body(b" \n"), "an empty body");
        assert_eq!(describe_body(b"<!doctype html>"), "a page of HTML or XML (15 bytes)");
        assert_eq!(describe_body(b"\xff\xfe"), "something that is not text (2 bytes)");
        assert_eq!(describe_body(b"secret"), "some other text (6 bytes)");
    }
}
