//! Types of `awsauth-http`, `awsauth-reqwest` and `awsauth-ureq`.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_credentials::Credentials;
use awsauth_http::explain::Trace;
use awsauth_http::{
    Attempt, AwsChunked, ErrorResponse, FollowRedirects, Payload, PayloadHash, PostPolicy, Redirect, Retries,
    RetryAction, Scheme, Signer, SigningError, SigningLayer, SigningOverride, VerifyPolicy,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};

use super::{ENCODED_TOKEN, ID, SECRET, Shown, TOKEN, now};

const URL: &str = "https://bucket.s3.eu-west-1.amazonaws.com/key";
const MINUTE: Duration = Duration::from_secs(60);

fn clock() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(now().unix_seconds())
}

fn put() -> Request<Vec<u8>> {
    Request::put(URL).header("x-amz-meta-a", "1").body(Vec::new()).unwrap()
}

pub(super) fn plant(shown: &mut Shown) {
    let credentials = Credentials::new(ID, SECRET).with_session_token(TOKEN);
    let signer = Signer::new(credentials.clone()).clock(clock);
    for scheme in [Scheme::Sigv4, Scheme::Sigv4a, Scheme::S3Legacy, Scheme::Sigv2, Scheme::Sigv3] {
        let signer = match scheme {
            Scheme::Sigv2 | Scheme::Sigv3 => signer.clone().service("demo").region("eu-west-1"),
            _ => signer.clone().service("s3").region("eu-west-1"),
        };
        let signer = signer.scheme(scheme);
        let mut request = put();
        let signed = signer.sign_blocking(&mut request).unwrap();
        shown.secret(signed.signature().unwrap());
        shown.add("http::Signature", signed.signature());
        shown.add("http::Signed", &signed);
        // With keys and token in its cache.
        shown.add("http::Signer", &signer);
        shown.add("Attempt", Attempt::start(&signer, signed, &request));
        shown.add("Retries", Retries::new(signer.clone(), FollowRedirects::ToS3));
        shown.add("SigningLayer", SigningLayer::new(signer.clone()));
        shown.add("SigningOverride", SigningOverride::new().region("eu-west-1"));
        if let Ok(link) = signer.presign_blocking(&put(), MINUTE) {
            shown.secret(link.signed.signature().unwrap());
            shown.add("http::Presigned", &link);
        }
        let policy = PostPolicy::key("bucket", "key").field("acl", TOKEN).starts_with("b", TOKEN);
        shown.add("http::PostPolicy", &policy);
        if let Ok(form) = signer.sign_post_blocking(&URL.parse().unwrap(), &policy, MINUTE) {
            form.fields
                .iter()
                .filter(|(_, value)| value.len() > 60)
                .for_each(|(_, value)| shown.secret(value));
            shown.add("PostForm", &form);
        }
    }

    let mut request = put();
    signer.sign_blocking(&mut request).unwrap();
    shown.add("Trace", Trace::of(&request, &credentials));
    let policy = VerifyPolicy::new("s3", "eu-west-1");
    let verified = awsauth_http::verify(&request, &policy, clock(), |_| Some(SECRET)).unwrap();
    shown.add("http::Verified", &verified);

    let trailer = HeaderName::from_static("x-amz-checksum-crc32c");
    let chunked = AwsChunked::signed().trailer(trailer, HeaderValue::from_static("sOO8/Q=="));
    shown.add("AwsChunked", &chunked);
    shown.add("Payload", Payload::AwsChunked(chunked));
    shown.add("Payload", Payload::Sha256([7; 32]));

    answers(shown);
    errors(shown, &signer);
    adapters(shown, &credentials);
}

/// What a service says may repeat what it was sent.
fn answers(shown: &mut Shown) {
    let target =
        format!("https://bucket.s3.us-west-2.amazonaws.com/key?X-Amz-Security-Token={ENCODED_TOKEN}");
    let mut headers = HeaderMap::new();
    headers.insert("location", target.parse().unwrap());
    let body = format!(
        "<Error><Code>TemporaryRedirect</Code><Message>{TOKEN}</Message>\
         <Endpoint>bucket.s3.us-west-2.amazonaws.com</Endpoint></Error>"
    );
    let refusal = ErrorResponse::read(StatusCode::TEMPORARY_REDIRECT, &headers, body.as_bytes()).unwrap();
    shown.add("http::ErrorResponse", &refusal);
    let from =
        Request::put(format!("{URL}?X-Amz-Security-Token={ENCODED_TOKEN}")).body(Vec::<u8>::new()).unwrap();
    if let Some(redirect) = Redirect::of(&from, &refusal) {
        assert!(redirect.url().contains(ENCODED_TOKEN), "there is something to hide");
        shown.add("Redirect", &redirect);
        shown.add("RetryAction", RetryAction::FollowRedirect(redirect));
    }

    let body =
        format!("<Error><Code>{TOKEN}</Code><Region>{TOKEN}</Region><Endpoint>{TOKEN}</Endpoint></Error>");
    if let Some(refusal) = ErrorResponse::read(StatusCode::FORBIDDEN, &headers, body.as_bytes()) {
        shown.add("http::ErrorResponse", &refusal);
    }
}

fn errors(shown: &mut Shown, signer: &Signer) {
    let spoiled =
        Credentials::new(ID, format!("{SECRET}\n{SECRET}")).with_session_token(format!("{TOKEN}\n{TOKEN}"));
    let error = signer.sign_with(&spoiled, &mut put(), PayloadHash::EMPTY).unwrap_err();
    shown.error("SigningError", SigningError::<std::io::Error>::Sign(error.clone()));
    shown.error("http::Error", error);
    let elsewhere = format!("https://example.com/?X-Amz-Security-Token={ENCODED_TOKEN}");
    let mut request = Request::get(elsewhere).body(Vec::<u8>::new()).unwrap();
    shown.error("http::Error", signer.sign_blocking(&mut request).unwrap_err());
}

fn adapters(shown: &mut Shown, credentials: &Credentials) {
    let signer = awsauth_reqwest::Signer::new(credentials.clone());
    let client = reqwest::Client::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let link = runtime.block_on(signer.presign(client.put(URL), MINUTE)).unwrap();
    shown.secret(link.signed.signature().unwrap());
    shown.add("reqwest::Presigned", &link);
    shown.add("reqwest::Signer", &signer);
    // An error of the client has the URL in it.
    let url = format!("{URL}?X-Amz-Security-Token={ENCODED_TOKEN}");
    let broken = client.get(url).header("x", "\n");
    let error = runtime.block_on(signer.presign(broken, MINUTE)).unwrap_err();
    shown.error("reqwest::Error", error);

    shown.add("SigningMiddleware", awsauth_ureq::SigningMiddleware::new(Signer::new(credentials.clone())));
}
