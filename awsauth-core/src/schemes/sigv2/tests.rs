use std::string::{String, ToString};
use std::{format, vec};

use proptest::prelude::*;

use super::signer::Sigv2;
use crate::hash::HmacKey;
use crate::schemes::legacy::LegacySignature;
use crate::text::percent::PlusSign;
use crate::vocabulary::credentials::Credentials;
use crate::vocabulary::error::Error;
use crate::vocabulary::request::{Header, Protocol, Request};
use crate::vocabulary::time::Timestamp;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fn signer() -> Sigv2<'static> {
    Sigv2::new(Credentials::new("AKIDEXAMPLE", SECRET).unwrap())
}

fn now() -> Timestamp {
    Timestamp::parse("20150830T123600Z").unwrap()
}

fn parameters_signed(target: &str) -> String {
    let request = Request::get(target, "sdb.amazonaws.com");
    let text = signer().sign(&request, now()).unwrap().string_to_sign().to_string();
    text.rsplit('\n')
        .next()
        .unwrap()
        .replace("AWSAccessKeyId=AKIDEXAMPLE", "ID")
        .replace("SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2015-08-30T12%3A36%3A00Z", "REST")
}

/// AWS: "Signature Version 2 signing process". Its example has a timestamp without `Z`, which servers refuse: so the
/// string to sign is compared but for that, and the signature is of AWS's text.
#[test]
fn example_of_emr() {
    const STRING_TO_SIGN: &str = "GET\nelasticmapreduce.amazonaws.com\n/\n\
        AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Action=DescribeJobFlows&SignatureMethod=HmacSHA256&SignatureVersion=2\
        &Timestamp=2011-10-03T15%3A19%3A30&Version=2009-03-31";
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let request =
        Request::get("?Action=DescribeJobFlows&Version=2009-03-31", "elasticmapreduce.amazonaws.com");
    let signed = Sigv2::new(Credentials::new("AKIAIOSFODNN7EXAMPLE", secret).unwrap())
        .sign(&request, Timestamp::parse("20111003T151930Z").unwrap())
        .unwrap();
    assert_eq!(signed.string_to_sign().to_string().replace("30Z&", "30&"), STRING_TO_SIGN);
    let signature = LegacySignature::sha256(HmacKey::new(secret.as_bytes()).mac(STRING_TO_SIGN.as_bytes()));
    assert_eq!(signature.to_string(), "i91nKc4PWAt0JJIdXwz9HxZCJDdiy6cf/Mj6vPxyYIs=");
}

/// The signature was computed with Python's `hmac`.
#[cfg(feature = "sha1")]
#[test]
fn hmac_sha1_expires_and_token() {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET).unwrap().session_token("a/b=").unwrap();
    let request = Request::get("/?Version=2009-04-15&Action=ListDomains", "sdb.amazonaws.com");
    let signed = Sigv2::new(credentials)
        .signature_method(super::SignatureMethod::HmacSha1)
        .presign(&request, now(), 60)
        .unwrap();
    assert_eq!(signed.signature().to_string(), "sCBguP/nTObIQUGPlrZsjjJyp+c=");
    assert_eq!(signed.signature().as_bytes().len(), 20);
    assert_eq!(
        signed.target().to_string(),
        "/?AWSAccessKeyId=AKIDEXAMPLE&Action=ListDomains&Expires=2015-08-30T12%3A37%3A00Z&SecurityToken=a%2Fb%3D\
         &SignatureMethod=HmacSHA1&SignatureVersion=2&Version=2009-04-15&Signature=sCBguP%2FnTObIQUGPlrZsjjJyp%2Bc%3D"
    );
}

#[test]
fn parameters_are_in_order_of_raw_names() {
    for (target, signed) in [
        ("/?b=1&a=2", "ID&REST&a=2&b=1"),
        // Encoded, `a%2F` would stand before `a-`.
        ("/?a%2F=1&a-=2&a.=3", "ID&REST&a-=2&a.=3&a%2F=1"),
        ("/?Z=1&AWSZ=2&AAA=3", "AAA=3&ID&AWSZ=2&REST&Z=1"),
        ("/?a~=1&%7e=2&a+b=c+d", "ID&REST&a%20b=c%20d&a~=1&~=2"),
        ("/?a=*&b=%2a&c='()!", "ID&REST&a=%2A&b=%2A&c=%27%28%29%21"),
        ("/?a&b=&&c=d=e", "ID&REST&a=&b=&c=d%3De"),
        // Repeats stay, in arrival order.
        ("/?a=2&b=1&a=1", "ID&REST&a=2&a=1&b=1"),
        ("/?%e9=%C3%A9", "ID&REST&%E9=%C3%A9"),
    ] {
        assert_eq!(parameters_signed(target), signed, "{target}");
    }
    let request = Request::get("/?a=b+c", "sdb.amazonaws.com");
    let signed = signer().plus_sign(PlusSign::Literal).sign(&request, now()).unwrap();
    assert!(signed.target().to_string().contains("&a=b%2Bc&"));
}

#[test]
fn host_and_path() {
    let first_lines = |request: &Request<'static>, signer: Sigv2<'static>| {
        let text = signer.sign(request, now()).unwrap().string_to_sign().to_string();
        text.split('\n').take(3).collect::<vec::Vec<_>>().join(" ")
    };
    let https = Request::get("", "SDB.Amazonaws.com:443");
    assert_eq!(first_lines(&https, signer()), "GET sdb.amazonaws.com /");
    let http = https.protocol(Protocol::Http);
    assert_eq!(first_lines(&http, signer()), "GET sdb.amazonaws.com:443 /");
    assert_eq!(first_lines(&http, signer().signed_host("tunnel")), "GET tunnel /");
    let wire = Request::get("/a%2fb/../c+d//\u{e9} ", "h");
    assert_eq!(first_lines(&wire, signer()), "GET h /a%2fb/../c+d//%C3%A9%20");
}

#[test]
fn form_is_signed_as_it_is_sent() {
    let request = Request::post("/queue", "queue.amazonaws.com");
    let signed = signer().sign_form(&request, b"b=1+2&a=%c3%a9&Signature=old", now()).unwrap();
    assert_eq!(signed.target().to_string(), "/queue");
    let body = signed.body().to_string();
    assert_eq!(body.len(), signed.body().len());
    let (signed_part, signature) = body.split_once("&Signature=").unwrap();
    assert_eq!(
        signed.string_to_sign().to_string(),
        format!("POST\nqueue.amazonaws.com\n/queue\n{signed_part}")
    );
    assert!(signed_part.ends_with("&a=%C3%A9&b=1%202"));
    let decoded = signature.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    assert_eq!(decoded, signed.signature().to_string());
}

#[test]
fn refusals() {
    let refused = |target, host, signer: Sigv2<'static>| {
        signer.sign(&Request::get(target, host), now()).map(|_| ()).unwrap_err()
    };
    assert_eq!(refused("/?a=%zz", "h", signer()), Error::MalformedPercent);
    assert_eq!(refused("/?a=%", "h", signer()), Error::MalformedPercent);
    assert_eq!(refused("/%4", "h", signer()), Error::MalformedPercent);
    assert_eq!(refused("/?a\n=1", "h", signer()), Error::ControlInTarget);
    assert_eq!(refused("/a#b", "h", signer()), Error::FragmentInTarget);
    assert_eq!(refused("a", "h", signer()), Error::MalformedTarget);
    assert_eq!(refused("/", "", signer()), Error::MissingHost);
    assert_eq!(refused("/", "h\n", signer().signed_host("a b")), Error::MalformedHost);
    assert_eq!(refused("/", "h", signer().expires(0)), Error::ExpiryInPast);
    let twice = [Header::new("Host", b"a"), Header::new("host", b"a")];
    assert_eq!(
        signer().sign(&Request::get("/", "h").headers(&twice), now()).unwrap_err(),
        Error::RepeatedHost
    );
    assert_eq!(signer().sign(&Request::new("GE T", "/", "h"), now()).unwrap_err(), Error::MalformedMethod);
    let form = |target, form: &'static [u8]| {
        signer().sign_form(&Request::post(target, "h"), form, now()).map(|_| ()).unwrap_err()
    };
    assert_eq!(form("/?a=1", b"b=2"), Error::QueryBesideForm);
    assert_eq!(form("/", b"b=2\r\n"), Error::MalformedForm);
    assert_eq!(form("/", b"b=#"), Error::MalformedForm);
    assert_eq!(form("/", b"b=%"), Error::MalformedPercent);
}

#[cfg(not(feature = "alloc"))]
#[test]
fn too_many_parameters() {
    let mut target = String::from("/?");
    (0..64).for_each(|at| target += &format!("p{at}=&"));
    signer().sign(&Request::get(&target, "h"), now()).unwrap();
    target += "q=";
    let refused = signer().sign(&Request::get(&target, "h"), now()).unwrap_err();
    assert_eq!(refused, Error::TooManyParameters);
}

proptest! {
    #[test]
    fn signing_twice_is_signing_once(query in "[a-cSETimestampExpires=&+%2~é*. ]{0,40}", path in "(/[a-c%2.é ]{0,9}){0,3}") {
        let target = format!("/{path}?{query}");
        let Ok(once) = signer().sign(&Request::get(&target, "h"), now()).map(|signed| signed.target().to_string())
        else {
            return Ok(());
        };
        let twice = signer().sign(&Request::get(&once, "h"), now()).unwrap().target().to_string();
        prop_assert!(once.is_ascii());
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn nothing_panics(target in ".{0,60}", host in ".{0,20}", form in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = signer().sign(&Request::get(&target, &host), now()).map(|signed| signed.target().to_string());
        let _ = signer().sign_form(&Request::post("/", "h"), &form, now()).map(|signed| signed.body().len());
    }
}
