//! Presigned URLs: what they say, when they end, and what goes with them.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::SystemTime;

use awsauth_http::{Credentials, Error, SignedHeaders, Signer, TokenPlacement, awsauth_core};
use http::{HeaderValue, Method, Request};

const NOW: u64 = 1_440_938_160;

fn at(unix_seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(unix_seconds)
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
}

fn signer(credentials: Credentials) -> Signer {
    Signer::new(credentials).clock(|| at(NOW))
}

const MINUTE: Duration = Duration::from_secs(60);

/// AWS: "Authenticating Requests: Using Query Parameters", the example.
#[tokio::test]
async fn known_answer() {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    let signer = Signer::new(credentials).region("us-east-1").clock(|| at(1_369_353_600));
    let request = Request::get("https://examplebucket.s3.amazonaws.com/test.txt").body(()).unwrap();
    let link = signer.presign(&request, Duration::from_secs(86_400)).await.unwrap();
    let expected = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
        &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert_eq!(link.url, expected);
    assert_eq!(link.method, Method::GET);
    assert!(link.headers.is_empty());
    assert_eq!(link.expires_at, at(1_369_353_600 + 86_400));
    let blocking = signer.presign_blocking(&request, Duration::from_secs(86_400)).unwrap();
    assert_eq!(blocking.url, link.url);
}

#[test]
fn it_ends_with_its_credentials() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    for (credentials_end, expected) in
        [(Some(NOW + 30), 30), (Some(NOW + 60), 60), (Some(NOW + 90), 60), (None, 60)]
    {
        let credentials = credentials().with_session_token("token");
        let credentials = match credentials_end {
            Some(end) => credentials.with_expiry(at(end)),
            None => credentials,
        };
        let link = signer(credentials).presign_blocking(&request, MINUTE).unwrap();
        assert_eq!(link.expires_at, at(NOW + expected), "{credentials_end:?}");
        assert!(link.url.query().unwrap().contains("&X-Amz-Expires=60&X-Amz-Security-Token=token&"));
    }
    for end in [NOW, NOW - 1] {
        let expired = signer(credentials().with_expiry(at(end)));
        assert_eq!(expired.presign_blocking(&request, MINUTE).map(|_| ()), Err(Error::ExpiredCredentials));
    }
}

#[test]
fn it_lives_for_whole_seconds_of_a_week() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    let presign = |expires| signer(credentials()).presign_blocking(&request, expires);
    let out_of_range = Err(Error::Request(awsauth_core::Error::ExpiryOutOfRange));
    for seconds in [0, 604_801, u64::from(u32::MAX) + 61, u64::MAX] {
        assert_eq!(presign(Duration::from_secs(seconds)).map(|_| ()), out_of_range, "{seconds}");
    }
    assert_eq!(presign(Duration::MAX).map(|_| ()), out_of_range);
    assert_eq!(presign(Duration::from_millis(999)).map(|_| ()), out_of_range);
    for seconds in [1, 604_800] {
        assert_eq!(presign(Duration::from_secs(seconds)).unwrap().expires_at, at(NOW + seconds));
    }
    // The URL says one second, so that is what it lives for.
    let link = presign(Duration::from_millis(1_999)).unwrap();
    assert!(link.url.query().unwrap().contains("&X-Amz-Expires=1&"));
    assert_eq!(link.expires_at, at(NOW + 1));
}

#[test]
fn signed_headers_come_with_it() {
    let mut request = Request::put("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    for (name, value) in [
        ("x-amz-meta-a", "1"),
        ("x-amz-meta-a", "2"),
        ("content-type", "text/plain"),
        ("range", "bytes=0-9"),
        ("user-agent", "any"),
        ("host", "bucket.s3.eu-west-1.amazonaws.com"),
        ("authorization", "old"),
        ("x-amz-date", "old"),
        ("x-amz-security-token", "old"),
    ] {
        request.headers_mut().append(name, HeaderValue::from_static(value));
    }
    let before = request.headers().clone();
    let signer = signer(credentials()).signed_headers(SignedHeaders::EssentialAnd(&["range"]));
    let link = signer.presign_blocking(&request, MINUTE).unwrap();
    let query = link.url.query().unwrap();
    assert!(query.contains("&X-Amz-SignedHeaders=content-type%3Bhost%3Brange%3Bx-amz-meta-a&"), "{query}");
    let mut headers: Vec<_> =
        link.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    let expected = [
        ("content-type", "text/plain"),
        ("range", "bytes=0-9"),
        ("x-amz-meta-a", "1"),
        ("x-amz-meta-a", "2"),
    ];
    assert_eq!(headers, expected);
    assert_eq!(request.headers(), &before);
}

/// What is left out of a signature, whoever holds the URL leaves out: `if-none-match: *` or a length.
#[test]
fn every_header_that_the_caller_puts_on_it_is_signed() {
    let mut request = Request::put("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    let meant = [
        ("cache-control", "no-store"),
        ("content-length", "200"),
        ("if-none-match", "*"),
        ("range", "bytes=0-9"),
        ("x-amz-acl", "private"),
        ("x-k8s-aws-id", "cluster"),
    ];
    let changed_on_the_way = [
        "accept-encoding",
        "connection",
        "expect",
        "forwarded",
        "keep-alive",
        "max-forwards",
        "proxy-authorization",
        "proxy-connection",
        "sec-websocket-key",
        "te",
        "traceparent",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "x-amzn-trace-id",
        "x-forwarded-for",
    ];
    for (name, value) in meant {
        request.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    for name in changed_on_the_way {
        request.headers_mut().insert(name, HeaderValue::from_static("any"));
    }
    request.headers_mut().insert("host", HeaderValue::from_static("bucket.s3.eu-west-1.amazonaws.com"));
    let sorted = |headers: &http::HeaderMap| {
        let mut headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        headers
    };
    let link = signer(credentials()).presign_blocking(&request, MINUTE).unwrap();
    let names =
        "cache-control;content-length;host;if-none-match;range;x-amz-acl;x-k8s-aws-id".replace(';', "%3B");
    let query = link.url.query().unwrap();
    assert!(query.contains(&format!("&X-Amz-SignedHeaders={names}&")), "{query}");
    assert_eq!(sorted(&link.headers), meant.map(|(name, value)| (name.to_owned(), value.to_owned())));

    // What is set goes before it.
    for (selection, names) in [
        (SignedHeaders::Essential, "host%3Bx-amz-acl"),
        (SignedHeaders::EssentialAnd(&["if-none-match"]), "host%3Bif-none-match%3Bx-amz-acl"),
        (SignedHeaders::Named(&["range"]), "host%3Brange"),
        (SignedHeaders::Exactly("host;via"), "host%3Bvia"),
    ] {
        let link =
            signer(credentials()).signed_headers(selection).presign_blocking(&request, MINUTE).unwrap();
        let query = link.url.query().unwrap();
        assert!(query.contains(&format!("&X-Amz-SignedHeaders={names}&")), "{query}");
        assert_eq!(link.headers.len() + 1, names.split("%3B").count());
    }
}

/// What botocore 1.44.8 makes of the same request (`S3SigV4QueryAuth`).
#[test]
fn botocores_known_answer() {
    let request = Request::put("https://bucket.s3.us-east-1.amazonaws.com/a")
        .header("if-none-match", "*")
        .header("content-length", "200")
        .header("x-k8s-aws-id", "c")
        .header("x-amz-acl", "private")
        .header("content-type", "text/plain")
        .header("user-agent", "any")
        .header("connection", "close")
        .body(())
        .unwrap();
    let link = signer(credentials()).presign_blocking(&request, MINUTE).unwrap();
    let query = link.url.query().unwrap();
    let expected = "&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-acl%3Bx-k8s-aws-id\
        &X-Amz-Signature=94f14b27b1dd107990c64d50db82b8dab2b2cde43e9fd4ac34091eb0f62766eb";
    assert!(query.ends_with(expected), "{query}");
}

#[test]
fn a_tab_in_a_header_is_to_be_sent_as_a_space() {
    let mut request = Request::put("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    for (name, value) in [
        ("x-amz-meta-b", "1"),
        ("x-amz-meta-a", "a\t\tb"),
        ("x-amz-meta-b", " 2\t3 "),
        ("user-agent", "a\tb"),
    ] {
        request.headers_mut().append(name, HeaderValue::from_static(value));
    }
    let link = signer(credentials()).presign_blocking(&request, MINUTE).unwrap();
    assert_eq!(link.headers["x-amz-meta-a"], "a b");
    assert!(link.headers.get_all("x-amz-meta-b").iter().eq(["1", "2 3"]));
    assert_eq!(link.headers.len(), 3);
}

/// AWS IoT: "the session token is added to the URL after it was signed".
#[tokio::test]
async fn a_websockets_url_stays_one() {
    let credentials = Credentials::new("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        .with_session_token("tok/en+1=");
    let signer = Signer::new(credentials).clock(|| at(NOW));
    for scheme in ["https", "wss", "WSS"] {
        let request =
            Request::get(format!("{scheme}://a1b2-ats.iot.us-east-1.amazonaws.com/mqtt")).body(()).unwrap();
        let link = signer.presign(&request, MINUTE).await.unwrap();
        assert_eq!(link.url.scheme_str().unwrap().to_ascii_lowercase(), scheme.to_ascii_lowercase());
        let expected = "a1b2-ats.iot.us-east-1.amazonaws.com/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
            &X-Amz-Credential=ASIAEXAMPLE%2F20150830%2Fus-east-1%2Fiotdevicegateway%2Faws4_request\
            &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host\
            &X-Amz-Signature=d9615f9dcd1d6757d4ba5e2e3543f610322e9737aa4c20b4be69cf491b190460\
            &X-Amz-Security-Token=tok%2Fen%2B1%3D";
        assert_eq!(link.url.to_string().split_once("://").unwrap().1, expected);
        let (parts, ()) = request.into_parts();
        assert_eq!(signer.presign_head_blocking(&parts, b"", MINUTE).unwrap().url, link.url);
    }
}

#[test]
fn websockets_of_all_services() {
    for (url, service, host) in [
        (
            "wss://abc.execute-api.eu-west-1.amazonaws.com/prod",
            "execute-api",
            "abc.execute-api.eu-west-1.amazonaws.com",
        ),
        (
            "wss://abc.execute-api.eu-west-1.amazonaws.com:443/",
            "execute-api",
            "abc.execute-api.eu-west-1.amazonaws.com",
        ),
        (
            "wss://db.cluster-x.eu-west-1.neptune.amazonaws.com:8182/gremlin",
            "neptune-db",
            "db.cluster-x.eu-west-1.neptune.amazonaws.com:8182",
        ),
        (
            "wss://transcribestreaming.eu-west-1.amazonaws.com:8443/stream-transcription-websocket?language-code=en-US",
            "transcribe",
            "transcribestreaming.eu-west-1.amazonaws.com:8443",
        ),
        (
            "wss://v-0a1b.kinesisvideo.eu-west-1.amazonaws.com/",
            "kinesisvideo",
            "v-0a1b.kinesisvideo.eu-west-1.amazonaws.com",
        ),
        (
            "ws://data.iot.eu-west-1.amazonaws.com:80/mqtt",
            "iotdevicegateway",
            "data.iot.eu-west-1.amazonaws.com",
        ),
    ] {
        let request = Request::get(url).body(()).unwrap();
        let link = signer(credentials()).presign_blocking(&request, MINUTE).unwrap();
        assert_eq!(link.signed.service(), service, "{url}");
        assert_eq!(link.url.scheme_str(), url.split(':').next());
        assert_eq!(link.url.authority().unwrap(), host);
        let http = Request::get(url.replacen("ws", "http", 1)).body(()).unwrap();
        let http = signer(credentials()).presign_blocking(&http, MINUTE).unwrap();
        assert_eq!(http.url.query(), link.url.query(), "{url}");

        // In place, too: what a client's handshake begins with.
        let mut request = Request::get(url).header("sec-websocket-key", "a").body(()).unwrap();
        signer(credentials()).sign_blocking(&mut request).unwrap();
        assert_eq!(request.uri().scheme_str(), url.split(':').next());
        assert_eq!(request.uri().authority().unwrap(), host);
    }
}

#[test]
fn an_old_signature_is_replaced() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a%20b?x=%7e").body(()).unwrap();
    let temporary = signer(credentials().with_session_token("old"));
    let old = temporary.presign_blocking(&request, Duration::from_secs(1)).unwrap();
    let again = Request::get(old.url).body(()).unwrap();
    let signer = signer(credentials());
    let once = signer.presign_blocking(&request, MINUTE).unwrap();
    assert_eq!(signer.presign_blocking(&again, MINUTE).unwrap().url, once.url);
}

#[test]
fn the_body_is_covered_off_s3() {
    let uri = |host: &str, body: &'static str| {
        let request = Request::post(format!("https://{host}/")).body(body).unwrap();
        signer(credentials()).presign_blocking(&request, MINUTE).unwrap().url
    };
    assert_ne!(uri("sqs.eu-west-1.amazonaws.com", ""), uri("sqs.eu-west-1.amazonaws.com", "a"));
    assert_eq!(uri("b.s3.eu-west-1.amazonaws.com", ""), uri("b.s3.eu-west-1.amazonaws.com", "a"));
}

#[test]
fn the_uri_is_the_one_that_works() {
    let presign = |signer: Signer, uri: &str| {
        let request = Request::get(uri).body(()).unwrap();
        signer.service("s3").region("auto").presign_blocking(&request, MINUTE).unwrap().url.to_string()
    };
    let link = presign(signer(credentials()), "http://user:password@127.0.0.1:9000/b/a+b=c");
    assert!(link.starts_with("http://127.0.0.1:9000/b/a%2Bb%3Dc?X-Amz-Algorithm="), "{link}");
    for uri in ["http://MinIO:9000/b/k", "http://user@MINIO:9000/b/k"] {
        let link = presign(signer(credentials()), uri);
        assert!(link.starts_with("http://minio:9000/b/k?X-Amz-Algorithm="), "{link}");
    }
    for uri in ["https://Files.Example.com:443/b/k", "https://files.example.com:/b/k"] {
        let link = presign(signer(credentials()), uri);
        assert!(link.starts_with("https://files.example.com/b/k?X-Amz-Algorithm="), "{link}");
    }
    let link = presign(signer(credentials()), "https://h/b/./%2E%2E/k");
    assert!(link.starts_with("https://h/b/%2E/%2E%2E/k?"), "{link}");
    let link = presign(signer(credentials()).signed_host("files.example.com"), "https://10.0.0.1/");
    assert!(link.starts_with("https://files.example.com/?X-Amz-Algorithm="), "{link}");

    let unsigned =
        signer(credentials().with_session_token("a/b")).token_placement(TokenPlacement::AppendedUnsigned);
    let link = presign(unsigned, "https://data.example.com/mqtt");
    assert!(link.ends_with("&X-Amz-Security-Token=a%2Fb"), "{link}");
}

#[test]
fn debug_shows_no_secret() {
    let request = Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(()).unwrap();
    let link =
        signer(credentials().with_session_token("secret-token")).presign_blocking(&request, MINUTE).unwrap();
    let shown = format!("{link:?}");
    for secret in ["secret-token", "wJalr", &link.signed.signature().unwrap().to_string()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
