use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use proptest::prelude::*;

use super::bucket::Bucket;
use super::signed::Signed;
use super::signer::{S3Legacy, sign_policy};
use crate::schemes::legacy::DateHeader;
use crate::text::percent::PlusSign;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::{Header, Request};
use crate::vocabulary::time::Timestamp;

fn credentials() -> Credentials<'static> {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY").unwrap()
}

fn signer() -> S3Legacy<'static> {
    S3Legacy::new(credentials())
}

fn temporary() -> S3Legacy<'static> {
    S3Legacy::new(credentials().session_token("a/b==").unwrap())
}

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

fn headers(signed: &Signed<'_>) -> Vec<String> {
    signed.headers().map(|(name, value)| format!("{name}: {value}")).collect()
}

fn resource(target: &str) -> String {
    let request = Request::get(target, "b.s3.amazonaws.com");
    let text = signer().sign(&request, now()).unwrap().string_to_sign().to_string();
    text.rsplit('\n').next().unwrap().into()
}

/// AWS: "Signing and authenticating REST requests", examples. Their dates say `+0000`.
#[test]
fn examples_of_rest_authentication() {
    let upload: &[(&str, &str)] = &[
        ("User-Agent", "curl/7.15.5"),
        ("Date", "Tue, 27 Mar 2007 21:06:08 +0000"),
        ("x-amz-acl", "public-read"),
        ("content-type", "application/x-download"),
        ("Content-MD5", "4gJE4saaMU4BqNR0kLY+lw=="),
        ("X-Amz-Meta-ReviewedBy", "joe@johnsmith.net"),
        ("X-Amz-Meta-ReviewedBy", "jane@johnsmith.net"),
        ("X-Amz-Meta-FileChecksum", "0x02661779"),
        ("X-Amz-Meta-ChecksumAlgorithm", "crc32"),
        ("Content-Disposition", "attachment; filename=database.dat"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "5913339"),
    ];
    let jpeg: &[(&str, &str)] =
        &[("Content-Type", "image/jpeg"), ("Date", "Tue, 27 Mar 2007 21:15:45 +0000")];
    let virtual_host = "awsexamplebucket1.us-west-1.s3.amazonaws.com";
    for (method, host, target, own, signature) in [
        // The example's host is not of a form that S3 has: the Region stands before `s3`.
        (
            "GET",
            virtual_host,
            "/photos/puppy.jpg",
            &[("Date", "Tue, 27 Mar 2007 19:36:42 +0000")] as &[_],
            "qgk2+6Sv9/oM7G3qLEjTH1a1l1g=",
        ),
        ("PUT", virtual_host, "/photos/puppy.jpg", jpeg, "iqRzw+ileNPu1fhspnRs8nOjjIA="),
        (
            "GET",
            virtual_host,
            "/?prefix=photos&max-keys=50&marker=puppy",
            &[("User-Agent", "Mozilla/5.0"), ("Date", "Tue, 27 Mar 2007 19:42:41 +0000")],
            "m0WP8eCtspQl5Ahe6L1SozdX9YA=",
        ),
        (
            "GET",
            virtual_host,
            "/?acl",
            &[("Date", "Tue, 27 Mar 2007 19:44:46 +0000")],
            "82ZHiFIjc+WbcwFKGUVEQspPn+0=",
        ),
        (
            "DELETE",
            "s3.us-west-1.amazonaws.com",
            "/awsexamplebucket1/photos/puppy.jpg",
            &[("User-Agent", "dotnet"), ("Date", "Tue, 27 Mar 2007 21:20:26 +0000")],
            "XbyTlbQdu9Xw5o8P4iMwPktxQd8=",
        ),
        ("PUT", "static.johnsmith.net:8080", "/db-backup.dat.gz", upload, "ilyl83RwaSoYIEdixDQcA4OnAnc="),
        (
            "GET",
            "s3.us-west-1.amazonaws.com",
            "/",
            &[("Date", "Wed, 28 Mar 2007 01:29:59 +0000")],
            "qGdzdERIC03wnaRNKh6OqZehG9s=",
        ),
        (
            "GET",
            "s3.us-west-1.amazonaws.com",
            "/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re",
            &[("Date", "Wed, 28 Mar 2007 01:49:49 +0000")],
            "DNEZGsoieTZ92F3bUfSPQcbGmlM=",
        ),
    ] {
        let own: Vec<_> = own.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::new(method, target, host).headers(&own);
        let mut signer = signer().date_header(DateHeader::AsSent);
        if host == virtual_host {
            signer = signer.bucket(Bucket::Named("awsexamplebucket1"));
        }
        let signed = signer.sign(&request, now()).unwrap();
        assert_eq!(headers(&signed), [format!("authorization: AWS AKIAIOSFODNN7EXAMPLE:{signature}")]);
        assert_eq!(signed.target().to_string(), target);
    }
}

#[test]
fn date_line_is_empty_beside_x_amz_date() {
    let own = [Header::new("Date", b"a"), Header::new("x-amz-date", b"b")];
    let request = Request::get("/k", "b.s3.amazonaws.com").headers(&own);
    let text =
        |header| signer().date_header(header).sign(&request, now()).unwrap().string_to_sign().to_string();
    assert_eq!(text(DateHeader::XAmzDate), "GET\n\n\n\nx-amz-date:Sun, 30 Aug 2015 12:36:00 GMT\n/b/k");
    assert_eq!(text(DateHeader::Date), "GET\n\n\nSun, 30 Aug 2015 12:36:00 GMT\n/b/k");
    assert_eq!(text(DateHeader::AsSent), "GET\n\n\n\nx-amz-date:b\n/b/k");
    let as_sent = signer().date_header(DateHeader::AsSent);
    assert_eq!(as_sent.sign(&request.headers(&[]), now()).unwrap_err(), Error::MissingDate);
}

#[test]
fn token_is_a_signed_amz_header() {
    let own = [Header::new("X-Amz-Security-Token", b"old"), Header::new("x-amz-meta-w", b" a  b\tc ")];
    let request = Request::get("/k", "b.s3.amazonaws.com").headers(&own);
    let signed = temporary().sign(&request, now()).unwrap();
    assert_eq!(
        signed.string_to_sign().to_string(),
        "GET\n\n\n\nx-amz-date:Sun, 30 Aug 2015 12:36:00 GMT\nx-amz-meta-w:a  b\tc\nx-amz-security-token:a/b==\n/b/k"
    );
    let [date, token, authorization] = headers(&signed).try_into().unwrap();
    assert_eq!(date, "x-amz-date: Sun, 30 Aug 2015 12:36:00 GMT");
    assert_eq!(token, "x-amz-security-token: a/b==");
    assert!(authorization.starts_with("authorization: AWS AKIAIOSFODNN7EXAMPLE:"));

    let link = temporary().presign(&request, now(), 60).unwrap();
    assert_eq!(
        link.string_to_sign().to_string(),
        "GET\n\n\n1440938220\nx-amz-meta-w:a  b\tc\nx-amz-security-token:a/b==\n/b/k"
    );
    assert!(link.target().to_string().ends_with("&x-amz-security-token=a%2Fb%3D%3D"));
    assert_eq!(headers(&link).len(), 0);
    assert_eq!(link.expires_at().unwrap().unix_seconds(), 1_440_938_220);
}

#[test]
fn subresources() {
    for (target, signed) in [
        ("/?list-type=2&uploads", "/b/?uploads"),
        ("/k?versionId=3&acl&torrent", "/b/k?acl&torrent&versionId=3"),
        ("/k?versionId=2&uploads&versionId=1", "/b/k?uploads&versionId=2&versionId=1"),
        ("/k?acl=", "/b/k?acl"),
        ("/k?ACL", "/b/k"),
        ("/k?aclx&xacl", "/b/k"),
        ("/k?%61cl", "/b/k?acl"),
        ("/k?response-content-type=text%2fplain%3b+x", "/b/k?response-content-type=text/plain; x"),
        ("/k?uploadId=a%2Bb&partNumber=1", "/b/k?partNumber=1&uploadId=a+b"),
        ("/k%2fl//./..%e9+", "/b/k%2fl//%2E/..%e9+"),
        ("/k l\u{e9}|", "/b/k%20l%C3%A9%7C"),
        ("/k?usage", "/b/k"),
        // What RGW, MinIO and AWS's SDKs sign besides those of AWS's page, and what else S3 has.
        ("/?policyStatus&publicAccessBlock&encryption", "/b/?encryption&policyStatus&publicAccessBlock"),
        ("/k?legal-hold&retention&select&select-type=2", "/b/k?legal-hold&retention&select&select-type=2"),
        ("/?accelerate&analytics&id=1", "/b/?accelerate&analytics"),
        ("/?inventory&metrics&object-lock&replication", "/b/?inventory&metrics&object-lock&replication"),
        ("/?intelligent-tiering&ownershipControls", "/b/?intelligent-tiering&ownershipControls"),
        ("/k?attributes&session", "/b/k?attributes&session"),
    ] {
        assert_eq!(resource(target), signed, "{target}");
    }
    let request = Request::get("/k?usage&a=b+c&acl=&retention=", "b.s3.amazonaws.com");
    let extended = signer().extra_subresources(&["usage"]).unsigned_subresources(&["retention"]);
    let signed = extended.plus_sign(PlusSign::Literal).sign(&request, now()).unwrap();
    assert!(signed.string_to_sign().to_string().ends_with("\n/b/k?acl&usage"));
    assert_eq!(signed.target().to_string(), "/k?usage&a=b%2Bc&acl&retention=");
}

#[test]
fn refusals() {
    let refused = |target: &'static str| {
        signer().presign(&Request::get(target, "b.s3.amazonaws.com"), now(), 1).unwrap_err()
    };
    assert_eq!(refused("/k?x-amz-acl=private"), Error::AmzParameter);
    assert_eq!(refused("/k?X-Amz-Acl=private"), Error::AmzParameter);
    assert_eq!(refused("/k?response-content-type=a%0d%0ab"), Error::ControlInSubresource);
    assert_eq!(refused("/k?partNumber=1%26uploadId%3DX"), Error::AmbiguousSubresource);
    assert_eq!(refused("/k?a=%g0"), Error::MalformedPercent);
    assert_eq!(refused("/k\r\n"), Error::ControlInTarget);
    assert_eq!(refused("k"), Error::MalformedTarget);
    let request = Request::get("/", "b.s3.amazonaws.com");
    assert_eq!(signer().presign(&request, now(), 0).unwrap_err(), Error::ExpiryInPast);
    let last = Timestamp::parse("99991231T235959Z").unwrap();
    assert_eq!(signer().presign(&request, last, 1).unwrap_err(), Error::TimeOutOfRange);
    assert_eq!(
        signer().sign(&Request::get("/", "sqs.amazonaws.com"), now()).unwrap_err(),
        Error::NotAnS3Host
    );
    assert_eq!(signer().sign(&Request::get("/", ""), now()).unwrap_err(), Error::MissingHost);
    let own = [Header::new("content-type", b"a\r\nb")];
    assert_eq!(signer().sign(&request.headers(&own), now()).unwrap_err(), Error::ControlInHeader);
    for policy in ["", "e30", "e30=\n", "{}  "] {
        assert_eq!(sign_policy(&credentials(), policy).unwrap_err(), Error::MalformedPolicy);
    }
}

/// Clients and proxies would resolve them; what is signed is what is sent.
#[test]
fn lone_dots_of_a_key_are_sent_and_signed_escaped() {
    for (path, sent) in [
        ("/a/./k", "/a/%2E/k"),
        ("/a/../k", "/a/%2E%2E/k"),
        ("/a/.%2e/k", "/a/%2E%2E/k"),
        ("/a/%2e./k", "/a/%2E%2E/k"),
        ("/.", "/%2E"),
        ("/./..", "/%2E/%2E%2E"),
        ("/..", "/%2E%2E"),
        ("/a/..//./", "/a/%2E%2E//%2E/"),
        ("/a/%2e/.%2E/k", "/a/%2e/%2E%2E/k"),
        ("/.a/b./.../..c/ .", "/.a/b./.../..c/%20."),
        ("", "/"),
        ("//", "//"),
        ("//../ b/", "//%2E%2E/%20b/"),
        // These are no dots to resolve, or are escaped already.
        ("/a/%2e/%2E%2E/k", "/a/%2e/%2E%2E/k"),
        ("/.a/a./.../a..b/..%2F/k", "/.a/a./.../a..b/..%2F/k"),
        ("/", "/"),
    ] {
        let request = Request::get(path, "b.s3.amazonaws.com");
        for signed in [signer().sign(&request, now()).unwrap(), signer().presign(&request, now(), 9).unwrap()]
        {
            let target = signed.target().to_string();
            assert_eq!(target.split('?').next(), Some(sent), "{path}");
            let signs = format!("/b{sent}");
            assert_eq!(signed.string_to_sign().to_string().lines().last(), Some(&*signs), "{path}");
        }
    }
}

#[test]
fn debug_shows_no_token() {
    let own = [Header::new("x-amz-meta-a", b"HIDDEN")];
    let request = Request::get("/?versionId=HIDDEN", "b.s3.amazonaws.com").headers(&own);
    let signed =
        S3Legacy::new(credentials().session_token("HIDDEN").unwrap()).presign(&request, now(), 1).unwrap();
    let shown = format!("{signed:?}{:?}{:?}", signed.target(), signed.string_to_sign());
    assert!(!shown.contains("HIDDEN") && !shown.contains("wJalr"), "{shown}");
}

proptest! {
    #[test]
    fn signing_twice_is_signing_once(query in "[a-c&=+%27]{0,20}", chosen in proptest::sample::subsequence(
        &["acl", "Expires=1", "versionId=a%2fb", "Signature=x", "response-expires=a b", "x-amz-security-token=t"], 0..6),
    ) {
        let target = format!("/k?{query}&{}", chosen.join("&"));
        let presign = |target: &str| {
            let request = Request::get(target, "b.s3.amazonaws.com");
            temporary().presign(&request, now(), 60).map(|signed| signed.target().to_string())
        };
        if let Ok(once) = presign(&target) {
            prop_assert!(once.is_ascii() && !once.contains(' '));
            prop_assert_eq!(presign(&once), Ok(once));
        }
    }

    #[test]
    fn nothing_panics(target in ".{0,60}", host in ".{0,40}", name in "[a-z-]{0,10}", value in any::<Vec<u8>>()) {
        let own = [Header::new(&name, &value)];
        let request = Request::get(&target, &host).headers(&own);
        let _ = signer().sign(&request, now()).map(|signed| signed.string_to_sign().to_string());
        let _ = signer().presign(&request, now(), 9).map(|signed| signed.target().to_string());
    }
}
