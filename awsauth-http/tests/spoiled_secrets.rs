//! What happens to a secret on its way: blanks around it are dropped, and what is wrong with it otherwise is refused by
//! every scheme, never signed with.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::Error::{
    MalformedAccessKeyId, MalformedSecretAccessKey, MalformedSessionToken,
};
use awsauth_http::{Credentials, Error, PostPolicy, Scheme, Signer};
use http::Request;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const MINUTE: Duration = Duration::from_secs(60);

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_440_938_160)
}

/// Everything that is signed with these, as text.
fn everything(credentials: &Credentials) -> Vec<(&'static str, Result<String, Error>)> {
    let signer = |scheme| Signer::new(credentials.clone()).scheme(scheme).region("us-east-1").clock(now);
    let header = |scheme, url: &str| {
        let mut request = Request::get(url).body(Vec::<u8>::new()).unwrap();
        signer(scheme)
            .sign_blocking(&mut request)
            .map(|_| format!("{} {:?}", request.uri(), request.headers()))
    };
    let presigned = |scheme, url: &str| {
        let request = Request::get(url).body(Vec::<u8>::new()).unwrap();
        signer(scheme).presign_blocking(&request, MINUTE).map(|link| link.url.to_string())
    };
    let form = |scheme| {
        let policy = PostPolicy::key("bucket", "k");
        let action = "https://bucket.s3.us-east-1.amazonaws.com/".parse().unwrap();
        signer(scheme).sign_post_blocking(&action, &policy, MINUTE).map(|form| format!("{:?}", form.fields))
    };
    let (s3, sdb) =
        ("https://bucket.s3.us-east-1.amazonaws.com/k", "https://sdb.amazonaws.com/?Action=ListDomains");
    vec![
        ("SigV4", header(Scheme::Sigv4, s3)),
        ("SigV4, presigned", presigned(Scheme::Sigv4, s3)),
        ("SigV4, form", form(Scheme::Sigv4)),
        ("SigV2", header(Scheme::Sigv2, sdb)),
        ("SigV3", header(Scheme::Sigv3, "https://route53.amazonaws.com/2012-12-12/hostedzone")),
        #[cfg(feature = "s3-legacy")]
        ("S3", header(Scheme::S3Legacy, s3)),
        #[cfg(feature = "s3-legacy")]
        ("S3, presigned", presigned(Scheme::S3Legacy, s3)),
        #[cfg(feature = "s3-legacy")]
        ("S3, form", form(Scheme::S3Legacy)),
        #[cfg(feature = "sigv4a")]
        ("SigV4A", header(Scheme::Sigv4a, s3)),
        #[cfg(feature = "sigv4a")]
        ("SigV4A, presigned", presigned(Scheme::Sigv4a, s3)),
    ]
}

#[test]
fn blanks_around_change_nothing() {
    let clean = everything(&Credentials::new(ID, SECRET));
    for (name, result) in &clean {
        assert!(result.is_ok(), "{name}: {result:?}");
    }
    for spoiled in
        [format!("{SECRET}\n"), format!("{SECRET}\r\n"), format!(" {SECRET}\t"), format!("\n{SECRET}")]
    {
        for id in [ID, "AKIDEXAMPLE\n", " AKIDEXAMPLE"] {
            assert_eq!(everything(&Credentials::new(id, spoiled.as_str())), clean, "{id:?} {spoiled:?}");
        }
    }
}

#[test]
fn what_no_key_can_be_is_refused() {
    let with_token = |token: &str| Credentials::new(ID, SECRET).with_session_token(token);
    for (credentials, error) in [
        (Credentials::new(ID, ""), MalformedSecretAccessKey),
        (Credentials::new(ID, " \n"), MalformedSecretAccessKey),
        (Credentials::new(ID, "wJalrXUt\nnFEMI"), MalformedSecretAccessKey),
        (Credentials::new(ID, "wJalrXUt\0nFEMI"), MalformedSecretAccessKey),
        (Credentials::new(ID, "wJalrXUtnFEMI\u{7f}"), MalformedSecretAccessKey),
        (Credentials::new("", SECRET), MalformedAccessKeyId),
        (Credentials::new("AKID EXAMPLE", SECRET), MalformedAccessKeyId),
        (Credentials::new("AKID\nEXAMPLE", SECRET), MalformedAccessKeyId),
        (with_token(""), MalformedSessionToken),
        (with_token(" \n"), MalformedSessionToken),
        (with_token("one\r\ntwo"), MalformedSessionToken),
    ] {
        for (name, result) in everything(&credentials) {
            assert_eq!(result, Err(Error::Request(error)), "{name}, {credentials:?}");
        }
    }
}
