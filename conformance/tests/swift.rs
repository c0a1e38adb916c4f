//! Against OpenStack Swift's `s3api`: `eval "$(conformance/servers/start swift)"`, then this. Without that it says so, and
//! shows nothing.

#![allow(clippy::unwrap_used, reason = "tests")]

mod live;

use core::time::Duration;
use std::env;
use std::io::{self, Write as _};
use std::time::SystemTime;

use awsauth_http::{Credentials, Scheme, Signer};
use http::{Method, StatusCode};
use live::Live;

const MINUTE: Duration = Duration::from_secs(60);
const SCHEMES: [Scheme; 2] = [Scheme::Sigv4, Scheme::S3Legacy];

/// What `s3api` and its clients each write in their own way.
const OBJECT: &str = "/2026%20Q3/r%C3%A9sum%C3%A9%2Bfinal%3Dv2%20%28a%26b%29.txt";

struct Swift {
    live: Live,
    region: String,
    /// The access key, then one whose secret has `/`, `+` and `=`.
    credentials: [Credentials; 2],
}

/// The server, if there is one.
fn swift() -> Option<Swift> {
    let Ok(url) = env::var("AWSAUTH_SWIFT_URL") else {
        // Straight to the terminal: what a test that passes prints is not shown.
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        let _ =
            writeln!(io::stderr(), "{name} NOT RUN: no AWSAUTH_SWIFT_URL, see conformance/servers/README.md");
        return None;
    };
    let set = |name: &str| env::var(format!("AWSAUTH_SWIFT_{name}")).unwrap();
    let credentials = ["", "ODD_"].map(|which| {
        let [id, secret] = ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY"].map(|name| set(&format!("{which}{name}")));
        Credentials::new(id, secret)
    });
    Some(Swift { live: Live::at(url), region: set("REGION"), credentials })
}

impl Swift {
    fn signer(&self, scheme: Scheme) -> Signer {
        self.signer_of(&self.credentials[0], scheme)
    }

    fn signer_of(&self, credentials: &Credentials, scheme: Scheme) -> Signer {
        Signer::new(credentials.clone()).service("s3").region(self.region.clone()).scheme(scheme)
    }

    /// A bucket of the test's own, there from the run before perhaps.
    async fn bucket(&self, name: &str, signer: &Signer) {
        let (status, body) = self.live.signed(signer, Method::PUT, &format!("/{name}"), "").await;
        assert!(status == StatusCode::OK || body.contains("BucketAlreadyOwnedByYou"), "{status}: {body}");
    }
}

#[tokio::test]
async fn signed_in_the_header() {
    let Some(swift) = swift() else { return };
    for (which, credentials) in swift.credentials.iter().enumerate() {
        for scheme in SCHEMES {
            let signer = swift.signer_of(credentials, scheme);
            let bucket = format!("header-{which}-{}", scheme as u8);
            swift.bucket(&bucket, &signer).await;
            let target = format!("/{bucket}{OBJECT}");
            let mut put = swift.live.request(Method::PUT, &target, "content");
            put.headers_mut().insert("content-type", "text/plain".parse().unwrap());
            put.headers_mut().insert("x-amz-meta-owner", " alice  and bob ".parse().unwrap());
            let signed = signer.sign(&mut put).await.unwrap();
            assert_eq!(signed.scheme(), scheme);
            let (status, body) = swift.live.send(put.clone()).await;
            assert_eq!(status, StatusCode::OK, "{scheme:?}: {body}");
            let (status, body) = swift.live.signed(&signer, Method::GET, &target, "").await;
            assert_eq!((status, body.as_str()), (StatusCode::OK, "content"), "{scheme:?}");
            let listing = format!("/{bucket}?prefix=2026%20Q3%2F&max-keys=1");
            let (status, body) = swift.live.signed(&signer, Method::GET, &listing, "").await;
            assert_eq!(status, StatusCode::OK, "{scheme:?}: {body}");
            assert!(body.contains("résumé+final=v2 (a&amp;b).txt"), "{scheme:?}: {body}");

            put.headers_mut().insert("x-amz-meta-owner", "eve".parse().unwrap());
            let (status, body) = swift.live.send(put).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{scheme:?}: {body}");
            assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{scheme:?}: {body}");
        }
    }
}

#[tokio::test]
async fn presigned() {
    let Some(swift) = swift() else { return };
    for scheme in SCHEMES {
        let signer = swift.signer(scheme);
        let bucket = format!("presigned-{}", scheme as u8);
        swift.bucket(&bucket, &signer).await;
        let target = format!("/{bucket}{OBJECT}");
        let put = swift.live.request(Method::PUT, &target, "");
        let link = signer.presign(&put, MINUTE).await.unwrap();
        let (status, body) = swift.live.follow(&link, "content").await;
        assert_eq!(status, StatusCode::OK, "{scheme:?}: {body}");
        let get = swift.live.request(Method::GET, &target, "");
        let link = signer.presign(&get, MINUTE).await.unwrap();
        let answer = swift.live.follow(&link, "").await;
        assert_eq!(answer, (StatusCode::OK, "content".to_owned()), "{scheme:?}");

        let an_hour_ago = SystemTime::now() - 60 * MINUTE;
        let expired = signer.clone().clock(move || an_hour_ago).presign(&get, MINUTE).await.unwrap();
        let (status, body) = swift.live.follow(&expired, "").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{scheme:?}: {body}");
        let stranger =
            Credentials::new(signer.provider().provide_blocking().unwrap().access_key_id(), "wrong");
        let wrong = swift.signer_of(&stranger, scheme).presign(&get, MINUTE).await.unwrap();
        let (status, body) = swift.live.follow(&wrong, "").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{scheme:?}: {body}");
        assert!(body.contains("<Code>SignatureDoesNotMatch</Code>"), "{scheme:?}: {body}");
    }
}

#[tokio::test]
async fn skewed_clock() {
    let Some(swift) = swift() else { return };
    for scheme in SCHEMES {
        let signer = swift.signer(scheme);
        swift.bucket("skewed", &signer).await;
        let now = SystemTime::now();
        for (clock, status) in [
            (now - 10 * MINUTE, StatusCode::OK),
            (now + 10 * MINUTE, StatusCode::OK),
            (now - 20 * MINUTE, StatusCode::FORBIDDEN),
            (now + 20 * MINUTE, StatusCode::FORBIDDEN),
        ] {
            let signer = signer.clone().clock(move || clock);
            let (answer, body) = swift.live.signed(&signer, Method::GET, "/skewed", "").await;
            assert_eq!(answer, status, "{scheme:?}: {body}");
            let too_skewed = body.contains("<Code>RequestTimeTooSkewed</Code>");
            assert_eq!(too_skewed, status == StatusCode::FORBIDDEN, "{scheme:?}: {body}");
        }
    }
}

#[tokio::test]
async fn wrong_region() {
    let Some(swift) = swift() else { return };
    swift.bucket("region", &swift.signer(Scheme::Sigv4)).await;
    let elsewhere = swift.signer(Scheme::Sigv4).region("ap-south-2");
    let (status, body) = swift.live.signed(&elsewhere, Method::GET, "/region", "").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert!(body.contains("<Code>AuthorizationHeaderMalformed</Code>"), "{body}");
    assert!(body.contains(&format!("<Region>{}</Region>", swift.region)), "{body}");

    // The older scheme has no region to be wrong.
    let elsewhere = swift.signer(Scheme::S3Legacy).region("ap-south-2");
    let (status, body) = swift.live.signed(&elsewhere, Method::GET, "/region", "").await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

/// The host that is signed is S3's own, and the one that is connected to is not.
#[tokio::test]
async fn virtual_hosts() {
    let Some(swift) = swift() else { return };
    swift.bucket("virtual", &swift.signer(Scheme::Sigv4)).await;
    for host in ["virtual.s3.amazonaws.com".to_owned(), format!("virtual.s3.{}.amazonaws.com", swift.region)]
    {
        for scheme in SCHEMES {
            let signer = swift.signer(scheme).signed_host(host.clone());
            let (status, body) = swift.live.signed(&signer, Method::PUT, OBJECT, &host).await;
            assert_eq!(status, StatusCode::OK, "{host}, {scheme:?}: {body}");
            let get = swift.live.request(Method::GET, OBJECT, "");
            let link = signer.presign(&get, MINUTE).await.unwrap();
            assert_eq!(link.url.host(), Some(&*host));
            let answer = swift.live.follow(&link, "").await;
            assert_eq!(answer, (StatusCode::OK, host.clone()), "{scheme:?}");

            // The same object, path-style.
            let by_path = swift.signer(scheme);
            let target = format!("/virtual{OBJECT}");
            let answer = swift.live.signed(&by_path, Method::GET, &target, "").await;
            assert_eq!(answer, (StatusCode::OK, host.clone()), "{scheme:?}");
        }
    }
}
