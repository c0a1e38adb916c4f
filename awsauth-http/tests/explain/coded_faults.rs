//! Faults that a service names by a code or in a message, and those of the secret.

use core::time::Duration;

use awsauth_http::Credentials;
use awsauth_http::explain::{Cause, Trace};

use super::responses::{self, Response, json, plain, xml};
use super::{ID, SECRET, call, credentials, object, signed, signer};

#[test]
fn codes_and_messages_name_the_cause() {
    use Cause::*;
    let s3 = |status, code: &str, message: &str, more: &str| {
        plain(
            status,
            &format!(
                "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>"
            ),
        )
    };
    let head = |status: u16, name: &str, value: &str| {
        http::Response::builder().status(status).header(name, value).body(String::new()).unwrap()
    };
    let skewed = "<RequestTime>20150830T123600Z</RequestTime><ServerTime>2015-08-30T12:56:00Z</ServerTime>";
    let with_fraction = "<ServerTime>2015-08-30T12:56:00.123Z</ServerTime>";
    let cases: Vec<(Response, Cause, &str)> = vec![
        (s3(403, "RequestTimeTooSkewed", "The difference is too large.", skewed), ClockSkew, "1200 s behind"),
        (
            json(
                400,
                "InvalidSignatureException",
                "Signature expired: 20150830T123600Z is now earlier than 20150830T124500Z (20150830T130000Z - 15 min.)",
            ),
            ClockSkew,
            "1440 s behind",
        ),
        (
            xml(
                403,
                "SignatureDoesNotMatch",
                "Signature not yet current: 20150830T123600Z is still later than 20150830T121500Z (20150830T120000Z + 15 min.)",
            ),
            ClockSkew,
            "2160 s ahead",
        ),
        (xml(400, "RequestExpired", "Request has expired."), ClockSkew, "20150830T123600Z"),
        (
            s3(403, "RequestTimeTooSkewed", "The difference is too large.", with_fraction),
            ClockSkew,
            "1200 s behind",
        ),
        (
            s3(
                403,
                "AccessDenied",
                "The difference between the request time and the current time is too large",
                "",
            ),
            ClockSkew,
            "20150830T123600Z",
        ),
        (
            s3(
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-2'",
                "<Region>us-east-2</Region>",
            ),
            WrongRegion,
            "signed for eu-west-1, the service wants us-east-2",
        ),
        (
            xml(
                403,
                "SignatureDoesNotMatch",
                "Credential should be scoped to a valid region, not 'eu-west-1'. ",
            ),
            WrongRegion,
            "eu-west-1",
        ),
        (
            json(403, "InvalidSignatureException", "Credential should be scoped to a valid region."),
            WrongRegion,
            "eu-west-1",
        ),
        (
            s3(
                301,
                "PermanentRedirect",
                "The bucket must be addressed using the specified endpoint.",
                "<Endpoint>x</Endpoint>",
            ),
            WrongRegion,
            "eu-west-1",
        ),
        (head(400, "x-amz-bucket-region", "us-west-2"), WrongRegion, "us-west-2"),
        (
            json(
                403,
                "InvalidSignatureException",
                "Credential should be scoped to correct service: 'execute-api'.",
            ),
            WrongService,
            "wants execute-api",
        ),
        (
            s3(
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; incorrect service \"x\". This endpoint belongs to 's3'.",
                "",
            ),
            WrongService,
            "wants s3",
        ),
        (
            xml(
                403,
                "SignatureDoesNotMatch",
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150830' != '20150831'",
            ),
            ScopeOfAnotherDay,
            "20150830",
        ),
        (
            s3(
                403,
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
                "<AWSAccessKeyId>A</AWSAccessKeyId>",
            ),
            UnknownAccessKeyId,
            "InvalidAccessKeyId",
        ),
        (
            xml(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
            UnknownAccessKeyId,
            "AKIA",
        ),
        (
            json(
                403,
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            ),
            UnknownAccessKeyId,
            "without",
        ),
        (head(403, "x-amzn-errortype", "UnrecognizedClientException:http://x/"), UnknownAccessKeyId, "AKIA"),
        (
            xml(401, "AuthFailure", "AWS was not able to validate the provided access credentials"),
            UnknownAccessKeyId,
            "AuthFailure",
        ),
        (
            s3(400, "ExpiredToken", "The provided token has expired.", "<Token-0>x</Token-0>"),
            ExpiredSessionToken,
            "ExpiredToken",
        ),
        (
            json(403, "ExpiredTokenException", "The security token included in the request is expired"),
            ExpiredSessionToken,
            "403",
        ),
        (
            s3(400, "InvalidToken", "The provided token is malformed or otherwise invalid.", ""),
            UnknownAccessKeyId,
            "InvalidToken",
        ),
        (
            json(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
            NotSigned,
            "was signed when",
        ),
        (plain(403, "{\"message\":\"Missing Authentication Token\"}"), NotSigned, "was signed when"),
        (
            json(
                403,
                "IncompleteSignatureException",
                "Authorization header requires 'Credential' parameter.",
            ),
            IncompleteAuthorization,
            "IncompleteSignature",
        ),
        (
            xml(
                400,
                "IncompleteSignature",
                "'x' not a valid key=value pair (missing equal-sign) in Authorization header: 'x'.",
            ),
            IncompleteAuthorization,
            "400",
        ),
        (
            s3(
                403,
                "AccessDenied",
                "There were headers present in the request which were not signed",
                "<HeadersNotSigned>x-amz-acl</HeadersNotSigned>",
            ),
            UnsignedHeader,
            "x-amz-acl",
        ),
        (
            s3(
                400,
                "InvalidArgument",
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
                "",
            ),
            RepeatedAuthentication,
            "InvalidArgument",
        ),
        (
            s3(
                400,
                "InvalidRequest",
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
                "",
            ),
            WrongScheme,
            "InvalidRequest",
        ),
        (
            s3(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256", ""),
            MissingContentSha256,
            "InvalidRequest",
        ),
        (
            s3(
                400,
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                "<S3ComputedContentSHA256>e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855</S3ComputedContentSHA256>",
            ),
            BodyNotReceived,
            "payload hash, byte 1",
        ),
        (
            s3(
                400,
                "AuthorizationQueryParametersError",
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
                "",
            ),
            ExpiryOutOfRange,
            "asked for",
        ),
        (s3(403, "AccessDenied", "Access Denied", ""), NotAuthentication, "AccessDenied"),
        (
            json(
                400,
                "AccessDeniedException",
                "User: arn:aws:iam::1:user/x is not authorized to perform: sqs:ListQueues",
            ),
            NotAuthentication,
            "AccessDeniedException: User: .. is not authorized to perform: sqs:ListQueues",
        ),
        (head(403, "date", "Sun, 30 Aug 2015 12:52:00 GMT"), ClockSkew, "960 s behind"),
        (head(403, "date", "Sun, 30 Aug 2015 12:50:00 GMT"), WrongSecretOrChanged, "403 no code"),
        (s3(400, "InvalidBucketName", "no", ""), NotAuthentication, "400 InvalidBucketName: no"),
        (plain(400, "<html><h1>Bad Request</h1></html>"), NotAuthentication, "400 no code"),
        (plain(400, ""), WrongSecretOrChanged, "400 no code"),
        (
            s3(
                400,
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; incorrect service \"x\". This endpoint belongs to \"s3\".",
                "",
            ),
            WrongService,
            "wants s3",
        ),
        // s3s's.
        (
            s3(501, "NotImplemented", "unknown service 'x' in credential scope; expected 's3' or 'sts'", ""),
            WrongService,
            "wants s3",
        ),
        (s3(403, "AccessDenied", "Signature is required", ""), NotSigned, "was signed when"),
        (plain(200, ""), Accepted, "200"),
        (plain(403, "<Error><Code>Signature"), WrongSecretOrChanged, "403"),
        (plain(403, ""), WrongSecretOrChanged, "no code"),
    ];
    let request = signed(object());
    let trace = Trace::of(&request, &credentials());
    for (answer, cause, evidence) in &cases {
        let diagnosis = trace.explain(answer);
        assert_eq!(diagnosis.cause(), *cause, "{}\n{diagnosis}", answer.body());
        assert!(diagnosis.evidence().contains(evidence), "{diagnosis}");
    }
    println!("{} answers", cases.len());
}

#[test]
fn keys_and_tokens_that_do_not_go_together() {
    let unknown =
        || json(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
    for (id, token, answer, cause) in [
        ("ASIAIOSFODNN7EXAMPLE", None, unknown(), Cause::MissingSessionToken),
        ("ASIAIOSFODNN7EXAMPLE", Some("token"), unknown(), Cause::InvalidSessionToken),
        (ID, Some("token"), unknown(), Cause::StraySessionToken),
        (
            "AKIA+IOSFODNN7",
            None,
            xml(400, "IncompleteSignature", "'x' not a valid key=value pair"),
            Cause::MalformedAccessKeyId,
        ),
    ] {
        let mut credentials = Credentials::new(id, SECRET);
        if let Some(token) = token {
            credentials = credentials.with_session_token(token);
        }
        let mut request = call();
        signer(&credentials).sign_blocking(&mut request).unwrap();
        let diagnosis = Trace::of(&request, &credentials).explain(&answer);
        assert_eq!(diagnosis.cause(), cause, "{id}\n{diagnosis}");
    }
}

#[test]
fn equal_strings_mean_another_secret() {
    for (secret, cause) in [
        ("wJalrXUtnFEMI/K7MDENG+bPxRfiCYANOTHERKEY", Cause::WrongSecret),
        ("\"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\"", Cause::SecretQuoted),
        ("wJalrXUtnFEMI%2FK7MDENG%2BbPxRfiCYEXAMPLEKEY", Cause::SecretEncoded),
    ] {
        let credentials = Credentials::new(ID, secret);
        let mut request = object();
        signer(&credentials).sign_blocking(&mut request).unwrap();
        let canonical = responses::canonical_of(&request);
        let trace = Trace::of(&request, &credentials);
        for answer in [
            responses::s3(&request, &canonical),
            responses::api_gateway(&request, &canonical),
            responses::hash_only(&request, &canonical),
        ] {
            let diagnosis = trace.explain(&answer);
            assert_eq!(diagnosis.cause(), cause, "{diagnosis}");
        }
        // Who says nothing may have seen another request.
        let diagnosis = trace.explain(&responses::silent());
        let unsure = if cause == Cause::WrongSecret { Cause::WrongSecretOrChanged } else { cause };
        assert_eq!(diagnosis.cause(), unsure, "{diagnosis}");
        // Or the signer had the spoiled secret, and the doctor has the right one.
        if cause != Cause::WrongSecret {
            let right = Credentials::new(ID, SECRET);
            let diagnosis = Trace::of(&request, &right).explain(&responses::silent());
            assert_eq!(diagnosis.cause(), cause, "{diagnosis}");
        }
    }
}

/// `Credentials` trim them, so that it takes another signer to do this.
#[test]
fn a_secret_with_blanks_around_it() {
    let request = signed(object());
    let canonical = responses::canonical_of(&request);
    for secret in [format!("{SECRET}\n"), format!("{SECRET}\r\n"), format!("{SECRET} "), format!(" {SECRET}")]
    {
        let request = responses::signed_as(&request, &canonical, &secret);
        let diagnosis = Trace::of(&request, &credentials()).explain(&responses::silent());
        assert_eq!(diagnosis.cause(), Cause::SecretBlank, "{secret:?}: {diagnosis}");
    }
}

#[test]
fn a_request_that_was_changed_after_signing() {
    let mut request = signed(object());
    request.headers_mut().insert("x-amz-meta-a", "changed".parse().unwrap());
    let diagnosis = Trace::of(&request, &credentials()).explain(&responses::silent());
    assert_eq!(diagnosis.cause(), Cause::ChangedAfterSigning, "{diagnosis}");
}

#[test]
fn a_request_that_was_never_signed() {
    let trace = Trace::of(&call(), &credentials());
    let answer = json(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    let diagnosis = trace.explain(&answer);
    assert_eq!(diagnosis.cause(), Cause::NotSigned);
    assert!(diagnosis.evidence().contains("has no signature"), "{diagnosis}");
    assert_eq!(trace.explain(&plain(403, "")).cause(), Cause::NotSigned);
}

#[test]
fn presigned_urls_are_explained_too() {
    let request = http::Request::get("https://bucket.s3.eu-west-1.amazonaws.com/a").body(Vec::new()).unwrap();
    let presigned = signer(&credentials()).presign_blocking(&request, Duration::from_secs(60)).unwrap();
    let request = http::Request::get(presigned.url).body(Vec::new()).unwrap();
    let trace = Trace::of(&request, &credentials());
    for (message, cause) in [
        ("Request has expired", Cause::ExpiredUrl),
        ("Request is not yet valid", Cause::NotYetValidUrl),
        ("Access Denied", Cause::NotAuthentication),
    ] {
        assert_eq!(trace.explain(&xml(403, "AccessDenied", message)).cause(), cause);
    }
    assert_eq!(trace.explain(&responses::silent()).cause(), Cause::WrongSecretOrChanged);
    // A client that encodes the encoded URL once more.
    let uri = request.uri().to_string();
    let (url, query) = uri.split_once('?').unwrap();
    let changed = http::Request::put(format!("{url}?{query}")).body(Vec::new()).unwrap();
    let diagnosis = Trace::of(&changed, &credentials()).explain(&responses::silent());
    assert_eq!(diagnosis.cause(), Cause::ChangedAfterSigning, "{diagnosis}");
}
