use awsauth_core::Timestamp;

/// Longer text is not a time.
const MAX_LENGTH: usize = 40;

/// Parses a time in any form that services use: `2015-08-30T12:36:00Z`, with a fraction of a second or without,
/// `20150830T123600Z`, `2015-08-30T12:36:00+00:00`, `Sun, 30 Aug 2015 12:36:00 GMT`.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > MAX_LENGTH {
        return None;
    }
    if let Ok(time) = Timestamp::parse_http_date(text) {
        return Some(time);
    }
    let zone = ["Z", "+00:00", "+0000"].into_iter().find(|zone| text.ends_with(zone))?;
    let time = text.strip_suffix(zone)?;
    let whole = match time.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => time,
    };
    let mut basic: String = whole.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    basic.push('Z');
    Timestamp::parse(&basic).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        for text in [
            "2015-08-30T12:36:00Z",
            "2015-08-30T12:36:00.000Z",
            "2015-08-30T12:36:00.123456789Z",
            " 2015-08-30T12:36:00.5Z\n",
            "2015-08-30T12:36:00+00:00",
            "2015-08-30T12:36:00.25+0000",
            "20150830T123600Z",
            "Sun, 30 Aug 2015 12:36:00 GMT",
        ] {
            assert_eq!(parse(text).map(Timestamp::unix_seconds), Some(1_440_938_160), "{text}");
        }
        let long = format!("2015-08-30T12:36:00.{}Z", "0".repeat(30));
        for text in [
            "",
            "Z",
            "2015-08-30",
            "2015-08-30T12:36:00",
            "2015-08-30T12:36:00.1.2Z",
            "2015-08-30T12:36:00+01:00",
            "9999-99-99T00:00:00Z",
            &long,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
