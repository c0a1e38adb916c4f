//! Explains why S3 refuses a request: a client has turned `%2B` into `+` after signing, and S3 reads a space.
//!
//! `cargo run -p awsauth-http --features explain --example explain`

use std::time::SystemTime;

use awsauth_http::explain::Trace;
use awsauth_http::{Claim, Credentials, Signer, VerifyPolicy, verify};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", SECRET));
    let url = "https://bucket.s3.eu-central-1.amazonaws.com/?list-type=2&prefix=a%2Bb";
    let mut request = http::Request::get(url).body("")?;
    let signed = signer.sign_blocking(&mut request)?;
    let trace = Trace::of(&request, signed.credentials());

    *request.uri_mut() = url.replace("%2B", "+").parse()?;
    let response = storage(&request)?;

    println!("{}", trace.explain(&response));
    Ok(())
}

/// A server that returns what it compared, as S3 does.
fn storage(request: &http::Request<&str>) -> Result<http::Response<String>, http::Error> {
    let mut compared = String::new();
    let lookup = |claim: &Claim<'_>| {
        compared = format!(
            "<StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest>",
            claim.string_to_sign(),
            claim.canonical_request().to_string().replace('&', "&amp;"),
        );
        Some(SECRET)
    };
    match verify(request, &VerifyPolicy::new("s3", "eu-central-1"), SystemTime::now(), lookup) {
        Ok(_) => http::Response::builder().body(String::new()),
        Err(refusal) => http::Response::builder()
            .status(refusal.http_status())
            .body(format!("<Error><Code>{}</Code>{compared}</Error>", refusal.aws_error_code())),
    }
}
