//! `s3s-sigv4`, the signer inside a server for S3.

use core::hint::black_box;

use s3s_sigv4::{
    AmzDate, Payload, calculate_signature, create_canonical_request, create_presigned_canonical_request,
    create_string_to_sign,
};

use crate::case::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY, TIME};
use crate::contender::{Contender, Proof, Turns};

/// Its steps, one after the other.
#[derive(Debug)]
pub struct S3s<'c> {
    turns: Turns<'c>,
    date: AmzDate,
    jobs: Vec<Job<'c>>,
}

/// What its caller has to bring.
#[derive(Debug)]
struct Job<'c> {
    headers: Vec<(&'c str, &'c str)>,
    query: Vec<(String, String)>,
}

impl<'c> S3s<'c> {
    /// Over these cases.
    #[must_use]
    pub fn new(cases: &'c [Case]) -> Self {
        let date = AmzDate::parse(TIME).expect("a time");
        Self { turns: Turns::new(cases), date, jobs: cases.iter().map(Job::new).collect() }
    }

    fn sign(&mut self) -> String {
        let (place, case) = self.turns.next();
        let Job { headers, query } = black_box(&self.jobs[place]);
        let payload = case.body_sha256.map_or(Payload::Unsigned, Payload::SingleChunk);
        let canonical_request = match case.expires {
            Some(_) => create_presigned_canonical_request(case.method, case.path(), query, headers),
            None => create_canonical_request(case.method, case.path(), query, headers, payload),
        };
        let string_to_sign = create_string_to_sign(&canonical_request, &self.date, REGION, case.service);
        calculate_signature(&string_to_sign, SECRET_ACCESS_KEY, &self.date, REGION, case.service)
    }
}

impl Contender for S3s<'_> {
    fn name(&self) -> &'static str {
        "s3s-sigv4"
    }

    fn note(&self) -> &'static str {
        "the signature alone: its caller decodes the query, sorts headers, adds dates, hashes and tokens, and writes \
         the authorization or URL, all outside of the timing; derives the key each time"
    }

    fn run(&mut self) {
        black_box(self.sign());
    }

    fn proof(&mut self) -> Option<Proof> {
        Some(Proof { time: TIME.to_owned(), signature: self.sign() })
    }
}

impl<'c> Job<'c> {
    fn new(case: &'c Case) -> Self {
        let mut headers = case.headers.clone();
        let mut query = case.query_pairs();
        headers.push(("host", case.host));
        if let Some(expires) = case.expires {
            let date = &TIME[..8];
            let credential = format!("{ACCESS_KEY_ID}/{date}/{REGION}/{}/aws4_request", case.service);
            query.extend([
                ("X-Amz-Algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
                ("X-Amz-Credential".to_owned(), credential),
                ("X-Amz-Date".to_owned(), TIME.to_owned()),
                ("X-Amz-Expires".to_owned(), expires.to_string()),
                ("X-Amz-SignedHeaders".to_owned(), "host".to_owned()),
            ]);
        } else {
            headers.push(("x-amz-date", TIME));
            headers.push(("x-amz-content-sha256", case.body_sha256.unwrap_or("UNSIGNED-PAYLOAD")));
            headers.extend(case.token.map(|token| ("x-amz-security-token", token)));
        }
        headers.sort_unstable();
        Self { headers, query }
    }
}
