//! An `authorization` header reads as its parts, and its parts written again read the same.
#![no_main]

use awsauth_core::verify::{Claim, VerifyPolicy};
use awsauth_core::{CredentialScope, Header, PayloadHash, Request, SigningKey, Sigv4, Timestamp};
use awsauth_fuzz::{Authorization, NOW, SECRET_ACCESS_KEY};

libfuzzer_sys::fuzz_target!(|input: Authorization<'_>| {
    let Some([id, region, service, received]) = input.texts.texts() else { return };
    if let Some(parts) = read(received.as_bytes(), |claim| parts(claim)) {
        let [id, date, region, service, signed_headers] = &parts;
        let rewritten = format!(
            "AWS4-HMAC-SHA256 Credential={id}/{date}/{region}/{service}/aws4_request, SignedHeaders={signed_headers}, Signature={:064}",
            0
        );
        assert_eq!(read(rewritten.as_bytes(), |claim| self::parts(claim)), Some(parts));
    }
    // A verifier reads no longer ones: nobody issues them.
    if id.len() > 128 || region.len() > 64 || service.len() > 64 {
        return;
    }
    let Some(text) = signed(id, region, service) else { return };
    let scrambled = scramble(&text, &input);
    let verified = read(scrambled.as_bytes(), |claim| {
        assert_eq!(claim.access_key_id(), id);
        assert_eq!((claim.scope().region(), claim.scope().service()), (Some(region), service));
        claim.clone().verify(SECRET_ACCESS_KEY).map(|_| ())
    });
    assert_eq!(verified, Some(Ok(())), "{scrambled}");
});

/// Reads it with the request that [`signed`] signs.
fn read<T>(authorization: &[u8], found: impl FnOnce(&Claim<'_>) -> T) -> Option<T> {
    let headers = [
        Header::new("x-amz-content-sha256", b"UNSIGNED-PAYLOAD"),
        Header::new("x-amz-date", NOW.as_bytes()),
        Header::new("authorization", authorization),
    ];
    let mut policy = VerifyPolicy::DEFAULT;
    policy.unsigned_payload = awsauth_core::verify::UnsignedPayload::Allowed;
    let request = Request::get("/", "example.com").headers(&headers);
    policy.claim(&request, None, Timestamp::parse(NOW).ok()?).ok().map(|claim| found(&claim))
}

fn parts(claim: &Claim<'_>) -> [String; 5] {
    let scope = claim.scope();
    let signed_headers: Vec<_> = ["host", "x-amz-content-sha256", "x-amz-date"]
        .into_iter()
        .filter(|name| claim.is_signed(name))
        .collect();
    [
        claim.access_key_id().to_owned(),
        scope.date().as_str().to_owned(),
        scope.region().unwrap_or_default().to_owned(),
        scope.service().to_owned(),
        signed_headers.join(";"),
    ]
}

fn signed(id: &str, region: &str, service: &str) -> Option<String> {
    let now = Timestamp::parse(NOW).ok()?;
    let key = SigningKey::derive(SECRET_ACCESS_KEY, CredentialScope::new(now.date(), region, service).ok()?);
    let request = Request::get("/", "example.com");
    let signed = Sigv4::new(id, &key).sign(&request, PayloadHash::Unsigned, now).ok()?;
    signed.headers().last().map(|(_, value)| value.to_string())
}

/// The three parts in another order, and with other blanks about them.
fn scramble(authorization: &str, input: &Authorization<'_>) -> String {
    let (algorithm, rest) = authorization.split_once(' ').expect("it has an algorithm");
    let mut parts: Vec<_> = rest.split(", ").collect();
    parts.rotate_left(usize::from(input.order) % 3);
    let [before, after, first, last] = input.blanks.map(|byte| " ".repeat(usize::from(byte % 3)));
    let separator = format!("{before},{after}\t");
    format!("{first}{algorithm} {}{last}", parts.join(&separator))
}
