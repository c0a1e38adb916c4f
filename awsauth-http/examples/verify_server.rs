//! A server that verifies every request of a route.
//!
//! `cargo run -p awsauth-http --example verify_server`, then with curl 7.75 or newer:
//! `curl --aws-sigv4 aws:amz:eu-west-1:notes --user AKIDEXAMPLE:wJalrXUtnFEMI http://127.0.0.1:8080/notes`

use std::time::SystemTime;

use awsauth_http::awsauth_core::sha256;
use awsauth_http::verify::Refusal;
use awsauth_http::{Claim, Verified, VerifyPolicy, verify_head};
use axum::body::{Body, to_bytes};
use axum::extract::{Extension, Request};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};

const POLICY: VerifyPolicy<'_> = VerifyPolicy::new("notes", "eu-west-1");
const LARGEST_BODY: usize = 1 << 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("http://{}/notes", listener.local_addr()?);
    axum::serve(listener, guarded()).await
}

fn guarded() -> Router {
    Router::new().route("/notes", get(notes).post(notes)).layer(from_fn(guard))
}

async fn notes(Extension(verified): Extension<Verified>) -> String {
    format!("Hello, {}.\n", verified.access_key_id())
}

/// Lets a request pass if its signature is right, with [`Verified`] in its extensions. The body of an unknown sender is not
/// read if the request states its hash, as clients do in `x-amz-content-sha256`; otherwise at most [`LARGEST_BODY`] is read,
/// because the signature then covers the body.
async fn guard(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let lookup = |claim: &Claim<'_>| secret_of(claim.access_key_id());
    let pending = match verify_head(&parts, &POLICY, SystemTime::now(), lookup) {
        Ok(pending) => pending,
        Err(refusal) => return refused(refusal),
    };
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    match pending.verify_body(&sha256(&body)) {
        Ok(verified) => {
            let mut request = Request::from_parts(parts, Body::from(body));
            request.extensions_mut().insert(verified);
            next.run(request).await
        }
        Err(refusal) => refused(refusal),
    }
}

/// A real server looks the secret up in its store.
fn secret_of(access_key_id: &str) -> Option<&'static str> {
    (access_key_id == "AKIDEXAMPLE").then_some("wJalrXUtnFEMI")
}

/// An error response that AWS's SDKs understand.
fn refused(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.http_status()).unwrap_or(StatusCode::FORBIDDEN);
    let body =
        format!("<Error><Code>{}</Code><Message>{refusal}</Message></Error>", refusal.aws_error_code());
    (status, [(CONTENT_TYPE, "application/xml")], body).into_response()
}
