//! Signs real requests with `awsauth-ureq` and sends them to a server that verifies them.
//!
//! `cargo run -p awsauth-ureq --example s3_roundtrip` starts an S3 server inside the process. The same against a real
//! S3, with the credentials from the environment and a TLS backend of your choice:
//!
//! ```text
//! cargo run -p awsauth-ureq --features ureq/rustls --example s3_roundtrip -- \
//!     --endpoint https://s3.eu-central-1.amazonaws.com --region eu-central-1 --bucket my-bucket
//! ```

use core::time::Duration;
use std::io::Read;
use std::process::ExitCode;

use awsauth_conformance::s3_roundtrip::{self, Call, Reply, Result, Settings};
use awsauth_http::awsauth_credentials::EnvProvider;
use awsauth_ureq::{AwsChunked, Credentials, Signer, SigningMiddleware};
use ureq::http::{Request, Response};
use ureq::{Agent, Body, SendBody};

struct Ureq {
    signer: Signer,
    /// Signs every request.
    agent: Agent,
    /// Signs none.
    plain_agent: Agent,
}

fn main() -> ExitCode {
    s3_roundtrip::main(|settings: &Settings| {
        let signer = match settings.keys {
            Some((access_key_id, secret)) => Signer::new(Credentials::new(access_key_id, secret)),
            None => Signer::new(EnvProvider::from_env()),
        };
        let signer = signer.service("s3").region(&*settings.region);
        let middleware = SigningMiddleware::new(signer.clone()).stream_payload(AwsChunked::signed());
        let plain_agent = Agent::config_builder().http_status_as_error(false).build().into();
        Ok(Ureq { signer, agent: signing_agent(middleware), plain_agent })
    })
}

impl s3_roundtrip::Client for Ureq {
    fn send(&self, call: &Call<'_>) -> Result<Reply> {
        let request = Request::builder().method(call.method).uri(call.url);
        read(match call.body {
            "" => self.agent.run(request.body(())?)?,
            body => self.agent.run(request.body(body)?)?,
        })
    }

    fn get_presigned(&self, url: &str) -> Result<Reply> {
        let link = self.signer.presign_blocking(&Request::get(url).body(())?, Duration::from_secs(900))?;
        read(self.plain_agent.get(link.url).call()?)
    }

    fn get_with_wrong_secret(&self, url: &str) -> Result<Reply> {
        let signed = awsauth_ureq::sign(&self.signer, &mut Request::get(url).body(())?)?;
        let forged = Signer::new(Credentials::new(signed.access_key_id(), "not the secret"))
            .service(signed.service())
            .region(signed.region());
        read(signing_agent(SigningMiddleware::new(forged)).get(url).call()?)
    }

    fn get_tampered(&self, url: &str) -> Result<Reply> {
        let mut request = Request::get(url).header("x-amz-meta-note", "signed").body(())?;
        awsauth_ureq::sign(&self.signer, &mut request)?;
        request.headers_mut().insert("x-amz-meta-note", "tampered".parse()?);
        read(self.plain_agent.run(request)?)
    }

    fn put_stream(&self, url: &str, length: u64) -> Result<Reply> {
        let mut data = std::io::repeat(b'x').take(length);
        let put = self.agent.put(url).header("content-length", length);
        read(put.send(SendBody::from_reader(&mut data))?)
    }
}

fn signing_agent(middleware: SigningMiddleware) -> Agent {
    Agent::config_builder().http_status_as_error(false).middleware(middleware).build().into()
}

fn read(mut response: Response<Body>) -> Result<Reply> {
    Ok(Reply { status: response.status().as_u16(), body: response.body_mut().read_to_vec()? })
}
