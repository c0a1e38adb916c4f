//! `rusty-s3`, which presigns.

use core::hint::black_box;
use core::iter;

use jiff::Timestamp;
use rusty_s3::Method;
use rusty_s3::signing::sign;
use url::Url;

use crate::case::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY, TIME, UNIX_TIME};
use crate::contender::{Contender, Proof, Turns, between};

/// Its function for any URL: its actions do this and build the URL too.
#[derive(Debug)]
pub struct RustyS3<'c> {
    turns: Turns<'c>,
    time: Timestamp,
    templates: Vec<Url>,
    unsigned: Vec<Url>,
}

impl<'c> RustyS3<'c> {
    /// Over these cases, which are presigned GETs without a query.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        let time = Timestamp::from_second(UNIX_TIME.cast_signed()).expect("a time");
        let templates = cases.iter().map(|case| case.url().parse().expect("a URL")).collect();
        Self { turns: Turns::new(cases), time, templates, unsigned: Vec::new() }
    }

    fn sign(&mut self) -> Url {
        let (_, case) = self.turns.next();
        let url = self.unsigned.pop().expect("as many as were prepared");
        let expires = case.expires.unwrap_or_default().into();
        sign(
            black_box(&self.time),
            Method::Get,
            url,
            ACCESS_KEY_ID,
            SECRET_ACCESS_KEY,
            case.token,
            REGION,
            expires,
            iter::empty(),
            iter::empty(),
        )
    }
}

impl Contender for RustyS3<'_> {
    fn name(&self) -> &'static str {
        "rusty-s3"
    }

    fn note(&self) -> &'static str {
        "a parsed URL to a presigned one; parsing is not timed; derives the key each time"
    }

    fn prepare(&mut self, jobs: usize) {
        let start = self.turns.place();
        self.unsigned = self.templates.iter().cycle().skip(start).take(jobs).cloned().collect();
        self.unsigned.reverse();
    }

    fn run(&mut self) {
        black_box(self.sign());
    }

    fn proof(&mut self) -> Option<Proof> {
        let url = self.sign();
        let signature = between(url.as_str(), "X-Amz-Signature=", '&');
        Some(Proof { time: TIME.to_owned(), signature })
    }
}
