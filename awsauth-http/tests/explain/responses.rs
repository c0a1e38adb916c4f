//! What services answer, in their published formats.

use awsauth_core::{CredentialScope, Date, SigningKey, StringToSign, Timestamp, sha256};
use awsauth_http::verify;
use awsauth_http::{UnsignedPayload, VerifyPolicy, awsauth_core};

use super::{Request, SECRET, TIME, now};

pub(crate) type Response = http::Response<String>;

/// AWS: "Error responses" of the Amazon S3 API Reference.
pub(crate) fn s3(request: &Request, canonical: &str) -> Response {
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    let string_to_sign = string_to_sign(request, canonical);
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>SignatureDoesNotMatch</Code><Message>The request \
         signature we calculated does not match the signature you provided. Check your key and signing method.\
         </Message><AWSAccessKeyId>AKIAIOSFODNN7EXAMPLE</AWSAccessKeyId><StringToSign>{string_to_sign}</StringToSign>\
         <SignatureProvided>0</SignatureProvided><StringToSignBytes>{}</StringToSignBytes><CanonicalRequest>{}\
         </CanonicalRequest><CanonicalRequestBytes>{}</CanonicalRequestBytes><RequestId>4442587FB7D0A2F9</RequestId>\
         </Error>",
        hex(&string_to_sign),
        canonical.replace('&', "&amp;").replace('<', "&lt;"),
        hex(canonical),
    );
    response(403, body)
}

/// S3's, of stores that leave the canonical request out.
pub(crate) fn hash_only(request: &Request, canonical: &str) -> Response {
    let string_to_sign = string_to_sign(request, canonical);
    response(
        403,
        format!(
            "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message>\
             <StringToSign>{string_to_sign}</StringToSign></Error>"
        ),
    )
}

/// API Gateway's, and those of services behind the same front end.
pub(crate) fn api_gateway(request: &Request, canonical: &str) -> Response {
    let message = format!(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this \
         request should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{}'\n",
        string_to_sign(request, canonical)
    );
    response(403, serde_json::json!({ "message": message }).to_string())
}

/// The error of S3 and the query services.
pub(crate) fn xml(status: u16, code: &str, message: &str) -> Response {
    response(
        status,
        format!(
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
             <Code>{code}</Code><Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
        ),
    )
}

/// The error of the JSON services.
pub(crate) fn json(status: u16, code: &str, message: &str) -> Response {
    let code = format!("com.amazon.coral.service#{code}");
    response(status, serde_json::json!({ "__type": code, "message": message }).to_string())
}

pub(crate) fn plain(status: u16, body: &str) -> Response {
    response(status, body.to_owned())
}

/// A front end that says nothing but the code.
pub(crate) fn silent() -> Response {
    json(403, "InvalidSignatureException", "The request signature we calculated does not match.")
}

fn response(status: u16, body: String) -> Response {
    http::Response::builder().status(status).body(body).unwrap()
}

pub(crate) fn canonical_of(request: &Request) -> String {
    let mut policy = VerifyPolicy::DEFAULT;
    policy.unsigned_payload = UnsignedPayload::Allowed;
    let mut canonical = String::new();
    let _ = verify(request, &policy, now(), |claim| {
        canonical = claim.canonical_request().to_string();
        None::<&str>
    });
    assert!(!canonical.is_empty());
    canonical
}

pub(crate) fn string_to_sign(request: &Request, canonical: &str) -> String {
    format!("AWS4-HMAC-SHA256\n{TIME}\n{}\n{}", scope(request), hex(&sha256(canonical.as_bytes())))
}

/// The same request with the signature of another canonical request, as a faulty signer would make it.
pub(crate) fn signed_as(request: &Request, canonical: &str, secret: &str) -> Request {
    let scope = scope(request);
    let parts: Vec<_> = scope.split('/').collect();
    let scope = CredentialScope::new(Date::parse(parts[0]).unwrap(), parts[1], parts[2]).unwrap();
    let time = Timestamp::parse(TIME).unwrap();
    let text = StringToSign::new("AWS4-HMAC-SHA256", time, scope, sha256(canonical.as_bytes()));
    let signature = SigningKey::derive(secret, scope).sign(&text);
    let mut request = request.clone();
    let authorization = request.headers()["authorization"].to_str().unwrap();
    let (head, _) = authorization.split_once("Signature=").unwrap();
    let authorization = format!("{head}Signature={signature}");
    request.headers_mut().insert("authorization", authorization.parse().unwrap());
    request
}

/// What `request` is signed with is [`SECRET`], where nothing else is said.
pub(crate) fn resigned(request: &Request, canonical: &str) -> Request {
    signed_as(request, canonical, SECRET)
}

fn scope(request: &Request) -> String {
    let authorization = request.headers()["authorization"].to_str().unwrap();
    let (_, rest) = authorization.split_once('/').unwrap();
    rest.split_once(',').unwrap().0.to_owned()
}

fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
