//! S3's scheme before Signature Version 4, and browsers' uploads, against a server that verifies them.

#![allow(clippy::unwrap_used, reason = "tests")]

mod live;

use core::time::Duration;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::awsauth_core::Error as CoreError;
use awsauth_http::{Credentials, Error, PostForm, PostPolicy, Scheme, Signer};
use http::{Method, StatusCode};
use live::Live;

const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const MINUTE: Duration = Duration::from_secs(60);
const KEY: &str = "reports/2026 Q3/résumé+final=v2 (a&b).txt";
const TARGET: &str = "/bucket/reports/2026%20Q3/r%C3%A9sum%C3%A9%2Bfinal=v2%20(a&b).txt";

async fn start() -> (S3Server, Live) {
    let server = S3Server::start(ACCESS_KEY_ID, SECRET).unwrap();
    let live = Live::at(server.endpoint());
    assert_eq!(live.signed(&sigv4(), Method::PUT, "/bucket", "").await.0, StatusCode::OK);
    (server, live)
}

fn sigv4() -> Signer {
    Signer::new(Credentials::new(ACCESS_KEY_ID, SECRET)).service("s3").region("us-east-1")
}

fn legacy() -> Signer {
    Signer::new(Credentials::new(ACCESS_KEY_ID, SECRET)).scheme(Scheme::S3Legacy)
}

fn wrong(signer: fn() -> Signer) -> Signer {
    let wrong = Signer::new(Credentials::new(ACCESS_KEY_ID, "wrong")).service("s3").region("us-east-1");
    let mut request = http::Request::get("http://127.0.0.1/").body(()).unwrap();
    wrong.scheme(signer().sign_blocking(&mut request).unwrap().scheme())
}

#[tokio::test]
async fn signed_in_the_header() {
    let (server, live) = start().await;
    let mut put = live.request(Method::PUT, TARGET, "content");
    put.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    put.headers_mut().insert("x-amz-meta-owner", " alice ".parse().unwrap());
    legacy().sign(&mut put).await.unwrap();
    let (status, body) = live.send(put.clone()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(fs::read_to_string(server.object("bucket", KEY)).unwrap(), "content");

    let (status, body) = live.signed(&legacy(), Method::GET, TARGET, "").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "content"));
    let overridden = format!("{TARGET}?response-content-type=text/html");
    assert_eq!(live.signed(&legacy(), Method::GET, &overridden, "").await.0, StatusCode::OK);
    assert_eq!(live.signed(&legacy(), Method::GET, "/bucket?location", "").await.0, StatusCode::OK);

    put.headers_mut().insert("x-amz-meta-owner", "eve".parse().unwrap());
    assert_eq!(live.send(put).await.0, StatusCode::FORBIDDEN);
    let (status, body) = live.signed(&wrong(legacy), Method::GET, TARGET, "").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{body}");
}

#[tokio::test]
async fn presigned() {
    let (server, live) = start().await;
    let mut put = live.request(Method::PUT, TARGET, "");
    put.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    let link = legacy().presign(&put, MINUTE).await.unwrap();
    let (status, body) = live.follow(&link, "content").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(fs::read_to_string(server.object("bucket", KEY)).unwrap(), "content");

    let link = legacy().presign(&live.request(Method::GET, TARGET, ""), MINUTE).await.unwrap();
    assert_eq!(live.follow(&link, "").await, (StatusCode::OK, "content".to_owned()));
    let mut delete = link.clone();
    delete.method = Method::DELETE;
    assert_eq!(live.follow(&delete, "").await.0, StatusCode::FORBIDDEN);
    let other = link.url.to_string().replace("final", "draft").parse().unwrap();
    let mut changed = link;
    changed.url = other;
    assert_eq!(live.follow(&changed, "").await.0, StatusCode::FORBIDDEN);

    let an_hour_ago = SystemTime::now() - Duration::from_secs(3_600);
    let get = live.request(Method::GET, TARGET, "");
    let expired = legacy().clock(move || an_hour_ago).presign(&get, MINUTE).await.unwrap();
    let (status, body) = live.follow(&expired, "").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("expired"), "{body}");
    let strange = wrong(legacy).presign(&get, MINUTE).await.unwrap();
    assert_eq!(live.follow(&strange, "").await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn posted_with_sigv4() {
    posted(sigv4).await;
}

#[tokio::test]
async fn posted_with_the_older_scheme() {
    posted(legacy).await;
}

async fn posted(signer: fn() -> Signer) {
    let (server, live) = start().await;
    let policy = PostPolicy::key("bucket", "photos/é \"1\".png")
        .field("x-amz-meta-owner", "alice")
        .starts_with("Content-Type", "image/")
        .content_length_range(1..=16);
    let action = format!("{}/bucket", server.endpoint()).parse().unwrap();
    let sign = |signer: Signer| signer.sign_post_blocking(&action, &policy, MINUTE).unwrap();
    let object = server.object("bucket", "photos/é \"1\".png");
    let image = [("Content-Type", "image/png")];

    // What the policy does not allow, and what it was not signed for.
    let form = sign(signer());
    assert!(!live.post(&form, &image, "more than sixteen bytes").await.0.is_success());
    assert!(!live.post(&form, &[("Content-Type", "text/html")], "content").await.0.is_success());
    let strange = live.post(&sign(wrong(signer)), &image, "content").await;
    assert_eq!(strange.0, StatusCode::FORBIDDEN, "{}", strange.1);
    let mut changed = form.clone();
    changed.fields.iter_mut().filter(|(name, _)| name == "key").for_each(|(_, key)| *key = "other".into());
    assert!(!live.post(&changed, &image, "content").await.0.is_success());
    assert!(!object.exists() && !server.object("bucket", "other").exists());

    let (status, body) = live.post(&form, &image, "content").await;
    assert!(status.is_success(), "{status}: {body}");
    assert_eq!(fs::read_to_string(&object).unwrap(), "content");
}

#[tokio::test]
async fn posted_too_late() {
    let (server, live) = start().await;
    let policy = PostPolicy::key("bucket", "late");
    let action = format!("{}/bucket", server.endpoint()).parse().unwrap();
    let ten_minutes_ago = whole_seconds(SystemTime::now()) - Duration::from_secs(600);
    for signer in [sigv4(), legacy()] {
        let signer = signer.clock(move || ten_minutes_ago);
        let form: PostForm = signer.sign_post_blocking(&action, &policy, MINUTE).unwrap();
        assert_eq!(form.expires_at, ten_minutes_ago + MINUTE);
        assert!(!live.post(&form, &[], "content").await.0.is_success());
        assert!(!server.object("bucket", "late").exists());
        let refused = signer.sign_post_blocking(&action, &policy, Duration::ZERO).unwrap_err();
        assert_eq!(refused, Error::Request(CoreError::ExpiryInPast));
    }
}

fn whole_seconds(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(time.duration_since(UNIX_EPOCH).unwrap().as_secs())
}
