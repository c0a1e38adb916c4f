//! What is signed as one and can be sent as two, and what is there twice in an order that is not signed.

#![allow(clippy::unwrap_used)]

use awsauth_core::verify::{Refusal, VerifyPolicy};
use awsauth_core::{
    CredentialScope, Error, Header, Identity, PayloadHash, RepeatedParameters, Request, SignedHeaders,
    SigningKey, SigningOptions, Sigv4, Timestamp, sha256,
};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const HOST: &str = "example.com";
const REGIONS: &str = "us-*";
/// The string to sign stands for the signature, whose key is in other hands.
const ECDSA: &str = "AWS4-ECDSA-P256-SHA256";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Header,
    Url,
    AsymmetricHeader,
    AsymmetricUrl,
}

const WAYS: [Way; 4] = [Way::Header, Way::Url, Way::AsymmetricHeader, Way::AsymmetricUrl];

fn now() -> Timestamp {
    Timestamp::parse("20130524T000000Z").unwrap()
}

fn options() -> SigningOptions<'static> {
    let mut options = SigningOptions::DEFAULT;
    options.repeated_parameters = RepeatedParameters::Allowed;
    options.signed_headers = SignedHeaders::AllButHopByHop;
    options
}

/// Signs the target with these headers: the target to send, and the headers to add.
fn signed(
    way: Way,
    service: &str,
    target: &str,
    own: &[(&str, &str)],
) -> (String, Vec<(&'static str, String)>) {
    let own: Vec<_> = own.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let request = Request::put(target, HOST).headers(&own);
    let is_stated = own.iter().any(|header| header.name == "x-amz-content-sha256");
    let payload = match way {
        Way::Url | Way::AsymmetricUrl if service == "s3" && !is_stated => PayloadHash::Unsigned,
        _ => PayloadHash::EMPTY,
    };
    macro_rules! parts {
        ($signed:expr) => {{
            let signed = $signed;
            let added = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
            (signed.target().to_string(), added)
        }};
    }
    let key = SigningKey::derive(SECRET, CredentialScope::new(now().date(), "us-east-1", service).unwrap());
    let hmac = Sigv4::new(ID, &key).options(options());
    let mut options = options();
    options.region_set = Some(REGIONS);
    let scope = CredentialScope::without_region(now().date(), service).unwrap();
    let ecdsa = Identity::new(ECDSA, ID, scope).options(options);
    match way {
        Way::Header => parts!(hmac.sign(&request, payload, now()).unwrap()),
        Way::Url => parts!(hmac.presign(&request, payload, now(), 60).unwrap()),
        Way::AsymmetricHeader => {
            let unsigned = ecdsa.prepare(&request, payload, now()).unwrap();
            parts!(unsigned.sign_with(|text| awsauth_core::Signature::from_bytes(text.sha256())))
        }
        Way::AsymmetricUrl => {
            let unsigned = ecdsa.prepare_presigned(&request, payload, now(), 60).unwrap();
            parts!(unsigned.sign_with(|text| awsauth_core::Signature::from_bytes(text.sha256())))
        }
    }
}

fn verify(
    way: Way,
    policy: &VerifyPolicy<'_>,
    target: &str,
    own: &[(&str, &str)],
    added: &[(&'static str, String)],
) -> Result<(), Refusal> {
    let added = added.iter().map(|(name, value)| Header::new(name, value.as_bytes()));
    let own = own.iter().map(|(name, value)| Header::new(name, value.as_bytes()));
    let headers: Vec<_> = own.chain(added).collect();
    let request = Request::put(target, HOST).headers(&headers);
    let body = Some(sha256(b""));
    match way {
        Way::Header | Way::Url => policy.verify(&request, body, now(), |_| Some(SECRET)).map(|_| ()),
        Way::AsymmetricHeader | Way::AsymmetricUrl => {
            let is_right = |digest: &[u8; 32], digits: &str| {
                digits == awsauth_core::Signature::from_bytes(*digest).to_string()
            };
            policy.claim_asymmetric(&request, body, now())?.verify_with(is_right).map(|_| ())
        }
    }
}

/// S3 reads the first of two parameters of one name, and their order is not signed.
#[test]
fn parameters_of_one_name_are_refused_in_s3s_family() {
    for way in WAYS {
        for service in ["s3", "s3express", "s3-object-lambda", "s3-outposts", "notes"] {
            for (query, turned) in [
                ("versionId=2&versionId=1", "versionId=1&versionId=2"),
                ("a=&version%49d=2&b&versionId=1", "versionId=1&versionId=2&a=&b="),
                ("a&a=1", "a=1&a="),
            ] {
                let own = [(
                    "x-amz-content-sha256",
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                )];
                let (target, added) = signed(way, service, &format!("/k?{query}"), &own);
                // What the signer added in the URL stays where it is.
                let turned = match target.split_once("&X-Amz-").or(target.split_once("?X-Amz-")) {
                    Some(_) => {
                        let added: Vec<_> =
                            target.split(['?', '&']).filter(|pair| pair.starts_with("X-Amz-")).collect();
                        format!("/k?{turned}&{}", added.join("&"))
                    }
                    None => format!("/k?{turned}"),
                };
                let own = if added.iter().any(|(name, _)| *name == own[0].0) { &own[..0] } else { &own[..] };
                let mut policy = VerifyPolicy::new(service, "us-east-1");
                let answer = match service {
                    "notes" => Ok(()),
                    _ => Err(Refusal::Uncanonical(Error::RepeatedParameter)),
                };
                for sent in [&target, &turned] {
                    assert_eq!(verify(way, &policy, sent, own, &added), answer, "{way:?} {service} {sent}");
                }
                policy.repeated_parameters = RepeatedParameters::Allowed;
                for sent in [&target, &turned] {
                    assert_eq!(verify(way, &policy, sent, own, &added), Ok(()), "{way:?} {service} {sent}");
                }
            }
        }
    }
}

/// A server that reads the first line would do another thing than was signed.
#[test]
fn a_value_is_not_parted_into_two_headers() {
    for way in WAYS {
        for service in ["s3", "notes"] {
            for (name, whole, parts, is_refused) in [
                ("x-amz-copy-source", "/bucket/a,b", ["/bucket/a", "b"], true),
                ("X-Amz-Copy-Source", "/bucket/a,", ["/bucket/a", ""], true),
                ("x-amz-website-redirect-location", "/a,b", ["/a", "b"], true),
                ("x-amz-acl", "private,public-read", ["private", "public-read"], true),
                ("content-type", "text/plain,text/html", ["text/plain", "text/html"], true),
                ("Content-MD5", "a,b", ["a", "b"], true),
                // Of these all lines are read.
                ("x-amz-meta-a", "a,b", ["a", "b"], false),
                ("x-amz-object-attributes", "ETag,Checksum", ["ETag", "Checksum"], false),
                ("X-Amz-Optional-Object-Attributes", "RestoreStatus,a", ["RestoreStatus", "a"], false),
                // Of all others the joined value is signed, and no more.
                ("cache-control", "no-cache,no-store", ["no-cache", "no-store"], false),
            ] {
                let (target, added) = signed(way, service, "/k", &[(name, whole)]);
                let policy = VerifyPolicy::new(service, "us-east-1");
                assert_eq!(verify(way, &policy, &target, &[(name, whole)], &added), Ok(()), "{way:?} {name}");
                let parted = parts.map(|part| (name, part));
                let refused = Err(Refusal::RepeatedHeader(name.to_ascii_lowercase().as_str().into()));
                let answer = if is_refused { refused } else { Ok(()) };
                assert_eq!(verify(way, &policy, &target, &parted, &added), answer, "{way:?} {name}");
                // And signed as two it is two as well.
                let (target, added) = signed(way, service, "/k", &parted);
                assert_eq!(verify(way, &policy, &target, &parted, &added), answer, "{way:?} {name}");
            }
        }
    }
}

/// Signed or not, `content-type` and `content-md5` are one; what a proxy adds may be as it likes.
#[test]
fn an_unsigned_header_may_be_there_twice_if_it_may_go_unsigned() {
    let (target, added) = signed(Way::Header, "s3", "/k", &[]);
    let mut policy = VerifyPolicy::new("s3", "us-east-1");
    policy.unsigned_headers = &["x-amz-cf-id"];
    for (name, answer) in [
        ("content-type", Err(Refusal::RepeatedHeader("content-type".into()))),
        ("Content-Md5", Err(Refusal::RepeatedHeader("content-md5".into()))),
        ("x-amz-cf-id", Ok(())),
        ("x-amz-acl", Err(Refusal::UnsignedHeader("x-amz-acl".into()))),
        ("range", Ok(())),
    ] {
        let own = [(name, "a"), (name, "b")];
        assert_eq!(verify(Way::Header, &policy, &target, &own, &added), answer, "{name}");
    }
    // Where it is signed all the same, it is one.
    let (target, added) = signed(Way::Header, "s3", "/k", &[("x-amz-cf-id", "a,b")]);
    let own = [("x-amz-cf-id", "a"), ("x-amz-cf-id", "b")];
    let answer = verify(Way::Header, &policy, &target, &own, &added);
    assert_eq!(answer, Err(Refusal::RepeatedHeader("x-amz-cf-id".into())));
}
