//! Parameters that signatures of any scheme leave in a query. They are removed before a request is signed anew: the URL would
//! keep an old token, and services refuse requests that are authenticated twice.

/// Of Signature Version 4 and 4A.
const V4: [&str; 10] = [
    "X-Amz-Algorithm",
    "X-Amz-Content-Sha256",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];
/// Of Signature Version 2.
const V2: [&str; 7] = [
    "AWSAccessKeyId",
    "Expires",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
    "Timestamp",
];
/// Of S3's scheme before Signature Version 4.
const S3_LEGACY: [&str; 4] = ["AWSAccessKeyId", "Expires", "Signature", "x-amz-security-token"];

/// The query without the parameters of old signatures; `None` if it has none.
///
/// `Signature`, `Expires` and `Timestamp` are words that applications use, too: they belong to a signature only where
/// `AWSAccessKeyId` and `Signature` stand together, as they do in all that either scheme signs.
#[inline]
pub(crate) fn removed(query: &str) -> Option<String> {
    if !may_hold_one(query.as_bytes()) {
        return None;
    }
    remove(query)
}

/// Whether a parameter begins like those of a signature, plainly or escaped. Few do.
#[inline]
fn may_hold_one(query: &[u8]) -> bool {
    let is_first = |byte: u8| byte == b'A' || byte == b'X' || byte == b'%';
    let next = query.get(1..).unwrap_or_default();
    // Without an early exit, so that it compiles to vector instructions.
    let any = query.iter().zip(next).fold(false, |any, (byte, next)| any | (*byte == b'&') & is_first(*next));
    (any || query.first().is_some_and(|byte| is_first(*byte)))
        && query.split(|byte| *byte == b'&').any(begins_so)
}

/// `AWSAccessKeyId`, or `X-Amz-..`. Not `Action`.
fn begins_so(pair: &[u8]) -> bool {
    matches!(
        pair,
        [b'A', b'W' | b'%', ..] | [b'X', b'-' | b'%', ..] | [b'%', b'4', b'1', ..] | [b'%', b'5', b'8', ..]
    )
}

#[cold]
fn remove(query: &str) -> Option<String> {
    let pairs: Vec<_> = query.split('&').map(|pair| (pair, name(pair))).collect();
    let has = |name: &str| pairs.iter().any(|(_, other)| other == name.as_bytes());
    let is_signed = has("AWSAccessKeyId") && has("Signature");
    let older: &[&str] = match is_signed {
        false => &[],
        true if has("SignatureVersion") || has("SignatureMethod") => &V2,
        true => &S3_LEGACY,
    };
    let is_old = |name: &[u8]| V4.iter().chain(older).any(|old| old.as_bytes() == name);
    if !pairs.iter().any(|(_, name)| is_old(name)) {
        return None;
    }
    let kept: Vec<_> = pairs.iter().filter(|(_, name)| !is_old(name)).map(|(pair, _)| *pair).collect();
    Some(kept.join("&"))
}

/// A parameter's name, decoded.
fn name(pair: &str) -> Vec<u8> {
    let mut rest = pair.split('=').next().unwrap_or_default().as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut name = Vec::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        let escape = match (first, tail) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        name.push(escape.map_or(*first, |(high, low)| high << 4 | low));
        rest = tail.get(if escape.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_with_all_that_belongs_to_it_and_nothing_else() {
        for (query, left) in [
            ("", None),
            ("a=1&b=2", None),
            ("A=1&X=2&%41=3", None),
            ("Signature=mine&Expires=5&Timestamp=now", None),
            ("AWSAccessKeyId=mine&Expires=5", None),
            ("X-Amz-Signature=s", Some("")),
            ("a&X-Amz-Date=d&&b=", Some("a&&b=")),
            ("X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&a=1", Some("a=1")),
            ("x-amz-date=mine", None),
            ("X%2DAmz%2dSecurity-Token=t&a=1", Some("a=1")),
            ("%58-Amz-Credential=c", Some("")),
            (
                "a=1&AWSAccessKeyId=I&Expires=5&Signature=s&x-amz-security-token=t&Timestamp=mine",
                Some("a=1&Timestamp=mine"),
            ),
            (
                "AWSAccessKeyId=I&SignatureVersion=2&Timestamp=t&Signature=s&SecurityToken=t&Action=A",
                Some("Action=A"),
            ),
            ("%41WSAccessKeyId=I&Sig%6Eature=s&Expires=5&a", Some("a")),
            ("b=%zz&AWSAccessKeyId=I&Signature=s&c=%", Some("b=%zz&c=%")),
        ] {
            assert_eq!(removed(query).as_deref(), left, "{query}");
        }
    }
}
