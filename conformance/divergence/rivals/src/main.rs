//! Runs the divergence corpus through awsauth and through other signers, and prints the table.
//!
//! A rival is asked to sign the request as it stands. What it signed is then verified as AWS would, by
//! `awsauth_core::verify` with the rules that the corpus states: `same` says that it is accepted, `differs` that its
//! signature is another, `refuses` that the rival gave an error. Only cases of SigV4 are run.

mod aws_sigv4_signer;
mod reqsign_signer;
mod s3s_signer;

use std::process::ExitCode;

use awsauth_conformance::divergence::{Case, Right, SECRET_ACCESS_KEY, cases};
use awsauth_conformance::vectors::Scheme;
use awsauth_core::verify::{VerifyPolicy, Refusal};
use awsauth_core::{Header, Protocol, Request, Timestamp, sha256};

/// A request as a rival would have it sent.
struct Sent {
    host: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    /// Its own clock, where it cannot be told the time.
    time: String,
}

/// What came of a case.
#[derive(Clone, Copy)]
enum Verdict {
    Same,
    Differs,
    Refuses,
}

type Signer = fn(&Case) -> Result<Sent, String>;

const RIVALS: [(&str, Signer); 3] = [
    ("aws-sigv4", aws_sigv4_signer::sign),
    ("s3s-sigv4", s3s_signer::sign),
    ("reqsign-aws-v4", reqsign_signer::sign),
];

fn main() -> ExitCode {
    let cases = match cases() {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("cases.json: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("| case | grade | right | awsauth | {} |", RIVALS.map(|(name, _)| name).join(" | "));
    println!("|---|---|---|---|{}", "---|".repeat(RIVALS.len()));
    let mut all_right = true;
    for case in cases.iter().filter(|case| case.scheme == Scheme::V4) {
        let ours = case.right.agrees(&case.signed_text());
        all_right &= ours;
        let theirs = RIVALS.map(|(_, sign)| verdict(case, sign).as_str());
        println!(
            "| {} | {:?} | `{}` | {} | {} |",
            case.id,
            case.grade,
            answer(&case.right).replace('|', "\\|").replace('\t', "\\t"),
            if ours { "right" } else { "WRONG" },
            theirs.join(" | ")
        );
    }
    if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verdict(case: &Case, sign: Signer) -> Verdict {
    match sign(case) {
        Err(_) => Verdict::Refuses,
        Ok(sent) => match verify(case, &sent) {
            Ok(signed) if right_headers_are_signed(case, &signed) => Verdict::Same,
            _ => Verdict::Differs,
        },
    }
}

/// The names of the signed headers.
fn verify(case: &Case, sent: &Sent) -> Result<Vec<String>, Refusal> {
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    let protocol = if case.url.starts_with("http://") { Protocol::Http } else { Protocol::Https };
    let request = Request::new(&case.method, &sent.target, &sent.host).protocol(protocol).headers(&headers);
    let now = Timestamp::parse(&sent.time).map_err(|_| Refusal::MissingDate)?;
    let verified = VerifyPolicy::DEFAULT.verify(&request, Some(sha256(b"")), now, |_| Some(SECRET_ACCESS_KEY))?;
    let names = sent.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    Ok(names.filter(|name| verified.claim().is_signed(name)).collect())
}

/// Where the question is whether a request can be signed, or a header is, a valid signature is not the whole answer.
fn right_headers_are_signed(case: &Case, signed: &[String]) -> bool {
    match &case.right {
        Right::Refused(_) => false,
        Right::Unsigned(name) => !signed.contains(name),
        _ => true,
    }
}

fn answer(right: &Right) -> String {
    match right {
        Right::Headers(lines) => lines.join(", "),
        Right::Path(text) | Right::Query(text) | Right::StringToSign(text) => text.clone(),
        Right::Refused(error) => format!("refused: {error}"),
        Right::Unsigned(name) => format!("{name} is not signed"),
    }
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::Refuses => "refuses",
            Self::Same => "same",
        }
    }
}
