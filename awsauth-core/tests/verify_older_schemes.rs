//! Verification of SigV2, S3's first scheme and POST forms: each reason why not.

#![allow(clippy::unwrap_used)]

use awsauth_core::post_policy::{Field, sign_policy};
use awsauth_core::verify::{PartName, Refusal, UnsignedPayload, VerifyPolicy};
use awsauth_core::{CredentialScope, Credentials, Error, Header, Request, SigningKey, Sigv2, Timestamp};
use proptest::prelude::*;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

const REPEATED: Refusal = Refusal::RepeatedAuthentication(PartName::EMPTY);
const UNSIGNED: Refusal = Refusal::UnsignedHeader(PartName::EMPTY);

/// The reason alone, without the name of the part that it is about.
fn reason(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::RepeatedAuthentication(_) => REPEATED,
        Refusal::UnsignedHeader(_) => UNSIGNED,
        other => other,
    }
}

fn secret_of(id: &str) -> Option<&'static str> {
    (id == ID).then_some(SECRET)
}

fn sigv2(target: &str, seconds: u64) -> Result<(), Refusal> {
    let request = Request::get(target, "sdb.amazonaws.com");
    let now = Timestamp::from_unix(seconds).unwrap();
    VerifyPolicy::DEFAULT.verify_sigv2(&request, None, now, secret_of).map(|_| ())
}

#[test]
fn sigv2_names_each_reason() {
    use Refusal::*;
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let signer = Sigv2::new(Credentials::new(ID, SECRET).unwrap());
    let request = Request::get("/?Action=List&b=1%2F2", "sdb.amazonaws.com");
    let good = signer.sign(&request, now).unwrap().target().to_string();
    let expiring = signer.presign(&request, now, 60).unwrap().target().to_string();
    let seconds = now.unix_seconds();
    assert_eq!(sigv2(&good, seconds + 900), Ok(()));
    assert_eq!(sigv2(&good, seconds + 901), Err(TimeTooSkewed));
    assert_eq!(sigv2(&expiring, seconds + 60), Ok(()));
    assert_eq!(sigv2(&expiring, seconds + 61), Err(Expired));
    assert_eq!(sigv2(&expiring, seconds - 700_000), Err(ExpiryOutOfRange));
    for (from, to, reason) in [
        ("&Signature=", "&signature=", MissingAuthentication),
        ("AWSAccessKeyId=AKIAI", "AWSAccessKeyId=AKIAJ", UnknownAccessKeyId),
        ("AWSAccessKeyId=", "AWSAccessKeyId=%", Uncanonical(Error::MalformedPercent)),
        ("SignatureVersion=2", "SignatureVersion=1", UnsupportedAlgorithm),
        ("HmacSHA256", "HmacMD5", UnsupportedAlgorithm),
        ("&SignatureMethod=HmacSHA256", "", IncompleteSignature("SignatureMethod".into())),
        (
            "Timestamp=",
            "Expires=2015-08-30T12%3A40%3A00Z&Timestamp=",
            RepeatedAuthentication("Expires".into()),
        ),
        ("Timestamp=2015", "Timestamp=20150", MissingDate),
        ("&Timestamp=2015-08-30T12%3A36%3A00Z", "", MissingDate),
        ("Action=List", "Action=Lisu", SignatureMismatch),
        ("&Signature=", "&Signature=AAAAAAAAAAAAAAAA", SignatureMismatch),
        ("b=1", "Signature=x&b=1", RepeatedAuthentication("Signature".into())),
    ] {
        assert!(good.contains(from), "{from} not in {good}");
        assert_eq!(sigv2(&good.replacen(from, to, 1), seconds), Err(reason), "{from} -> {to}");
    }
}

/// botocore 1.43.11's `SigV2Auth` signs `MinIO:9000`, and sends it so; AWS's page has it in lower case.
#[test]
fn sigv2_takes_the_host_as_it_was_received_and_in_its_normal_form() {
    let botocore = "/?Action=L&AWSAccessKeyId=AKIDEXAMPLE&SignatureVersion=2&SignatureMethod=HmacSHA256\
        &Timestamp=2026-11-27T22%3A18%3A42Z&Signature=rjapgfcaNyZYT8chO5%2B3uoRsvxisM7MwqJbXsNz%2Fsbg%3D";
    let now = Timestamp::parse("20261127T221842Z").unwrap();
    let credentials = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").unwrap();
    let own = Sigv2::new(credentials).sign(&Request::get("/?Action=L", "minio:9000"), now).unwrap();
    let own = own.target().to_string();
    let verify = |target: &str, sent: &[Header<'_>], authority: &str| {
        let request = Request::get(target, authority).headers(sent);
        let secret = |_: &str| Some("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        VerifyPolicy::DEFAULT.verify_sigv2(&request, None, now, secret).map(|_| ())
    };
    for (target, host, answer) in [
        (botocore, "MinIO:9000", Ok(())),
        (botocore, "minio:9000", Err(Refusal::SignatureMismatch)),
        (botocore, "MINIO:9000", Err(Refusal::SignatureMismatch)),
        (botocore, "MinIO:9001", Err(Refusal::SignatureMismatch)),
        (&own, "minio:9000", Ok(())),
        (&own, "MinIO:9000", Ok(())),
        (&own, "MinIO", Err(Refusal::SignatureMismatch)),
    ] {
        assert_eq!(verify(target, &[Header::new("host", host.as_bytes())], ""), answer, "{target} {host}");
        assert_eq!(verify(target, &[], host), answer, "{target} {host}");
    }
}

#[test]
fn nothing_unsigned_can_be_added_to_sigv2() {
    use Refusal::*;
    let now = Timestamp::parse("20150830T123600Z").unwrap();
    let signer = Sigv2::new(Credentials::new(ID, SECRET).unwrap().session_token("token").unwrap());
    let request = Request::post("/?Action=List", "sdb.amazonaws.com");
    let query = signer.sign(&request, now).unwrap().target().to_string();
    let form_request = Request::post("/", "sdb.amazonaws.com");
    let form = signer.sign_form(&form_request, b"Action=List", now).unwrap().body().to_string();
    let content_type = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    let verify = |policy: &VerifyPolicy<'_>, in_form: bool, added: &str, headers: &[(&str, &str)]| {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let (target, form) = match in_form {
            true => ("/".to_owned(), Some(format!("{form}{added}"))),
            false => (format!("{query}{added}"), None),
        };
        let request = Request::post(&target, "sdb.amazonaws.com").headers(&headers);
        policy
            .verify_sigv2(&request, form.as_deref().map(str::as_bytes), now, secret_of)
            .map(|_| ())
            .map_err(reason)
    };
    for in_form in [false, true] {
        let with =
            |added: &str, headers: &[(&str, &str)]| verify(&VerifyPolicy::DEFAULT, in_form, added, headers);
        assert_eq!(with("", &[("user-agent", "a"), ("X-Amz-User-Agent", "a"), ("range", "a")]), Ok(()));
        assert_eq!(with("", &[("Host", "SDB.amazonaws.com:443"), ("x-amzn-trace-id", "1")]), Ok(()));
        for (name, value, refusal) in [
            ("authorization", "AWS4-HMAC-SHA256 x", REPEATED),
            ("X-Amzn-Authorization", "AWS3 x", REPEATED),
            ("x-amz-security-token", "t", UNSIGNED),
            ("X-Amz-Date", "20150830T123600Z", UNSIGNED),
            ("x-amz-target", "DynamoDB_20120810.Scan", UNSIGNED),
            ("host", "sqs.amazonaws.com", HostMismatch),
        ] {
            assert_eq!(with("", &[(name, value)]), Err(refusal), "{name}");
        }
        for (added, refusal) in [
            ("&Action=Delete", SignatureMismatch),
            ("&X-Amz-Signature=0", SignatureMismatch),
            ("&x-amz-security-token=t", SignatureMismatch),
            ("&SecurityToken=t", REPEATED),
            ("&%53ecurityToken=token", REPEATED),
            ("&AWSAccessKeyId=AKIAI44QH8DHBEXAMPLE", REPEATED),
            ("&Expires=2015-08-30T12%3A40%3A00Z", REPEATED),
        ] {
            assert_eq!(with(added, &[]), Err(refusal), "{added}");
        }
        let mut policy = VerifyPolicy::DEFAULT;
        policy.unsigned_headers = &["x-amz-cf-id"];
        policy.required_headers = &["host", "range"];
        assert_eq!(verify(&policy, in_form, "", &[("x-amz-cf-id", "1")]), Ok(()));
        assert_eq!(verify(&policy, in_form, "", &[("Range", "a")]), Err(UNSIGNED));
    }
    // A form's parameters are as good as the query's, and here nobody has signed them.
    assert_eq!(verify(&VerifyPolicy::DEFAULT, true, "", &[content_type]), Ok(()));
    for content_type in
        [content_type.1, " APPLICATION/X-WWW-Form-Urlencoded", "multipart/form-data; boundary=a"]
    {
        let verified = verify(&VerifyPolicy::DEFAULT, false, "", &[("content-type", content_type)]);
        assert_eq!(verified, Err(UnsignedPayloadRefused), "{content_type}");
    }
    assert_eq!(verify(&VerifyPolicy::DEFAULT, false, "", &[("content-type", "text/plain")]), Ok(()));
    let mut unread = VerifyPolicy::DEFAULT;
    unread.unsigned_payload = UnsignedPayload::Allowed;
    assert_eq!(verify(&unread, false, "", &[content_type]), Ok(()));
    let beside = Request::post("/?Action=Delete", "sdb.amazonaws.com");
    let beside = VerifyPolicy::DEFAULT.verify_sigv2(&beside, Some(form.as_bytes()), now, secret_of);
    assert_eq!(beside.unwrap_err(), Uncanonical(Error::QueryBesideForm));
}

#[test]
fn forms_name_each_reason() {
    use Refusal::*;
    let now = Timestamp::parse("20151229T000000Z").unwrap();
    let scope = CredentialScope::new(now.date(), "us-east-1", "s3").unwrap();
    let signature = sign_policy(&SigningKey::derive(SECRET, scope), "e30=").unwrap().to_string();
    let credential = format!("{ID}/{scope}");
    let good = [
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("X-Amz-Credential", &credential),
        ("X-Amz-Date", "20151229T000000Z"),
        ("Policy", "e30="),
        ("X-Amz-Signature", &signature),
    ];
    let verify = |fields: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| Field { name, value }).collect();
        let verified = VerifyPolicy::new("s3", "us-east-1").verify_form(&fields, now, |id, _| secret_of(id));
        verified.map(|form| form.policy().to_owned())
    };
    assert_eq!(verify(&good), Ok("e30=".to_owned()));
    assert_eq!(verify(&[]), Err(MissingAuthentication));
    let other = credential.replace("us-east-1", "eu-west-1");
    for (at, value, reason) in [
        (0, "AWS4-ECDSA-P256-SHA256", UnsupportedAlgorithm),
        (1, "x", MalformedQueryAuthentication),
        (1, &other, WrongRegion),
        (2, "20151230T000000Z", ScopeOfAnotherDay),
        (2, "today", MissingDate),
        (3, "e31=", SignatureMismatch),
        (3, "e3", Uncanonical(Error::MalformedPolicy)),
        (4, "0", MalformedQueryAuthentication),
    ] {
        let mut fields = good;
        fields[at].1 = value;
        assert_eq!(verify(&fields), Err(reason), "{at} {value}");
        assert_eq!(verify(&fields[..4]), Err(IncompleteSignature("x-amz-signature".into())));
    }
    for added in [
        ("policy", "e30="),
        // Who signed it, said once more, in either way.
        ("AWSAccessKeyId", "AKIAI44QH8DHBEXAMPLE"),
        ("awsaccesskeyid", ID),
        ("Signature", "AAAA"),
        ("x-amz-credential", &credential),
        ("x-amz-signature", &signature),
    ] {
        assert_eq!(verify(&[&good[..], &[added]].concat()).map_err(reason), Err(REPEATED), "{added:?}");
        assert_eq!(verify(&[&[added], &good[..]].concat()).map_err(reason), Err(REPEATED), "{added:?}");
    }
    let tokens = [("X-Amz-Security-Token", "t"), ("X-Amz-S3session-Token", "s")];
    for token in tokens {
        let fields = [&good[..], &[token]].concat();
        let fields: Vec<_> = fields.iter().map(|(name, value)| Field { name, value }).collect();
        let form = VerifyPolicy::DEFAULT.verify_form(&fields, now, |id, _| secret_of(id)).unwrap();
        assert_eq!(form.session_token().map(|token| token.to_string()), Some(token.1.to_owned()));
    }
    assert_eq!(verify(&[&good[..], &tokens].concat()).map_err(reason), Err(REPEATED));
}

/// The examples of AWS's pages "Signing and authenticating REST requests" and "Query string request authentication
/// alternative".
#[cfg(feature = "s3-legacy")]
#[test]
fn s3_legacy_takes_awss_examples_and_names_each_reason() {
    use Refusal::*;
    use awsauth_core::s3_legacy::Bucket;
    let verify = |target: &str, headers: &[(&str, &str)], seconds: u64| {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::get(target, "johnsmith.s3.amazonaws.com").headers(&headers);
        let now = Timestamp::from_unix(seconds).unwrap();
        VerifyPolicy::DEFAULT.verify_s3_legacy(&request, Bucket::ByHost, now, secret_of).map(|_| ())
    };
    let date = ("Date", "Tue, 27 Mar 2007 19:36:42 +0000");
    let good = "AWS AKIAIOSFODNN7EXAMPLE:bWq2s1WEIj+Ydj0vQ697zp+IXMU=";
    const SENT: u64 = 1_175_024_202;
    let header =
        |value: &str, seconds| verify("/photos/puppy.jpg", &[date, ("Authorization", value)], seconds);
    assert_eq!(header(good, SENT), Ok(()));
    assert_eq!(header(good, SENT + 901), Err(TimeTooSkewed));
    assert_eq!(header("AWS4-HMAC-SHA256 x", SENT), Err(UnsupportedAlgorithm));
    assert_eq!(header("AWS x", SENT), Err(MalformedAuthorization));
    assert_eq!(header(&good.replace("bWq", "bWr"), SENT), Err(SignatureMismatch));
    assert_eq!(header(&good.replace("AKIAI", "AKIAJ"), SENT), Err(UnknownAccessKeyId));
    assert_eq!(verify("/photos/puppy.jpg", &[("Authorization", good)], SENT), Err(MissingDate));
    assert_eq!(verify("/photos/puppy.jpg", &[date], SENT), Err(MissingAuthentication));
    assert_eq!(
        verify("/photos/puppy.jpg?acl", &[date, ("Authorization", good)], SENT),
        Err(SignatureMismatch)
    );

    const EXPIRES: u64 = 1_175_139_620;
    let presigned = "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\
        &Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";
    assert_eq!(verify(presigned, &[], EXPIRES), Ok(()));
    assert_eq!(verify(presigned, &[], EXPIRES + 1), Err(Expired));
    assert_eq!(
        verify(presigned, &[("Authorization", good), date], EXPIRES),
        Err(RepeatedAuthentication("authorization".into()))
    );
    assert_eq!(verify(presigned, &[("x-amz-acl", "public-read")], EXPIRES), Err(SignatureMismatch));
    for (from, to, reason) in [
        ("&Expires=1175139620", "", IncompleteSignature("Expires".into())),
        ("&Expires=", "&Expires=x", MalformedQueryAuthentication),
        ("1175139620", "1175139621", SignatureMismatch),
        ("&Expires=", "&Expires=1&Expires=", RepeatedAuthentication("Expires".into())),
    ] {
        assert_eq!(verify(&presigned.replace(from, to), &[], EXPIRES), Err(reason), "{from} -> {to}");
    }
}

#[cfg(feature = "s3-legacy")]
#[test]
fn s3_legacy_forms_name_each_reason() {
    use Refusal::*;
    let credentials = Credentials::new(ID, SECRET).unwrap();
    let signature = awsauth_core::s3_legacy::sign_policy(&credentials, "e30=").unwrap().to_string();
    let good = [("AWSAccessKeyId", ID), ("Policy", "e30="), ("Signature", &signature)];
    let verify = |fields: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| Field { name, value }).collect();
        let verified = VerifyPolicy::DEFAULT.verify_s3_legacy_form(&fields, secret_of);
        verified.map(|form| (form.access_key_id().to_owned(), form.policy().to_owned()))
    };
    assert_eq!(verify(&good), Ok((ID.to_owned(), "e30=".to_owned())));
    assert_eq!(verify(&good[1..2]), Err(MissingAuthentication));
    for (at, value, reason) in [
        (0, "AKIAI44QH8DHBEXAMPLE", UnknownAccessKeyId),
        (1, "e31=", SignatureMismatch),
        (1, "e3", Uncanonical(Error::MalformedPolicy)),
        (2, "", SignatureMismatch),
        (2, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", SignatureMismatch),
        (2, "a signature that is longer than any that there is", SignatureMismatch),
    ] {
        let mut fields = good;
        fields[at].1 = value;
        assert_eq!(verify(&fields), Err(reason), "{at} {value}");
    }
    for (without, name) in ["AWSAccessKeyId", "policy", "signature"].into_iter().enumerate() {
        let mut fields = good.to_vec();
        fields.remove(without);
        assert_eq!(verify(&fields), Err(IncompleteSignature(name.into())));
    }
    for twice in [
        ("signature", "x"),
        ("policy", "e30="),
        // Who signed it, said in the way of another scheme.
        ("X-Amz-Signature", "x"),
        ("x-amz-credential", "AKIAI44QH8DHBEXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-date", "20151229T000000Z"),
        ("x-amz-s3session-token", "t"),
    ] {
        assert_eq!(verify(&[&good[..], &[twice]].concat()).map_err(reason), Err(REPEATED), "{twice:?}");
    }
}

proptest! {
    #[test]
    fn nothing_panics(
        query in "((AWSAccessKeyId|Expires|Signature(Method|Version)?|Timestamp|SecurityToken|x-amz-security-token)=[!-~]{0,30}&?|[ -~]{0,9}){0,8}",
        form in "\\PC{0,30}",
        authorization in "(AWS )?[ -~]{0,30}",
        date in "\\PC{0,30}",
        seconds in 0..253_402_300_800_u64,
    ) {
        let headers = [
            Header::new("authorization", authorization.as_bytes()),
            Header::new("date", date.as_bytes()),
        ];
        let now = Timestamp::from_unix(seconds).unwrap();
        let policy = VerifyPolicy::DEFAULT;
        let known = |_: &str| Some(SECRET);
        let target = format!("/?{query}");
        for headers in [&headers[..], &[]] {
            let request = Request::get(&target, "example.com").headers(headers);
            prop_assert!(policy.verify_sigv2(&request, None, now, known).is_err());
            prop_assert!(policy.verify_sigv2(&request, Some(form.as_bytes()), now, known).is_err());
            #[cfg(feature = "s3-legacy")]
            for bucket in [awsauth_core::s3_legacy::Bucket::ByHost, awsauth_core::s3_legacy::Bucket::InPath] {
                prop_assert!(policy.verify_s3_legacy(&request, bucket, now, known).is_err());
            }
        }
        let fields = [("x-amz-algorithm", "AWS4-HMAC-SHA256"), ("x-amz-credential", &authorization), ("x-amz-date", &date), ("policy", &form), ("x-amz-signature", &query)];
        let fields = fields.map(|(name, value)| Field { name, value });
        prop_assert!(policy.verify_form(&fields, now, |_, _| Some(SECRET)).is_err());
        #[cfg(feature = "s3-legacy")]
        {
            let names = ["awsaccesskeyid", "policy", "signature", "x-amz-security-token", "policy_"];
            let mut fields = fields;
            fields.iter_mut().zip(names).for_each(|(field, name)| field.name = name);
            prop_assert!(policy.verify_s3_legacy_form(&fields, |_| Some(SECRET)).is_err());
        }
    }
}
