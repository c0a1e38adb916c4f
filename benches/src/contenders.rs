//! The contenders, a file each.

pub mod aws_sigv4;
pub mod awsauth;
pub mod awsauth_http;
pub mod floor;
pub mod reqsign;
pub mod rusty_s3;
#[cfg(s3s_sigv4)]
pub mod s3s;
pub mod stream;

use crate::case::Case;
use crate::contender::{Proof, between};

/// A case as the request of a client.
fn http_request(case: &Case) -> http::Request<()> {
    let mut request = http::Request::builder().method(case.method).uri(case.url());
    for (name, value) in &case.headers {
        request = request.header(*name, *value);
    }
    request.body(()).expect("a well-formed request")
}

/// Read from a signed request.
fn proof_of<B>(request: &http::Request<B>) -> Proof {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let query = request.uri().query().unwrap_or_default();
    if query.contains("X-Amz-Signature=") {
        Proof { time: between(query, "X-Amz-Date=", '&'), signature: between(query, "X-Amz-Signature=", '&') }
    } else {
        let signature = between(header("authorization"), "Signature=", '\n');
        Proof { time: header("x-amz-date").to_owned(), signature }
    }
}
