//! What a server accepts means what was signed, whatever somebody on the way did to it: method, host, path, parameters, signed
//! and `x-amz-*` headers, data.
#![no_main]

use awsauth_fuzz::meaning::Meaning;
use awsauth_fuzz::tampering::{Body, Tampering};
use awsauth_fuzz::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};
use awsauth_http::http::Request;
use awsauth_http::verify::Refusal;
use awsauth_http::{Claim, Verified, awsauth_core::sha256, verify, verify_and_decode, verify_head};

libfuzzer_sys::fuzz_target!(|input: Tampering<'_>| {
    let Some(sent) = input.sent() else { return };
    let Some(request) = sent.request() else { return };
    let (data, verified) = match accepted(&input, &request) {
        Ok(accepted) => accepted,
        // What a signer joins or resolves, a server does not take.
        Err(Refusal::NonCanonicalPath) => return,
        Err(Refusal::RepeatedHeader(name)) => {
            let headers = request.headers();
            let is_repeated = headers.keys().filter(|header| name == header.as_str().into());
            assert!(is_repeated.into_iter().any(|header| headers.get_all(header).iter().count() > 1));
            return;
        }
        // What the `http` crate makes of some targets is another.
        Err(refusal) => {
            assert!(!is_as_sent(&sent.target, &request), "{refusal:?} {request:?}");
            return;
        }
    };
    assert_eq!(data, input.texts.message.body, "{request:?}");
    let meaning = Meaning::of(&request, &data, &verified).expect("it was accepted as it was signed");
    assert!(meaning.is_routed_as_verified(), "{meaning:?}");
    let Some(edited) = input.edited(&sent).request() else { return };
    let now = Tampering::now();
    // However it is asked, the answer is one.
    let whole = verify(&edited, &input.policy(), now, known);
    let (parts, body) = edited.clone().into_parts();
    let head = verify_head(&parts, &input.policy(), now, known);
    let later = head.and_then(|pending| pending.verify_body(&sha256(&body)));
    assert_eq!(whole.is_ok(), later.is_ok(), "{whole:?} {later:?} {edited:?}");
    let answer = accepted(&input, &edited);
    if whole.is_ok() {
        let (data, _) = answer.as_ref().expect("it was accepted as it is");
        assert_eq!(data, edited.body());
    }
    if let Ok((data, verified)) = answer {
        let found = Meaning::of(&edited, &data, &verified);
        assert_eq!(found.as_ref(), Some(&meaning), "{edited:?}");
        // And it says as much of a body of its own as was signed.
        let framed = matches!(input.body, Body::Chunks | Body::ChunksAndTrailer | Body::Trailer);
        assert_eq!(whole.is_ok(), !framed, "{edited:?}");
    }
});

fn accepted(input: &Tampering<'_>, request: &Request<Vec<u8>>) -> Result<(Vec<u8>, Verified), Refusal> {
    let answer = verify_and_decode(request.clone(), &input.policy(), Tampering::now(), known);
    answer.map(|(request, verified)| (request.into_body().to_vec(), verified))
}

fn known(claim: &Claim<'_>) -> Option<&'static str> {
    (claim.access_key_id() == ACCESS_KEY_ID).then_some(SECRET_ACCESS_KEY)
}

fn is_as_sent(target: &str, request: &Request<Vec<u8>>) -> bool {
    request.uri().path_and_query().is_some_and(|found| found.as_str() == target)
}
