//! Verification: what is accepted, and each reason why not.

#![allow(clippy::unwrap_used)]

use awsauth_core::verify::{
    ChunkVerifier, NonCanonicalPath, PendingBody, Refusal, UnsignedPayload, VerifyPolicy,
};
use awsauth_core::{
    CredentialScope, Error, Header, PayloadHash, Request, Signature, SigningKey, SigningOptions, Sigv4,
    Timestamp, TokenPlacement, Trailers, sha256,
};
use proptest::collection::vec;
use proptest::prelude::*;

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const NOW: &str = "20130524T000000Z";
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The first example of AWS's page "Signature Calculations for the Authorization Header".
const CREDENTIAL: &str = "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const NAMES: &str = "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date";
const SIGNATURE: &str = "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

/// The example with these headers besides, or in place of, its own.
fn with(authorization: &str, changes: &[(&str, &str)]) -> Result<(), Refusal> {
    let mut headers = vec![
        ("host", "examplebucket.s3.amazonaws.com"),
        ("range", "bytes=0-9"),
        ("x-amz-content-sha256", EMPTY),
        ("x-amz-date", NOW),
        ("authorization", authorization),
    ];
    for (name, value) in changes {
        match headers.iter_mut().find(|(other, _)| other == name) {
            Some(header) => header.1 = value,
            None => headers.push((name, value)),
        }
    }
    headers.retain(|(_, value)| *value != "-");
    verify("/test.txt", &headers, &VerifyPolicy::DEFAULT)
}

fn verify(target: &str, headers: &[(&str, &str)], policy: &VerifyPolicy<'_>) -> Result<(), Refusal> {
    verify_at(now(), target, headers, policy)
}

fn verify_at(
    now: Timestamp,
    target: &str,
    headers: &[(&str, &str)],
    policy: &VerifyPolicy<'_>,
) -> Result<(), Refusal> {
    let headers: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
    let request = Request::get(target, "examplebucket.s3.amazonaws.com").headers(&headers);
    let body = Some(sha256(b""));
    policy.verify(&request, body, now, |claim| (claim.access_key_id() == ID).then_some(SECRET)).map(|_| ())
}

#[test]
fn takes_what_aws_takes() {
    for authorization in [
        format!("AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGNATURE}"),
        format!("AWS4-HMAC-SHA256 {CREDENTIAL},{NAMES},{SIGNATURE}"),
        format!("  AWS4-HMAC-SHA256  {SIGNATURE} ,\t{CREDENTIAL}, {NAMES} "),
        format!("AWS4-HMAC-SHA256, {CREDENTIAL}, {NAMES}, {SIGNATURE}"),
        format!("AWS4-HMAC-SHA256,{CREDENTIAL},{NAMES},{SIGNATURE}"),
        format!("AWS4-HMAC-SHA256 {CREDENTIAL} {NAMES} {SIGNATURE}"),
        format!("AWS4-HMAC-SHA256 , {CREDENTIAL}\t{NAMES} ,{SIGNATURE}"),
    ] {
        assert_eq!(with(&authorization, &[]), Ok(()), "{authorization}");
    }
    let authorization = format!("AWS4-HMAC-SHA256 {CREDENTIAL}, {NAMES}, {SIGNATURE}");
    assert_eq!(with(&authorization, &[("user-agent", "x"), ("x-amzn-trace-id", "1")]), Ok(()));
}

#[test]
fn names_each_reason() {
    use Refusal::*;
    let good = format!("AWS4-HMAC-SHA256 {CREDENTIAL},{NAMES},{SIGNATURE}");
    let replaced = |from: &str, to: &str| good.replace(from, to);
    for (authorization, reason) in [
        ("-".to_owned(), MissingAuthentication),
        (replaced("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), UnsupportedAlgorithm),
        ("AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=".to_owned(), UnsupportedAlgorithm),
        ("AWS4-HMAC-SHA256".to_owned(), IncompleteSignature("Credential".into())),
        (replaced("HMAC-SHA256 ", "HMAC-SHA256,,"), MalformedAuthorization),
        (replaced("HMAC-SHA256 ", "HMAC-SHA256"), UnsupportedAlgorithm),
        (replaced(",SignedHeaders", ", ,SignedHeaders"), MalformedAuthorization),
        (replaced(",SignedHeaders", "SignedHeaders"), IncompleteSignature("SignedHeaders".into())),
        (replaced("Signature=", "Signature= "), MalformedAuthorization),
        (format!("AWS4-HMAC-SHA256 {CREDENTIAL},{NAMES}"), IncompleteSignature("Signature".into())),
        (format!("AWS4-HMAC-SHA256 {CREDENTIAL},{SIGNATURE}"), IncompleteSignature("SignedHeaders".into())),
        (format!("{good},"), MalformedAuthorization),
        (format!("{good},{SIGNATURE}"), RepeatedAuthentication("Signature".into())),
        (format!("{good},X=1"), MalformedAuthorization),
        (replaced("bdb41", "bdb4"), MalformedAuthorization),
        (replaced("f0e8", "F0E8"), MalformedAuthorization),
        (replaced("/aws4_request", ""), MalformedAuthorization),
        (replaced("aws4_request", "aws4_request/x"), MalformedAuthorization),
        (replaced("Credential=A", "Credential=/A"), MalformedAuthorization),
        (replaced("20130524", "20130532"), MalformedAuthorization),
        (replaced("20130524", "20130525"), ScopeOfAnotherDay),
        (replaced("host;range", "range;host"), MalformedAuthorization),
        (replaced("host;range", "host;host;range"), MalformedAuthorization),
        (replaced("host;range", "Host;range"), MalformedAuthorization),
        (replaced("host;range", "host;;range"), MalformedAuthorization),
        (replaced("host;range", "range"), UnsignedHeader("host".into())),
        (replaced("range;x-amz-content-sha256", "range"), SignatureMismatch),
        (replaced("range", "range;referer"), MissingSignedHeader("referer".into())),
        (replaced("host;range", "host"), SignatureMismatch),
        (replaced(ID, "AKIAI44QH8DHBEXAMPLE"), UnknownAccessKeyId),
        (replaced("us-east-1", "eu-west-1"), SignatureMismatch),
    ] {
        assert_eq!(with(&authorization, &[]), Err(reason), "{authorization}");
    }
    for (name, value, reason) in [
        ("x-amz-date", "-", MissingDate),
        ("x-amz-date", "Fri, 24 May 2013 00:00:00 GMT", MissingDate),
        ("x-amz-date", "20130524T001501Z", TimeTooSkewed),
        ("x-amz-date", "20130523T234459Z", ScopeOfAnotherDay),
        ("x-amz-content-sha256", "x", MalformedPayloadHash),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD", SignatureMismatch),
        ("X-Amz-Acl", "public-read", UnsignedHeader("x-amz-acl".into())),
        ("X-Amz-Date", NOW, RepeatedAuthentication("x-amz-date".into())),
        ("Authorization", "x", RepeatedAuthentication("authorization".into())),
        ("Host", "examplebucket.s3.amazonaws.com", Uncanonical(Error::RepeatedHost)),
        ("x", "\0", Uncanonical(Error::ControlInHeader)),
    ] {
        assert_eq!(with(&good, &[(name, value)]), Err(reason), "{name}: {value}");
    }
    let many: Vec<_> = (100..300).map(|n| format!("h{n}")).collect();
    assert_eq!(
        with(&replaced("host;", &format!("{};host;", many.join(";"))), &[]),
        Err(TooManySignedHeaders)
    );
}

#[test]
fn a_body_must_be_the_signed_one() {
    let scope = CredentialScope::new(now().date(), "us-east-1", "sqs").unwrap();
    let key = SigningKey::derive(SECRET, scope);
    for (sends_hash, reason) in [(true, Refusal::PayloadMismatch), (false, Refusal::SignatureMismatch)] {
        let mut options = SigningOptions::DEFAULT;
        options.content_sha256_header = sends_hash;
        let request = Request::post("/", "sqs.us-east-1.amazonaws.com");
        let signed =
            Sigv4::new(ID, &key).options(options).sign(&request, PayloadHash::of(b"body"), now()).unwrap();
        let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
        let headers: Vec<_> = added.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let verify = |body: Option<&[u8]>| {
            let policy = VerifyPolicy::new("sqs", "us-east-1");
            // A key that was derived before, as caches hold it.
            policy
                .verify(&request.headers(&headers), body.map(sha256), now(), |_| Some(key.hmac_key().clone()))
        };
        assert!(verify(Some(b"body")).is_ok());
        assert_eq!(verify(Some(b"bodz")).unwrap_err(), reason);
        assert_eq!(verify(None).unwrap_err(), Refusal::PayloadHashNeeded);
    }
}

/// The example of AWS's page "Authenticating Requests: Using Query Parameters".
const PRESIGNED: &str = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
    &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
    &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
    &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

#[test]
fn presigned_urls_live_from_their_date_to_their_expiry() {
    use Refusal::*;
    let verify = |seconds: i64, target: &str, policy: &VerifyPolicy<'_>| {
        let instant = now().unix_seconds().checked_add_signed(seconds).unwrap();
        verify_at(Timestamp::from_unix(instant).unwrap(), target, &[], policy)
    };
    let policy = VerifyPolicy::DEFAULT;
    for (seconds, answer) in
        [(-901, Err(NotYetValid)), (-900, Ok(())), (0, Ok(())), (86_400, Ok(())), (86_401, Err(Expired))]
    {
        assert_eq!(verify(seconds, PRESIGNED, &policy), answer, "{seconds}");
    }
    // The parameters may stand in any order, and slashes be bare.
    let (path, query) = PRESIGNED.split_once('?').unwrap();
    let turned: Vec<_> = query.rsplit('&').collect();
    assert_eq!(verify(0, &format!("{path}?{}", turned.join("&")).replace("%2F", "/"), &policy), Ok(()));
    // An escape stands for what it stands for.
    for (from, to) in [("%2Fs3", "%2fs%33"), ("=host", "=%68ost"), ("=AKIA", "=%41KIA")] {
        assert_eq!(verify(0, &PRESIGNED.replace(from, to), &policy), Ok(()), "{to}");
    }
    for (from, to, reason) in [
        ("=86400", "=604801", ExpiryOutOfRange),
        ("=86400", "=0", ExpiryOutOfRange),
        ("=86400", "=99999999999999999999", ExpiryOutOfRange),
        ("=86400", "=-1", MalformedQueryAuthentication),
        ("&X-Amz-Expires=86400", "", IncompleteSignature("X-Amz-Expires".into())),
        ("&X-Amz-Date=", "&x=", IncompleteSignature("X-Amz-Date".into())),
        ("=86400", "=86400&X-Amz-Expires=5", RepeatedAuthentication("X-Amz-Expires".into())),
        ("=86400", "=86400&X-Amz%2DExpires=5", RepeatedAuthentication("X-Amz-Expires".into())),
        ("=86400", "=86399", SignatureMismatch),
        ("%2Fs3", "%2Fs%34", SignatureMismatch),
        ("%2Fs3", "%2Fs+", MalformedQueryAuthentication),
        ("=host", "=host+", MalformedQueryAuthentication),
        ("=host", "=host%3B%41", MalformedQueryAuthentication),
        ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", UnsupportedAlgorithm),
        ("=host", "=host%3Brange", MissingSignedHeader("range".into())),
        ("=host", "=%", MalformedQueryAuthentication),
        ("/test", "/%zz", Uncanonical(Error::MalformedPercent)),
    ] {
        assert_eq!(verify(0, &PRESIGNED.replace(from, to), &policy), Err(reason), "{from} -> {to}");
    }
    type Change = fn(&mut VerifyPolicy<'_>);
    let changes: [(Change, Refusal); 5] = [
        (|policy| policy.maximum_expires = 3_600, ExpiryOutOfRange),
        (|policy| policy.region = Some("eu-west-1"), WrongRegion),
        (|policy| policy.service = Some("s3express"), WrongService),
        (|policy| policy.unsigned_payload = UnsignedPayload::Refused, UnsignedPayloadRefused),
        (|policy| policy.signed_host = Some("files.example.com"), SignatureMismatch),
    ];
    for (change, reason) in changes {
        let mut policy = VerifyPolicy::DEFAULT;
        change(&mut policy);
        assert_eq!(verify(0, PRESIGNED, &policy), Err(reason), "{policy:?}");
    }
    assert_eq!(
        self::verify(PRESIGNED, &[("x-amz-acl", "public-read")], &policy),
        Err(UnsignedHeader("x-amz-acl".into())),
        "a header that its signer did not see"
    );
    let mut policy = VerifyPolicy::DEFAULT;
    policy.unsigned_headers = &["x-amz-cf-id"];
    assert_eq!(self::verify(PRESIGNED, &[("x-amz-cf-id", "1")], &policy), Ok(()));
    policy.required_headers = &["content-type"];
    assert_eq!(
        self::verify(PRESIGNED, &[("content-type", "text/plain")], &policy),
        Err(UnsignedHeader("content-type".into()))
    );
}

#[test]
fn tokens_are_read_where_they_are() {
    let scope = CredentialScope::new(now().date(), "eu-west-1", "iotdevicegateway").unwrap();
    let key = SigningKey::derive(SECRET, scope);
    let token = "IQoJb3JpZ2luX2VjE+/=";
    for placement in [TokenPlacement::Signed, TokenPlacement::AppendedUnsigned, TokenPlacement::S3Express] {
        let signer = Sigv4::new("AK=ID+EXAMPLE", &key).session_token(token).token_placement(placement);
        let request = Request::get("/mqtt", "abc-ats.iot.eu-west-1.amazonaws.com");
        let target = signer.presign(&request, PayloadHash::EMPTY, now(), 300).unwrap().target().to_string();
        let mut policy = VerifyPolicy::DEFAULT;
        policy.token_placement = placement;
        let received = Request::get(&target, "abc-ats.iot.eu-west-1.amazonaws.com");
        let verified = policy.verify(&received, Some(sha256(b"")), now(), |_| Some(SECRET)).unwrap();
        assert_eq!(verified.claim().session_token().unwrap().to_string(), token);
        assert_eq!(verified.access_key_id(), "AK=ID+EXAMPLE");
        assert_eq!(verified.claim().expires(), Some(300));
        let debug = format!("{verified:?}");
        assert!(!debug.contains(SECRET) && !debug.contains("IQo") && !debug.contains("X-Amz"), "{debug}");
    }
}

/// The example of AWS's page "Signature Calculations for the Authorization Header: Including Trailing Headers".
#[test]
fn chunks_verify_in_order_and_nothing_after_a_wrong_one_does() {
    let headers = [
        Header::new("content-encoding", b"aws-chunked"),
        Header::new("host", b"s3.amazonaws.com"),
        Header::new("x-amz-decoded-content-length", b"66560"),
        Header::new("x-amz-storage-class", b"REDUCED_REDUNDANCY"),
        Header::new("x-amz-trailer", b"x-amz-checksum-crc32c"),
        Header::new("x-amz-content-sha256", b"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
        Header::new("x-amz-date", NOW.as_bytes()),
        Header::new(
            "authorization",
            b"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
            SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
            x-amz-storage-class;x-amz-trailer,\
            Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        ),
    ];
    let request = Request::put("/examplebucket/chunkObject.txt", "s3.amazonaws.com").headers(&headers);
    let pending = VerifyPolicy::DEFAULT.verify_head(&request, now(), |_| Some(SECRET)).unwrap();
    let PendingBody::Chunked(pending) = pending else { panic!("{pending:?}") };
    let chunks = [
        (65_536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
        (1_024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
        (0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
    ];
    let last = Signature::parse("d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435").unwrap();
    let trailers = [Header::new("x-amz-checksum-crc32c", b"sOO8/Q==")];
    let trailers = Trailers::new(&trailers).unwrap();

    let new =
        || ChunkVerifier::new(pending.signing_key(), now(), pending.signature()).unwrap().with_trailers();
    let mut verifier = new();
    for (length, signature) in chunks {
        let signature = Signature::parse(signature).unwrap();
        assert_eq!(verifier.verify_chunk(&sha256(&vec![b'a'; length]), signature), Ok(()));
    }
    assert_eq!(verifier.verify_trailers(&trailers, last), Ok(()));

    let mut verifier = new();
    for (at, (length, signature)) in chunks.into_iter().enumerate() {
        let signature = Signature::parse(signature).unwrap();
        let data = vec![if at == 1 { b'b' } else { b'a' }; length];
        assert_eq!(verifier.verify_chunk(&sha256(&data), signature).is_ok(), at == 0, "{at}");
    }
    assert_eq!(verifier.verify_trailers(&trailers, last), Err(Refusal::ChunkSignatureMismatch));
}

/// The presented signature is of a type that has no comparison but the constant-time one; so a difference in the first
/// bit is refused like one in the last.
#[test]
fn every_bit_of_the_signature_counts() {
    let good = format!("AWS4-HMAC-SHA256 {CREDENTIAL},{NAMES},{SIGNATURE}");
    let start = good.len() - 64;
    for digit in 0..64 {
        for bit in 0..4 {
            let mut digits: Vec<char> = good.chars().collect();
            let value = digits[start + digit].to_digit(16).unwrap() ^ 1 << bit;
            digits[start + digit] = char::from_digit(value, 16).unwrap();
            let authorization: String = digits.into_iter().collect();
            assert_eq!(with(&authorization, &[]), Err(Refusal::SignatureMismatch), "{digit}.{bit}");
        }
    }
}

proptest! {
    #[test]
    fn nothing_panics(
        target in "(/[ -~]{0,20}(\\?([ -~]{0,20}|(&?X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature)=[!-~]{0,40}){0,7}))?|\\PC{0,20})",
        headers in vec(("(authorization|host|x-amz-date|x-amz-content-sha256|[!-~]{0,8})", vec(any::<u8>(), 0..60)), 0..6),
        authorization in "(AWS4-HMAC-SHA256 )?(Credential|SignedHeaders|Signature|[ -~]{0,9}|=|,|/|;|%3B){0,12}",
        seconds in 0..253_402_300_800_u64,
    ) {
        let mut lent: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        lent.push(Header::new("authorization", authorization.as_bytes()));
        let request = Request::get(&target, "example.com").headers(&lent);
        let now = Timestamp::from_unix(seconds).unwrap();
        prop_assert!(VerifyPolicy::DEFAULT.verify(&request, None, now, |_| Some(SECRET)).is_err());
        if let Ok(PendingBody::Hashed(pending)) = VerifyPolicy::DEFAULT.verify_head(&request, now, |_| Some(SECRET)) {
            prop_assert!(pending.signature().is_none());
            prop_assert!(pending.verify(&[0; 32]).is_err());
        }
        let request = Request::get(&target, "example.com").headers(&lent[..headers.len()]);
        prop_assert!(VerifyPolicy::DEFAULT.verify(&request, Some([0; 32]), now, |_| Some(SECRET)).is_err());
    }

    #[test]
    fn what_is_signed_verifies(
        path in "(/[ -\"$%&'-~]{0,9}){0,4}",
        query in "([a-zA-Z+!.~=&/:-]|%[2-7][0-9A-Fa-f]){0,30}",
        value in "[ -~]{0,20}",
        service in "(s3|execute-api|sqs)",
        presign: bool,
        body in vec(any::<u8>(), 0..20),
    ) {
        let scope = CredentialScope::new(now().date(), "eu-west-1", &service).unwrap();
        let key = SigningKey::derive(SECRET, scope);
        let target = format!("{}?{query}", if path.is_empty() { "/" } else { &path });
        let own = [Header::new("X-Amz-Meta-A", value.as_bytes()), Header::new("content-type", b"text/plain")];
        let request = Request::put(&target, "Example.com:443").headers(&own);
        let signer = Sigv4::new(ID, &key);
        let (payload, mut policy) = (PayloadHash::of(&body), VerifyPolicy::new(&service, "eu-west-1"));
        policy.noncanonical_path = NonCanonicalPath::Allowed;
        let signed = match presign {
            true if service == "s3" => signer.presign(&request, PayloadHash::Unsigned, now(), 60),
            true => signer.presign(&request, payload, now(), 60),
            false => signer.sign(&request, payload, now()),
        };
        // What cannot be signed is another test's.
        let Ok(signed) = signed else { return Ok(()) };
        let added: Vec<_> = signed.headers().map(|(name, value)| (name, value.to_string())).collect();
        let added = added.iter().map(|(name, value)| Header::new(name, value.as_bytes()));
        let headers: Vec<_> = own.into_iter().chain(added).collect();
        for sent in [signed.target().to_string(), target.clone()] {
            if presign && sent == target {
                continue;
            }
            let received = Request::put(&sent, "example.com").headers(&headers);
            let verified = policy.verify(&received, Some(sha256(&body)), now(), |_| Some(SECRET));
            prop_assert!(verified.is_ok(), "{:?} {}", verified.err(), sent);
            let path = verified.unwrap().canonical_path().to_string();
            let target = signed.target().to_string();
            prop_assert_eq!(target.split('?').next(), Some(&*path), "the path that was signed is the one to route by");
        }
    }
}
