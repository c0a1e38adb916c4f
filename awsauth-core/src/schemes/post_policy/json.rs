use super::authentication::Authentication;
use super::policy::{Condition, Key, PostPolicy};
use crate::text::decimal;
use crate::text::sink::ByteSink;

/// Writes the policy document.
pub(super) fn write(policy: &PostPolicy<'_>, authentication: &Authentication<'_>, sink: &mut impl ByteSink) {
    sink.put(br#"{"expiration":""#);
    sink.put(policy.expires_at.extended().as_bytes());
    sink.put(br#"","conditions":["#);
    write_equals("bucket", sink, |sink| write_escaped(policy.bucket, sink));
    sink.put(b",");
    match policy.key {
        Key::Exactly(key) => write_equals("key", sink, |sink| write_escaped(key, sink)),
        Key::StartsWith(prefix) => write_starts_with("key", prefix, sink),
    }
    for field in policy.fields {
        sink.put(b",");
        write_equals(field.name, sink, |sink| write_escaped(field.value, sink));
    }
    for condition in policy.conditions {
        sink.put(b",");
        match condition {
            Condition::Equals { name, value } => write_equals(name, sink, |sink| write_escaped(value, sink)),
            Condition::StartsWith { name, prefix } => write_starts_with(name, prefix, sink),
        }
    }
    if let Some((minimum, maximum)) = policy.content_length_range {
        sink.put(br#",["content-length-range","#);
        decimal::write(minimum, sink);
        sink.put(b",");
        decimal::write(maximum, sink);
        sink.put(b"]");
    }
    for (name, value) in authentication.conditions() {
        sink.put(b",");
        // Access key ID, scope and token are checked to be ASCII.
        write_equals(name, sink, |sink| {
            value.write_to(&mut |run: &[u8]| run.iter().for_each(|byte| write_char(char::from(*byte), sink)));
        });
    }
    sink.put(b"]}");
}

fn write_equals<S: ByteSink>(name: &str, sink: &mut S, write_value: impl FnOnce(&mut S)) {
    sink.put(br#"{""#);
    write_escaped(name, sink);
    sink.put(br#"":""#);
    write_value(sink);
    sink.put(br#""}"#);
}

fn write_starts_with(name: &str, prefix: &str, sink: &mut impl ByteSink) {
    sink.put(br#"["starts-with","$"#);
    write_escaped(name, sink);
    sink.put(br#"",""#);
    write_escaped(prefix, sink);
    sink.put(br#""]"#);
}

/// Writes the inside of a JSON string, in ASCII. AWS requires that `$` is escaped too (see the character escaping of
/// [POST Policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)), but its `\$` is
/// not JSON; this form is both.
fn write_escaped(text: &str, sink: &mut impl ByteSink) {
    text.chars().for_each(|char| write_char(char, sink));
}

fn write_char(char: char, sink: &mut impl ByteSink) {
    match char {
        '"' | '\\' => sink.put(&[b'\\', u8::try_from(char).unwrap_or_default()]),
        ' '..='~' if char != '$' => sink.put(&[u8::try_from(char).unwrap_or_default()]),
        _ => char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write_unit(*unit, sink)),
    }
}

fn write_unit(unit: u16, sink: &mut impl ByteSink) {
    let [high, low] = unit.to_be_bytes();
    let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
    sink.put(&[b'\\', b'u', digit(high >> 4), digit(high & 15), digit(low >> 4), digit(low & 15)]);
}
