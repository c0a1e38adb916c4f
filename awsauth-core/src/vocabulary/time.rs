use core::fmt;

use super::error::Error;

/// An instant, in whole seconds of UTC, in the years 1970 to 9999.
///
/// It comes from the caller's clock; one value serves the date header, the credential scope and the signing key of a
/// request. It prints in each of AWS's forms.
///
/// ```
/// # use awsauth_core::Timestamp;
/// let instant = Timestamp::from_unix(1_440_938_160)?;
/// assert_eq!(instant.basic().as_str(), "20150830T123600Z");
/// assert_eq!(instant.date().as_str(), "20150830");
/// assert_eq!(instant.extended().as_str(), "2015-08-30T12:36:00Z");
/// assert_eq!(instant.http_date().as_str(), "Sun, 30 Aug 2015 12:36:00 GMT");
/// # Ok::<(), awsauth_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "x-amz-date")]
pub struct Timestamp {
    unix_seconds: u64,
}

/// A day in UTC, as credential scopes have it: `20150830`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(AsciiText<8>);

/// `N` bytes of ASCII text: a time in one of AWS's forms, or a checksum.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsciiText<const N: usize>([u8; N]);

const SECONDS_PER_DAY: u32 = 86_400;
/// 9999-12-31T23:59:59Z.
const LAST: u64 = 253_402_300_799;

impl Timestamp {
    /// 1970-01-01T00:00:00Z: a filler.
    pub(crate) const EPOCH: Self = Self { unix_seconds: 0 };

    /// Creates an instant from seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`Error::TimeOutOfRange`] after the year 9999: check the clock.
    pub const fn from_unix(seconds: u64) -> Result<Self, Error> {
        if seconds > LAST {
            return Err(Error::TimeOutOfRange);
        }
        Ok(Self { unix_seconds: seconds })
    }

    /// Parses AWS's basic form, `20150830T123600Z`, as `x-amz-date` has it.
    ///
    /// # Errors
    /// [`Error::MalformedTime`] if it has another form or is not a real date; [`Error::TimeOutOfRange`] before 1970.
    pub fn parse(basic: &str) -> Result<Self, Error> {
        let Ok(text) = <&[u8; 16]>::try_from(basic.as_bytes()) else { return Err(Error::MalformedTime) };
        let [date @ .., b'T', h1, h2, m1, m2, s1, s2, b'Z'] = text else { return Err(Error::MalformedTime) };
        let date = Date::from_digits(date)?;
        let hour = number(&[*h1, *h2])?;
        let minute = number(&[*m1, *m2])?;
        let second = number(&[*s1, *s2])?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err(Error::MalformedTime);
        }
        let days = date.days_since_1970()?;
        Ok(Self {
            unix_seconds: u64::from(days) * u64::from(SECONDS_PER_DAY)
                + u64::from(hour * 3_600 + minute * 60 + second),
        })
    }

    /// Parses the form that [`http_date`](Self::http_date) writes, as `Date` headers have it; `+0000`, as in email, may
    /// stand for `GMT`.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse). The name of the weekday is not checked.
    pub fn parse_http_date(date: &str) -> Result<Self, Error> {
        let malformed = Err(Error::MalformedTime);
        let [_, _, _, b',', b' ', d1, d2, b' ', rest @ ..] = date.as_bytes() else { return malformed };
        let [n1, n2, n3, b' ', y1, y2, y3, y4, b' ', time @ ..] = rest else { return malformed };
        let [h1, h2, b':', m1, m2, b':', s1, s2, b' ', zone @ ..] = time else { return malformed };
        if !matches!(zone, b"GMT" | b"+0000") {
            return malformed;
        }
        let name = [*n1, *n2, *n3];
        let number = (1..=12).find(|number| month_name(*number) == name).ok_or(Error::MalformedTime)?;
        let [n1, n2, ..] = four(number, 0);
        let basic = [*y1, *y2, *y3, *y4, n1, n2, *d1, *d2, b'T', *h1, *h2, *m1, *m2, *s1, *s2, b'Z'];
        Self::parse(AsciiText(basic).as_str())
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.unix_seconds
    }

    /// Returns the instant `seconds` later.
    ///
    /// # Errors
    /// [`Error::TimeOutOfRange`] after the year 9999.
    pub const fn plus_seconds(self, seconds: u64) -> Result<Self, Error> {
        Self::from_unix(self.unix_seconds.saturating_add(seconds))
    }

    /// Returns the basic form, `20150830T123600Z`: `x-amz-date` and the string to sign.
    #[must_use]
    pub fn basic(self) -> AsciiText<16> {
        let [y1, y2, y3, y4, mo1, mo2, d1, d2] = self.civil().digits();
        let [h1, h2, m1, m2, s1, s2] = self.time_of_day();
        AsciiText([y1, y2, y3, y4, mo1, mo2, d1, d2, b'T', h1, h2, m1, m2, s1, s2, b'Z'])
    }

    /// Returns the day: `20150830`.
    #[must_use]
    pub fn date(self) -> Date {
        Date(AsciiText(self.civil().digits()))
    }

    /// Returns the extended form, `2015-08-30T12:36:00Z`: Signature Version 2 and POST policies.
    #[must_use]
    pub fn extended(self) -> AsciiText<20> {
        let [y1, y2, y3, y4, mo1, mo2, d1, d2] = self.civil().digits();
        let [h1, h2, m1, m2, s1, s2] = self.time_of_day();
        AsciiText([
            y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z',
        ])
    }

    /// Returns the form of `Date` headers, `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 1123).
    #[must_use]
    pub fn http_date(self) -> AsciiText<29> {
        let civil = self.civil();
        let [y1, y2, y3, y4, _, _, d1, d2] = civil.digits();
        let [h1, h2, m1, m2, s1, s2] = self.time_of_day();
        // The first day was a Thursday.
        let [w1, w2, w3] = match (self.days_and_seconds().0 + 4) % 7 {
            0 => *b"Sun",
            1 => *b"Mon",
            2 => *b"Tue",
            3 => *b"Wed",
            4 => *b"Thu",
            5 => *b"Fri",
            _ => *b"Sat",
        };
        let [n1, n2, n3] = month_name(civil.month);
        AsciiText([
            w1, w2, w3, b',', b' ', d1, d2, b' ', n1, n2, n3, b' ', y1, y2, y3, y4, b' ', h1, h2, b':', m1,
            m2, b':', s1, s2, b' ', b'G', b'M', b'T',
        ])
    }

    #[allow(clippy::cast_possible_truncation, reason = "LAST is 1,979,705,474 units")]
    fn days_and_seconds(self) -> (u32, u32) {
        // In units of 128 seconds it fits into 32 bits, which small processors can divide.
        let units = (self.unix_seconds >> 7) as u32;
        let days = units / (SECONDS_PER_DAY >> 7);
        (days, ((units % (SECONDS_PER_DAY >> 7)) << 7) | (self.unix_seconds & 127) as u32)
    }

    fn civil(self) -> Civil {
        Civil::from_days(self.days_and_seconds().0)
    }

    fn time_of_day(self) -> [u8; 6] {
        let (_, second) = self.days_and_seconds();
        let minute = second / 60;
        let [h1, h2, m1, m2] = four(minute / 60, minute % 60);
        let [s1, s2, ..] = four(second % 60, 0);
        [h1, h2, m1, m2, s1, s2]
    }
}

impl Date {
    /// Parses eight digits, `20150830`.
    ///
    /// # Errors
    /// [`Error::MalformedTime`] if it has another form or is not a real date; [`Error::TimeOutOfRange`] before 1970.
    pub fn parse(digits: &str) -> Result<Self, Error> {
        let Ok(digits) = <&[u8; 8]>::try_from(digits.as_bytes()) else { return Err(Error::MalformedTime) };
        Self::from_digits(digits)
    }

    /// Returns the eight digits: `20150830`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    fn from_digits(digits: &[u8; 8]) -> Result<Self, Error> {
        let date = Self(AsciiText(*digits));
        date.days_since_1970()?;
        Ok(date)
    }

    fn days_since_1970(self) -> Result<u32, Error> {
        let AsciiText([y1, y2, y3, y4, m1, m2, d1, d2]) = self.0;
        let year = number(&[y1, y2])? * 100 + number(&[y3, y4])?;
        let month = number(&[m1, m2])?;
        let day = number(&[d1, d2])?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last_day = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(Error::MalformedTime),
        };
        if day == 0 || day > last_day {
            return Err(Error::MalformedTime);
        }
        if year < 1970 {
            return Err(Error::TimeOutOfRange);
        }
        // Years that begin in March put the leap day last.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let day_of_year = (153 * month + 2) / 5 + day - 1;
        Ok(year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - DAYS_BEFORE_1970)
    }
}

impl<const N: usize> AsciiText<N> {
    /// No instant: a filler.
    pub(crate) const BLANK: Self = Self([b' '; N]);
    /// `bytes` are ASCII.
    #[cfg(feature = "md5")]
    pub(crate) const fn new(bytes: [u8; N]) -> Self {
        Self(bytes)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the text as bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl fmt::Display for Timestamp {
    /// The basic form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.basic().fmt(f)
    }
}

impl Date {
    /// No day: a filler.
    pub(crate) const BLANK: Self = Self(AsciiText::BLANK);

    pub(crate) fn as_bytes(&self) -> &[u8; 8] {
        self.0.as_bytes()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const N: usize> fmt::Display for AsciiText<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for AsciiText<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_BEFORE_1970: u32 = 719_468;
const DAYS_PER_400_YEARS: u32 = 146_097;

struct Civil {
    year: u32,
    month: u32,
    day: u32,
}

impl Civil {
    /// The proleptic Gregorian calendar, as C. Neri and L. Schneider compute it ("Euclidean affine functions and their
    /// application to calendar algorithms"): in years that begin on 1 March.
    #[allow(clippy::cast_possible_truncation, reason = "the halves of a product")]
    fn from_days(days: u32) -> Self {
        let quarters = 4 * (days + DAYS_BEFORE_1970) + 3;
        let century = quarters / DAYS_PER_400_YEARS;
        let product = 2_939_745 * u64::from((quarters % DAYS_PER_400_YEARS) | 3);
        let year_of_century = (product >> 32) as u32;
        let day_of_year = product as u32 / 2_939_745 / 4;
        let month_and_day = 2_141 * day_of_year + 197_913;
        let month = month_and_day >> 16;
        let day = (month_and_day & 0xffff) / 2_141 + 1;
        let year = 100 * century + year_of_century;
        match month {
            13.. => Self { year: year + 1, month: month - 12, day },
            _ => Self { year, month, day },
        }
    }

    fn digits(&self) -> [u8; 8] {
        let [y1, y2, y3, y4] = four(self.year / 100, self.year % 100);
        let [m1, m2, d1, d2] = four(self.month, self.day);
        [y1, y2, y3, y4, m1, m2, d1, d2]
    }
}

fn month_name(month: u32) -> [u8; 3] {
    let (names, _) = b"JanFebMarAprMayJunJulAugSepOctNovDec".as_chunks();
    names.get(month.wrapping_sub(1) as usize).copied().unwrap_or_default()
}

/// The digits of two numbers below 100, side by side in one word.
fn four(first: u32, second: u32) -> [u8; 4] {
    let both = first | second << 16;
    let tens = ((both * 103) >> 10) & 0x000f_000f;
    let ones = both - tens * 10;
    (tens | ones << 8 | 0x3030_3030).to_le_bytes()
}

fn number(digits: &[u8; 2]) -> Result<u32, Error> {
    let [tens, ones] = digits;
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return Err(Error::MalformedTime);
    }
    Ok(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_instants() {
        for (seconds, basic, http_date) in [
            (0, "19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (951_782_399, "20000228T235959Z", "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "20000229T000000Z", "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_440_938_160, "20150830T123600Z", "Sun, 30 Aug 2015 12:36:00 GMT"),
            (4_107_542_399, "21000228T235959Z", "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "21000301T000000Z", "Mon, 01 Mar 2100 00:00:00 GMT"),
            (LAST, "99991231T235959Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            let instant = Timestamp::from_unix(seconds).unwrap();
            assert_eq!(instant.basic().as_str(), basic);
            assert_eq!(instant.http_date().as_str(), http_date);
            assert_eq!(Timestamp::parse(basic), Ok(instant));
            assert_eq!(Timestamp::parse_http_date(http_date), Ok(instant));
            assert_eq!(Timestamp::parse_http_date(&http_date.replace("GMT", "+0000")), Ok(instant));
        }
        assert_eq!(Timestamp::from_unix(LAST + 1), Err(Error::TimeOutOfRange));
    }

    #[test]
    fn refuses_what_is_no_instant() {
        for text in [
            "",
            "20150830",
            "20150830T123600",
            "20150830t123600Z",
            "20150229T000000Z",
            "20151301T000000Z",
            "20150832T000000Z",
            "20150830T240000Z",
            "20150830T126000Z",
            "2015083aT123600Z",
            "20150830T123660Z",
        ] {
            assert_eq!(Timestamp::parse(text), Err(Error::MalformedTime), "{text}");
        }
        for date in [
            "Sun, 30 Aug 2015 12:36:00 UTC",
            "Sun, 30 Aug 2015 12:36:00 +0001",
            "Sun, 30 Aug 2015 12:36:00 -0000",
            "Sun, 30 aug 2015 12:36:00 GMT",
            "Sun, 30 Feb 2015 12:36:00 GMT",
        ] {
            assert_eq!(Timestamp::parse_http_date(date), Err(Error::MalformedTime), "{date}");
        }
        assert_eq!(Timestamp::parse("19691231T235959Z"), Err(Error::TimeOutOfRange));
    }

    proptest! {
        #[test]
        fn parse_reads_what_basic_writes(seconds in 0..=LAST) {
            let instant = Timestamp::from_unix(seconds).unwrap();
            prop_assert_eq!(Timestamp::parse(instant.basic().as_str()), Ok(instant));
            prop_assert_eq!(Date::parse(instant.date().as_str()), Ok(instant.date()));
        }
    }
}
