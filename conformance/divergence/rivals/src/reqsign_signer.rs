//! `reqsign-aws-v4`, the signer of OpenDAL. It reads the clock itself.

use core::pin::pin;
use core::task::{Context as TaskContext, Poll, Waker};

use awsauth_conformance::divergence::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY};
use awsauth_core::PayloadHash;
use reqsign_aws_v4::{Credential, RequestSigner};
use reqsign_core::{Context, SignRequest};

use crate::Sent;

pub(crate) fn sign(case: &Case) -> Result<Sent, String> {
    let mut request = http::Request::builder().method(case.method.as_str()).uri(&case.url);
    for (name, value) in &case.headers {
        request = request.header(name, value);
    }
    // It takes the payload's hash from this header.
    request = request.header("x-amz-content-sha256", PayloadHash::EMPTY.to_string());
    let (mut parts, ()) = request.body(()).map_err(|error| error.to_string())?.into_parts();
    let credential = Credential {
        access_key_id: ACCESS_KEY_ID.to_owned(),
        secret_access_key: SECRET_ACCESS_KEY.to_owned(),
        session_token: None,
        expires_in: None,
    };
    let (signer, context) = (RequestSigner::new(&case.service, REGION), Context::new());
    {
        let signing = pin!(signer.sign_request(&context, &mut parts, Some(&credential), None));
        // It waits for nothing.
        match signing.poll(&mut TaskContext::from_waker(Waker::noop())) {
            Poll::Ready(signed) => signed.map_err(|error| error.to_string())?,
            Poll::Pending => return Err("it waits".to_owned()),
        }
    }
    let headers: Vec<_> =
        parts.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    let time = headers.iter().find(|(name, _)| name == "x-amz-date").map(|(_, value)| value.clone());
    let time = String::from_utf8(time.ok_or("it added no date")?).map_err(|error| error.to_string())?;
    let host = parts.uri.authority().map(ToString::to_string).unwrap_or_default();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    Ok(Sent { host, target: target.to_owned(), headers, time })
}
