//! What signing in place takes from the heap: one allocation for each header value that it stores, and no more. Values that
//! are the same each time cost none.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::hint::black_box;

use allocation_counter::measure;
use awsauth_http::{Credentials, Signer};
use http::{HeaderName, Request};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(black_box(Box::new(1)))).count_total, 1);
}

#[test]
fn one_for_each_value_that_is_stored() {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    // x-amz-content-sha256, x-amz-date and authorization.
    assert_eq!(allocations(&Signer::new(credentials.clone()), 5), 3);
    // Not x-amz-security-token, short or long, which all requests share.
    for length in [100, 4 * 1024] {
        let temporary = credentials.clone().with_session_token("t".repeat(length));
        assert_eq!(allocations(&Signer::new(temporary), 5), 3, "token of {length}");
    }
    // And a list of the headers, where they are too many for the stack.
    assert_eq!(allocations(&Signer::new(credentials.clone()), 31), 3);
    assert_eq!(allocations(&Signer::new(credentials.clone()), 40), 4);
    // And host.
    assert_eq!(
        allocations(&Signer::new(credentials.clone()).signed_host("sqs.eu-west-1.amazonaws.com"), 5),
        4
    );
    let named = Signer::new(credentials).service("sqs").region("eu-west-1").content_sha256_header(false);
    assert_eq!(allocations(&named, 5), 2);
}

/// Allocations of signing a request with so many headers, by a signer that has its key, when it is first signed and
/// when it is signed anew.
fn allocations(signer: &Signer, headers: usize) -> u64 {
    let mut request =
        Request::get("https://sqs.eu-west-1.amazonaws.com/?Action=ListQueues").body("body").unwrap();
    for number in 0..headers {
        let name: HeaderName = format!("x-amz-meta-{number}").parse().unwrap();
        request.headers_mut().insert(name, "value".parse().unwrap());
    }
    // The map has room for what signing adds.
    request.headers_mut().reserve(16);
    signer.sign_blocking(&mut request.clone()).unwrap();
    let mut sign = || measure(|| drop(black_box(signer.sign_blocking(&mut request)))).count_total;
    let (first, again) = (sign(), sign());
    assert!(request.headers().contains_key("authorization"));
    // Headers that are there already may take the place on the stack of those that were not.
    assert!(headers + 4 > 32 || first == again, "{first}, then {again}");
    first
}
