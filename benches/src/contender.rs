//! What is compared, and the check that all of them do the same.

use core::fmt;

use crate::case::{Case, Group};
use crate::contenders::{aws_sigv4, awsauth, awsauth_http, floor, reqsign, rusty_s3};

/// A signer, or the floor under all signers.
pub trait Contender {
    /// As it stands in the table.
    fn name(&self) -> &'static str;

    /// Where its job is smaller than awsauth's, or part of it is not timed.
    fn note(&self) -> &'static str;

    /// Whether the key is derived in every job.
    fn derives(&self) -> bool {
        true
    }

    /// Makes what the next `jobs` jobs use up, outside of the timing.
    fn prepare(&mut self, jobs: usize) {
        let _ = jobs;
    }

    /// One job: signs the next case of its group.
    fn run(&mut self);

    /// One more job, and its signature; `None` of what is no signer.
    fn proof(&mut self) -> Option<Proof>;
}

/// What a job made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The instant of signing, as in `x-amz-date`.
    pub time: String,
    /// 64 hex digits.
    pub signature: String,
}

/// A contender gave another signature than awsauth: its numbers would be worth nothing.
#[derive(Debug)]
pub struct Disagreement {
    contender: &'static str,
    group: &'static str,
    theirs: Proof,
    ours: String,
}

/// All that can sign `group`, each shown to give the signatures that awsauth gives.
///
/// # Errors
/// [`Disagreement`] names the first contender that does not.
pub fn field(group: &Group) -> Result<Vec<Box<dyn Contender + '_>>, Disagreement> {
    let cases = &group.cases;
    let presigned = cases.iter().all(|case| case.expires.is_some());
    let mut field: Vec<Box<dyn Contender + '_>> = vec![
        Box::new(floor::Floor::new(cases, floor::Key::Derived)),
        Box::new(floor::Floor::new(cases, floor::Key::Prepared)),
        Box::new(awsauth::Awsauth::new(cases)),
        Box::new(awsauth::AwsauthCached::new(cases)),
        Box::new(awsauth_http::AwsauthHttp::new(cases)),
        Box::new(aws_sigv4::AwsSigv4::new(cases)),
        Box::new(aws_sigv4::Applied::new(cases)),
        Box::new(reqsign::Reqsign::new(cases)),
    ];
    #[cfg(s3s_sigv4)]
    field.push(Box::new(crate::contenders::s3s::S3s::new(cases)));
    if presigned {
        field.push(Box::new(rusty_s3::RustyS3::new(cases)));
    }
    for contender in &mut field {
        prove(group, contender.as_mut())?;
    }
    Ok(field)
}

fn prove(group: &Group, contender: &mut dyn Contender) -> Result<(), Disagreement> {
    contender.prepare(group.cases.len());
    for case in &group.cases {
        let Some(theirs) = contender.proof() else { return Ok(()) };
        let ours = awsauth::signature(case, &theirs.time);
        if ours != theirs.signature {
            return Err(Disagreement { contender: contender.name(), group: group.name, theirs, ours });
        }
    }
    Ok(())
}

/// The cases of a group, round and round.
#[derive(Debug)]
pub(crate) struct Turns<'c> {
    cases: &'c [Case],
    next: usize,
}

impl<'c> Turns<'c> {
    pub(crate) fn new(cases: &'c [Case]) -> Self {
        Self { cases, next: 0 }
    }

    /// The place of the next case.
    pub(crate) fn place(&self) -> usize {
        self.next
    }

    /// The next case.
    pub(crate) fn peek(&self) -> &'c Case {
        &self.cases[self.next]
    }

    /// The next case, and its place.
    #[inline]
    pub(crate) fn next(&mut self) -> (usize, &'c Case) {
        let place = self.next;
        self.next = if place + 1 < self.cases.len() { place + 1 } else { 0 };
        (place, &self.cases[place])
    }
}

/// The value of `name=` up to the next `end`, in a URL or a header.
pub(crate) fn between(text: &str, name: &str, end: char) -> String {
    let rest = text.split_once(name).map(|(_, rest)| rest).unwrap_or_default();
    rest.split(end).next().unwrap_or_default().to_owned()
}

impl Disagreement {
    /// With an example of AWS's documentation.
    pub(crate) fn with_aws(group: &'static str, theirs: &str, ours: String) -> Self {
        let theirs = Proof { time: "20130524T000000Z".to_owned(), signature: theirs.to_owned() };
        Self { contender: "AWS's documentation", group, theirs, ours }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { contender, group, theirs, ours } = self;
        write!(
            f,
            "{contender} signs {group} at {} to {}, awsauth to {ours}: not the same job, nothing is measured",
            theirs.time, theirs.signature
        )
    }
}

impl core::error::Error for Disagreement {}
