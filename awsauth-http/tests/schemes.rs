//! Which scheme signs, what is set one by one, and what each scheme refuses.

#![allow(clippy::unwrap_used, reason = "tests")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use awsauth_http::awsauth_core::{self, EndpointError, Timestamp};
use awsauth_http::{Credentials, Error, PayloadHash, Scheme, Signature, Signed, Signer};
use http::Request;

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const MINUTE: Duration = Duration::from_secs(60);

/// 2015-08-30T12:36:00Z.
const NOW: u64 = 1_440_938_160;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn signer() -> Signer {
    Signer::new(Credentials::new(ID, SECRET)).clock(now)
}

fn get(url: &str) -> Request<Vec<u8>> {
    Request::get(url).body(Vec::new()).unwrap()
}

fn form(url: &str, form: &str) -> Request<Vec<u8>> {
    Request::post(url)
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
        .header("content-length", form.len())
        .body(form.as_bytes().to_vec())
        .unwrap()
}

fn signed(signer: &Signer, url: &str) -> Result<Signed, Error> {
    signer.sign_blocking(&mut get(url))
}

fn header<'r, B>(request: &'r Request<B>, name: &str) -> &'r str {
    request.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn is_that_of_the_endpoint() {
    for (url, scheme, service, region) in [
        ("https://sqs.eu-west-1.amazonaws.com/", Scheme::Sigv4, "sqs", "eu-west-1"),
        ("https://bucket.s3.us-west-2.amazonaws.com/key", Scheme::Sigv4, "s3", "us-west-2"),
        ("https://sdb.eu-west-1.amazonaws.com/?Action=ListDomains", Scheme::Sigv2, "sdb", "eu-west-1"),
        (
            "https://importexport.amazonaws.com/?Action=ListJobs",
            Scheme::Sigv2,
            "IngestionService",
            "us-east-1",
        ),
        ("http://b.s3-website-us-east-1.amazonaws.com/", Scheme::Anonymous, "s3", "us-east-1"),
    ] {
        let signed = signed(&signer(), url).unwrap();
        assert_eq!((signed.scheme(), signed.service(), signed.region()), (scheme, service, region), "{url}");
    }
}

#[test]
fn service_and_region_are_set_one_by_one() {
    let iam = "https://iam.amazonaws.com/";
    let by_region = signed(&signer().region("eu-central-1"), iam).unwrap();
    assert_eq!((by_region.service(), by_region.region()), ("iam", "eu-central-1"));
    let by_service = signed(&signer().service("sts"), iam).unwrap();
    assert_eq!((by_service.service(), by_service.region()), ("sts", "us-east-1"));

    let accelerated = "https://bucket.s3-accelerate.amazonaws.com/key";
    assert_eq!(signed(&signer(), accelerated).unwrap_err(), Error::Endpoint(EndpointError::RegionNotInHost));
    let by_region = signed(&signer().region("eu-west-3"), accelerated).unwrap();
    assert_eq!((by_region.service(), by_region.region()), ("s3", "eu-west-3"));
}

#[test]
fn a_tunnel_is_told_what_its_host_does_not_say() {
    let tunnel = "http://localhost:8080/";
    for (one, error) in [
        (signer(), EndpointError::UnknownHost),
        (signer().region("eu-west-1"), EndpointError::UnknownHost),
        // Then the region is all that is missing.
        (signer().service("sqs"), EndpointError::RegionNotInHost),
    ] {
        assert_eq!(signed(&one, tunnel).unwrap_err(), Error::Endpoint(error));
    }
    let mut request = get(tunnel);
    let by_host = signer().signed_host("sqs.eu-west-1.amazonaws.com").sign_blocking(&mut request).unwrap();
    assert_eq!((by_host.service(), by_host.region()), ("sqs", "eu-west-1"));
    assert_eq!(header(&request, "host"), "sqs.eu-west-1.amazonaws.com");
}

#[test]
fn the_scheme_is_set_alone_and_left_alone() {
    let tunnel = "http://localhost:8080/";
    let older = signed(&signer().scheme(Scheme::Sigv2), tunnel).unwrap();
    assert_eq!((older.scheme(), older.service(), older.region()), (Scheme::Sigv2, "", ""));
    let newer = signed(&signer().scheme(Scheme::Sigv4), "https://sdb.amazonaws.com/").unwrap();
    assert_eq!((newer.scheme(), newer.service()), (Scheme::Sigv4, "sdb"));

    let both = signer().service("sdb").region("eu-west-1");
    assert_eq!(signed(&both, "https://sdb.eu-west-1.amazonaws.com/").unwrap().scheme(), Scheme::Sigv2);
    assert_eq!(signed(&both, tunnel).unwrap().scheme(), Scheme::Sigv2);
    assert_eq!(signed(&both.service("sqs"), tunnel).unwrap().scheme(), Scheme::Sigv4);
}

/// The known answers are the core's; here it is that what it says gets into the request.
#[test]
fn sigv2_signs_in_the_query() {
    let target = "/?Version=2009-04-15&Action=ListDomains";
    let credentials = awsauth_core::Credentials::new(ID, SECRET).unwrap();
    let core_request = awsauth_core::Request::get(target, "sdb.amazonaws.com");
    let expected = awsauth_core::Sigv2::new(credentials)
        .sign(&core_request, Timestamp::from_unix(NOW).unwrap())
        .unwrap()
        .target()
        .to_string();

    let mut request = get(&format!("https://sdb.amazonaws.com{target}"));
    let signed = signer().sign_blocking(&mut request).unwrap();
    assert_eq!(request.uri().path_and_query().unwrap().as_str(), expected);
    assert!(expected.contains("&Timestamp=2015-08-30T12%3A36%3A00Z"), "{expected}");
    assert!(request.headers().is_empty());
    assert!(matches!(signed.signature(), Some(Signature::Base64(_))));
    signer().sign_blocking(&mut request).unwrap();
    assert_eq!(request.uri().path_and_query().unwrap().as_str(), expected);
}

#[test]
fn sigv2_signs_in_the_form() {
    let mut request = form("https://sdb.amazonaws.com/", "Version=2009-04-15&Action=ListDomains");
    signer().sign_blocking(&mut request).unwrap();
    let body = core::str::from_utf8(request.body()).unwrap();
    assert!(body.starts_with("AWSAccessKeyId=AKIDEXAMPLE&Action=ListDomains&"), "{body}");
    assert!(body.contains("&Signature="), "{body}");
    assert_eq!(request.uri().query(), None);
    assert_eq!(header(&request, "content-length"), body.len().to_string());

    // What cannot hold another form is refused, and left alone; so is a form that is not at hand.
    let mut lent = form("https://sdb.amazonaws.com/", "Action=ListDomains").map(|_| "Action=ListDomains");
    assert_eq!(signer().sign_blocking(&mut lent).unwrap_err(), Error::BodyNotReplaceable);
    assert_eq!((*lent.body(), lent.uri().query()), ("Action=ListDomains", None));
    let refused = signer().sign_head_blocking(&mut lent, PayloadHash::of(b"Action=ListDomains")).unwrap_err();
    assert_eq!(refused, Error::BodyNotInMemory(Scheme::Sigv2));

    let (_, replacement) = signer().sign_body_blocking(&mut lent, b"Action=ListDomains").unwrap();
    assert!(replacement.unwrap().starts_with(b"AWSAccessKeyId=AKIDEXAMPLE&Action=ListDomains&"));
}

#[test]
fn sigv2_presigns() {
    let request = get("https://sdb.amazonaws.com/?Action=ListDomains");
    let link = signer().presign_blocking(&request, MINUTE).unwrap();
    assert!(link.url.query().unwrap().contains("&Expires=2015-08-30T12%3A37%3A00Z&"), "{}", link.url);
    assert_eq!((link.expires_at, link.signed.scheme()), (now() + MINUTE, Scheme::Sigv2));
}

#[test]
fn sigv3_signs_in_a_header() {
    let url = "https://route53.amazonaws.com/2013-04-01/hostedzone";
    let mut request = get(url);
    signer().scheme(Scheme::Sigv3Https).sign_blocking(&mut request).unwrap();
    assert_eq!(header(&request, "x-amz-date"), "Sun, 30 Aug 2015 12:36:00 GMT");
    let authorization = header(&request, "x-amzn-authorization");
    assert!(
        authorization.starts_with("AWS3-HTTPS AWSAccessKeyId=AKIDEXAMPLE,Algorithm=HmacSHA256,Signature=")
    );

    // Signed with SigV4 after that, nothing of the old signature is left.
    signer().sign_blocking(&mut request).unwrap();
    assert_eq!(header(&request, "x-amzn-authorization"), "");
    assert_eq!(header(&request, "x-amz-date"), "20150830T123600Z");
}

#[test]
fn sigv3_signs_the_body() {
    let aws3 = signer().scheme(Scheme::Sigv3);
    let post = |body: &[u8]| {
        let url = "https://dynamodb.us-east-1.amazonaws.com/";
        let mut request = Request::post(url).body(body.to_vec()).unwrap();
        aws3.sign_blocking(&mut request).unwrap();
        request
    };
    let (one, mut other) = (post(b"{}"), post(b"[]"));
    let authorization = header(&one, "x-amzn-authorization");
    assert!(authorization.starts_with("AWS3 AWSAccessKeyId=AKIDEXAMPLE,"), "{authorization}");
    assert!(authorization.contains("SignedHeaders=host;x-amz-date,"), "{authorization}");
    assert_ne!(header(&other, "x-amzn-authorization"), authorization);
    let refused = aws3.sign_head_blocking(&mut other, PayloadHash::of(b"[]")).unwrap_err();
    assert_eq!(refused, Error::BodyNotInMemory(Scheme::Sigv3));
}

#[test]
fn anonymous_requests_stay_as_they_are() {
    let url = "http://b.s3-website-us-east-1.amazonaws.com/index.html?a=b+c";
    let mut request = get(url);
    let signed = signer().sign_blocking(&mut request).unwrap();
    assert_eq!((request.uri().to_string().as_str(), request.headers().len()), (url, 0));
    assert_eq!(signed.signature(), None);

    // But an old signature goes, and chunks that are signed cannot be.
    signer().scheme(Scheme::Sigv4).sign_blocking(&mut request).unwrap();
    signer().sign_blocking(&mut request).unwrap();
    assert_eq!(header(&request, "authorization"), "");
    let chunks = signer().sign_head_blocking(&mut request, PayloadHash::StreamingSigned).unwrap_err();
    assert_eq!(chunks, Error::PayloadNotForScheme(Scheme::Anonymous));
}

#[test]
fn refuses_what_cannot_be() {
    let sqs = "https://sqs.eu-west-1.amazonaws.com/";
    for scheme in [Scheme::Sigv3, Scheme::Sigv3Https, Scheme::Anonymous] {
        let refused = signer().scheme(scheme).presign_blocking(&get(sqs), MINUTE).unwrap_err();
        assert_eq!(refused, Error::NotPresignable(scheme));
        assert!(refused.to_string().contains("choose another scheme"), "{refused}");
    }
    let s3 = "https://b.s3.eu-west-1.amazonaws.com/k";
    for scheme in [Scheme::Sigv2, Scheme::Sigv3, Scheme::Sigv3Https] {
        let refused = signed(&signer().scheme(scheme), s3).unwrap_err();
        assert_eq!(refused, Error::SchemeNotForService { scheme, service: "s3".into() });
        assert!(refused.to_string().contains(".scheme(..)"), "{refused}");
        let chunks = signer().scheme(scheme).sign_head_blocking(&mut get(sqs), PayloadHash::StreamingSigned);
        assert_eq!(chunks.unwrap_err(), Error::PayloadNotForScheme(scheme));
    }
    let zero = signer().presign_blocking(&get("https://sdb.amazonaws.com/"), Duration::ZERO).unwrap_err();
    assert_eq!(zero, Error::Request(awsauth_core::Error::ExpiryInPast));
}

#[test]
#[cfg(not(feature = "s3-legacy"))]
fn names_the_feature_of_s3_legacy() {
    let refused = signed(&signer().scheme(Scheme::S3Legacy), "https://s3.amazonaws.com/").unwrap_err();
    assert_eq!(refused, Error::SchemeNotBuilt(Scheme::S3Legacy));
    assert!(refused.to_string().contains("s3-legacy"), "{refused}");
}

#[test]
#[cfg(not(feature = "sigv4a"))]
fn names_the_feature_of_sigv4a() {
    let refused = signed(&signer(), "https://mrap.accesspoint.s3-global.amazonaws.com/k").unwrap_err();
    assert_eq!(refused, Error::SchemeNotBuilt(Scheme::Sigv4a));
    assert!(refused.to_string().contains("sigv4a"), "{refused}");
}

#[cfg(feature = "sigv4a")]
mod sigv4a {
    use awsauth_http::awsauth_sigv4a::{Sigv4a, Sigv4aKey};

    use super::*;

    const MRAP: &str = "https://mrap.accesspoint.s3-global.amazonaws.com/k";

    #[test]
    fn signs_for_a_region_set() {
        let mut request = get(MRAP);
        let signed = signer().sign_blocking(&mut request).unwrap();
        assert_eq!((signed.scheme(), signed.service(), signed.region()), (Scheme::Sigv4a, "s3", "*"));
        assert_eq!(header(&request, "x-amz-region-set"), "*");
        let authorization = header(&request, "authorization");
        assert!(authorization.starts_with(
            "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/s3/aws4_request, SignedHeaders="
        ));
        assert!(authorization.ends_with(&signed.signature().unwrap().to_string()));

        for (signer, url, region_set) in [
            (signer().region("us-west-2,us-east-1"), MRAP, "us-west-2,us-east-1"),
            (signer().service("s3").region("us-east-1"), MRAP, "us-east-1"),
            (signer().service("s3").region("*"), "http://localhost:9000/", "*"),
            (signer().scheme(Scheme::Sigv4a), "https://b.s3.eu-west-1.amazonaws.com/", "eu-west-1"),
        ] {
            let mut request = get(url);
            signer.sign_blocking(&mut request).unwrap();
            assert_eq!(header(&request, "x-amz-region-set"), region_set, "{url}");
        }
    }

    /// RFC 6979 has the same signature come of the same request, so that the crate below can be asked for it.
    #[test]
    fn presigns() {
        let link = signer().presign_blocking(&get(MRAP), MINUTE).unwrap();
        let key = Sigv4aKey::derive(ID, SECRET).unwrap();
        let request = awsauth_core::Request::get("/k", "mrap.accesspoint.s3-global.amazonaws.com");
        let expected = Sigv4a::new(ID, &key, "s3", "*")
            .presign(&request, PayloadHash::Unsigned, Timestamp::from_unix(NOW).unwrap(), 60)
            .unwrap();
        assert_eq!(link.url.path_and_query().unwrap().as_str(), expected.target().to_string());
    }

    #[test]
    fn keys_are_those_of_the_credentials() {
        let shared = signer();
        let signatures =
            [(ID, SECRET), ("AKIDOTHER", SECRET), (ID, "other"), (ID, SECRET)].map(|(id, secret)| {
                let credentials = Credentials::new(id, secret);
                let signed = shared.sign_with(&credentials, &mut get(MRAP), PayloadHash::EMPTY).unwrap();
                signed.signature().unwrap().to_string()
            });
        assert_eq!(signatures[0], signatures[3]);
        assert_ne!(signatures[0], signatures[1]);
        assert_ne!(signatures[0], signatures[2]);
    }

    #[test]
    fn refuses_chunks_of_sigv4() {
        let refused = signer().sign_head_blocking(&mut get(MRAP), PayloadHash::StreamingSigned).unwrap_err();
        assert_eq!(refused, Error::PayloadNotForScheme(Scheme::Sigv4a));
    }
}

#[cfg(feature = "s3-legacy")]
mod s3_legacy {
    use awsauth_http::S3Bucket;

    use super::*;

    fn legacy() -> Signer {
        let credentials =
            Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        Signer::new(credentials).scheme(Scheme::S3Legacy).clock(now)
    }

    fn authorization(signer: &Signer, url: &str) -> String {
        let mut request = get(url);
        let signed = signer.sign_blocking(&mut request).unwrap();
        assert_eq!(signed.scheme(), Scheme::S3Legacy);
        header(&request, "authorization").to_owned()
    }

    /// The example of "Signing and authenticating REST requests".
    #[test]
    fn presigns_the_example_of_aws() {
        let then = UNIX_EPOCH + Duration::from_secs(1_175_139_560);
        let request = get("http://johnsmith.s3.amazonaws.com/photos/puppy.jpg");
        let link = legacy().clock(move || then).presign_blocking(&request, MINUTE).unwrap();
        assert_eq!(
            link.url.to_string(),
            "http://johnsmith.s3.amazonaws.com/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\
             &Expires=1175139620&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D"
        );
        assert_eq!(link.expires_at, then + MINUTE);
    }

    #[test]
    fn names_the_headers_to_send_with_a_url() {
        let put = Request::put("https://b.s3.amazonaws.com/k")
            .header("content-type", "text/plain")
            .header("x-amz-acl", "private")
            .header("x-amz-date", "20150830T123600Z")
            .header("accept", "*/*")
            .body(Vec::new())
            .unwrap();
        let link = legacy().presign_blocking(&put, MINUTE).unwrap();
        let mut names: Vec<_> = link.headers.keys().map(|name| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-type", "x-amz-acl"]);
    }

    /// The same bucket by host, by path, by name, and behind a tunnel, is the same signature.
    #[test]
    fn signs_the_bucket_wherever_it_is() {
        let by_host = authorization(&legacy(), "https://b.s3.amazonaws.com/k");
        assert!(by_host.starts_with("AWS AKIAIOSFODNN7EXAMPLE:"), "{by_host}");
        assert_eq!(authorization(&legacy(), "https://s3.amazonaws.com/b/k"), by_host);
        let in_path = legacy().s3_bucket(S3Bucket::InPath);
        assert_eq!(authorization(&in_path, "https://store.example.com/b/k"), by_host);
        let named = legacy().s3_bucket(S3Bucket::Named("b".into()));
        assert_eq!(authorization(&named, "https://files.example.com/k"), by_host);
        let tunnelled = legacy().signed_host("b.s3.amazonaws.com");
        assert_eq!(authorization(&tunnelled, "http://localhost:8080/k"), by_host);
        assert_ne!(authorization(&legacy(), "https://store.example.com/b/k"), by_host);
    }

    #[test]
    fn signs_the_subresources_of_other_stores() {
        let url = "https://s3.amazonaws.com/b/k?newest";
        let with_them = legacy().extra_subresources(&["newest"]);
        assert_ne!(authorization(&legacy(), url), authorization(&with_them, url));
        let without = legacy().unsigned_subresources(&["retention"]);
        let (url, other) = ("https://s3.amazonaws.com/b/k?retention", "https://s3.amazonaws.com/b/k");
        assert_eq!(authorization(&without, url), authorization(&legacy(), other));
        assert_ne!(authorization(&legacy(), url), authorization(&legacy(), other));
    }

    #[test]
    fn is_for_s3_only() {
        let refused = signed(&legacy(), "https://sqs.eu-west-1.amazonaws.com/").unwrap_err();
        assert_eq!(refused, Error::SchemeNotForService { scheme: Scheme::S3Legacy, service: "sqs".into() });
        let mut request = get("https://s3.amazonaws.com/b/k");
        let chunks = legacy().sign_head_blocking(&mut request, PayloadHash::StreamingSigned);
        assert_eq!(chunks.unwrap_err(), Error::PayloadNotForScheme(Scheme::S3Legacy));
    }
}
