use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

/// Parses the time at which credentials expire, as AWS's documents write it: RFC 3339, such as `2030-01-31T23:59:59Z` or
/// `2030-01-31T23:59:59.123+00:00`. Returns `None` for anything else.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use awsauth_credentials::parse_expiration;
///
/// assert_eq!(parse_expiration("2030-01-01T01:00:00+01:00"), Some(UNIX_EPOCH + Duration::from_secs(1_893_456_000)));
/// assert_eq!(parse_expiration("2030-02-30T00:00:00Z"), None);
/// ```
#[must_use]
pub fn parse_expiration(text: &str) -> Option<SystemTime> {
    let mut rest = Cursor(text.as_bytes());
    let year = rest.digits(4)?;
    rest.one_of(b"-")?;
    let month = rest.digits(2)?;
    rest.one_of(b"-")?;
    let day = rest.digits(2)?;
    rest.one_of(b"Tt ")?;
    let hour = rest.digits(2)?;
    rest.one_of(b":")?;
    let minute = rest.digits(2)?;
    rest.one_of(b":")?;
    let second = rest.digits(2)?;
    let nanos = rest.fraction()?;
    let offset = rest.offset()?;
    let in_range =
        (1..=days_in_month(year, month)?).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    if !in_range || !rest.0.is_empty() {
        return None;
    }
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    let whole = match u64::try_from(seconds) {
        Ok(after) => UNIX_EPOCH.checked_add(Duration::from_secs(after)),
        Err(_) => UNIX_EPOCH.checked_sub(Duration::from_secs(seconds.unsigned_abs())),
    };
    whole?.checked_add(Duration::from_nanos(nanos))
}

struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits
            .iter()
            .try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
    }

    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        allowed.contains(first).then_some(*first)
    }

    /// Nanoseconds; digits beyond the ninth are dropped.
    fn fraction(&mut self) -> Option<u64> {
        let Some(rest) = self.0.strip_prefix(b".") else { return Some(0) };
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = rest.split_at_checked(count).filter(|_| count > 0)?;
        self.0 = rest;
        let padded = digits.iter().chain(core::iter::repeat(&b'0')).take(9);
        Some(padded.fold(0, |value, digit| value * 10 + u64::from(digit - b'0')))
    }

    /// Seconds east of UTC; the colon of `+01:00` may be missing.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.digits(2)?;
        self.0 = self.0.strip_prefix(b":").unwrap_or(self.0);
        let minutes = self.digits(2)?;
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
    }
}

fn days_in_month(year: i64, month: i64) -> Option<i64> {
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => return None,
    })
}

/// Days in the proleptic Gregorian calendar, counted in years that begin in March so that the leap day comes last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Seconds since the epoch as `date -u -d ... +%s` gives them.
    #[test]
    fn known_answers() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2022-05-02T18:36:00+00:00", 1_651_516_560),
            ("2022-05-02t18:36:00z", 1_651_516_560),
            ("2022-05-02 20:36:00+0200", 1_651_516_560),
            ("2022-05-02T13:06:00-05:30", 1_651_516_560),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(parse_expiration(text), Some(UNIX_EPOCH + Duration::from_secs(seconds)), "{text}");
        }
        let with_fraction = UNIX_EPOCH + Duration::new(1, 120_000_000);
        assert_eq!(parse_expiration("1970-01-01T00:00:01.12Z"), Some(with_fraction));
        assert_eq!(parse_expiration("1970-01-01T00:00:01.1200000009Z"), Some(with_fraction));
        #[cfg(unix)]
        assert_eq!(parse_expiration("1969-12-31T23:59:59.5Z"), Some(UNIX_EPOCH - Duration::from_millis(500)));
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "tomorrow",
            "1893456000",
            "2030-01-01",
            "2030-01-01T00:00:00",
            "2030-01-01T00:00:00ZZ",
            "2030-01-01T00:00:00.Z",
            "2030-01-01T00:00:00+24:00",
            "2030-01-01T24:00:00Z",
            "2030-13-01T00:00:00Z",
            "2030-00-01T00:00:00Z",
            "2030-01-00T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2030-01-01T00:00:00\u{e9}",
            " 2030-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_expiration(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn each_day_follows_the_last(days in 0_i64..2_900_000) {
            // The slow way: walk the years and months.
            let (mut year, mut month, mut left) = (1970, 1, days);
            loop {
                let in_year: i64 = (1..=12).map(|month| days_in_month(year, month).unwrap()).sum();
                if left < in_year { break; }
                left -= in_year;
                year += 1;
            }
            while left >= days_in_month(year, month).unwrap() {
                left -= days_in_month(year, month).unwrap();
                month += 1;
            }
            prop_assert_eq!(days_since_epoch(year, month, left + 1), days);
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}|[0-9TZ:.+-]{0,40}") {
            let _ = parse_expiration(&text);
        }
    }
}
