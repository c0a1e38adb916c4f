//! An instant, to the second, in UTC.

use super::Refusal;

/// An instant, to the second, in UTC; years 0000 to 9999.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Time {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
}

impl Time {
    /// Reads `YYYYMMDDTHHMMSSZ`.
    ///
    /// # Errors
    /// [`Refusal::BadTime`]: give that form and a date of the calendar; there are no leap seconds.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bytes = text.as_bytes();
        if bytes.len() != 16 || bytes.get(8) != Some(&b'T') || bytes.get(15) != Some(&b'Z') {
            return Err(Refusal::BadTime);
        }
        let time = Self {
            year: number(text.get(0..4))?,
            month: number(text.get(4..6))?,
            day: number(text.get(6..8))?,
            hour: number(text.get(9..11))?,
            minute: number(text.get(11..13))?,
            second: number(text.get(13..15))?,
        };
        let in_calendar =
            (1..=12).contains(&time.month) && (1..=days_in(time.year, time.month)).contains(&time.day);
        if in_calendar && time.hour < 24 && time.minute < 60 && time.second < 60 {
            Ok(time)
        } else {
            Err(Refusal::BadTime)
        }
    }

    /// `YYYYMMDD`.
    pub fn date(&self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// `YYYYMMDDTHHMMSSZ`.
    pub fn iso8601_basic(&self) -> String {
        format!("{}T{:02}{:02}{:02}Z", self.date(), self.hour, self.minute, self.second)
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn iso8601(&self) -> String {
        let Self { year, month, day, hour, minute, second } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// `Fri, 24 May 2013 00:00:00 GMT`.
    pub fn rfc1123(&self) -> String {
        const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let (weekday, month) = (self.days_since_1970().rem_euclid(7), self.month - 1);
        let weekday =
            WEEKDAYS.iter().zip(0..).find(|(_, index)| *index == weekday).map_or("", |(name, _)| *name);
        let month = MONTHS.iter().zip(0..).find(|(_, index)| *index == month).map_or("", |(name, _)| *name);
        let Self { year, day, hour, minute, second, .. } = self;
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    /// Milliseconds since 1970.
    pub fn unix_milliseconds(&self) -> i64 {
        let seconds = self.hour * 3600 + self.minute * 60 + self.second;
        (self.days_since_1970() * 86_400 + i64::from(seconds)) * 1000
    }

    fn days_since_1970(&self) -> i64 {
        let years: i64 = if self.year >= 1970 {
            (1970..self.year).map(days_in_year).sum()
        } else {
            -(self.year..1970).map(days_in_year).sum::<i64>()
        };
        let months: i64 = (1..self.month).map(|month| i64::from(days_in(self.year, month))).sum();
        years + months + i64::from(self.day) - 1
    }
}

fn number(digits: Option<&str>) -> Result<u32, Refusal> {
    let digits = digits.ok_or(Refusal::BadTime)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::BadTime);
    }
    digits.parse().map_err(|_| Refusal::BadTime)
}

fn days_in_year(year: u32) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_every_form() {
        let time = Time::parse("20000229T235959Z").unwrap();
        assert_eq!(time.date(), "20000229");
        assert_eq!(time.iso8601_basic(), "20000229T235959Z");
        assert_eq!(time.iso8601(), "2000-02-29T23:59:59Z");
        assert_eq!(time.rfc1123(), "Tue, 29 Feb 2000 23:59:59 GMT");
        assert_eq!(time.unix_milliseconds(), 951_868_799_000);
        assert_eq!(Time::parse("19691231T235959Z").unwrap().unix_milliseconds(), -1000);
        assert_eq!(Time::parse("19691231T235959Z").unwrap().rfc1123(), "Wed, 31 Dec 1969 23:59:59 GMT");
    }

    #[test]
    fn refuses_what_is_no_instant() {
        for text in
            ["", "20130524", "20130524T000000", "20130229T000000Z", "20131301T000000Z", "20130524T240000Z"]
        {
            assert_eq!(Time::parse(text), Err(Refusal::BadTime), "{text}");
        }
        assert_eq!(Time::parse("+013052T000000ZZ"), Err(Refusal::BadTime));
        assert_eq!(Time::parse("2013é24T000000Z"), Err(Refusal::BadTime));
    }
}
