//! Signs real requests with `awsauth-reqwest` and sends them to a server that verifies them.
//!
//! `cargo run -p awsauth-reqwest --example s3_roundtrip` starts an S3 server inside the process. The same against a
//! real S3, with the credentials from the environment and a TLS backend of your choice:
//!
//! ```text
//! cargo run -p awsauth-reqwest --features reqwest/rustls --example s3_roundtrip -- \
//!     --endpoint https://s3.eu-central-1.amazonaws.com --region eu-central-1 --bucket my-bucket
//! ```

use core::time::Duration;
use std::io::{self, Read, Seek};
use std::process::ExitCode;

use awsauth_conformance::s3_roundtrip::{self, Call, Reply, Result, Settings};
use awsauth_http::awsauth_credentials::EnvProvider;
use awsauth_reqwest::{AwsChunked, Credentials, SignRequest, Signer};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, Response};
use tokio::runtime::Runtime;

struct Reqwest {
    client: Client,
    signer: Signer,
    /// The round trip is one for blocking clients, too.
    runtime: Runtime,
}

fn main() -> ExitCode {
    s3_roundtrip::main(|settings: &Settings| {
        let signer = match settings.keys {
            Some((access_key_id, secret)) => Signer::new(Credentials::new(access_key_id, secret)),
            None => Signer::new(EnvProvider::from_env()),
        };
        Ok(Reqwest {
            client: Client::builder().redirect(Policy::none()).build()?,
            signer: signer.service("s3").region(&*settings.region).stream_payload(AwsChunked::signed()),
            runtime: Runtime::new()?,
        })
    })
}

impl s3_roundtrip::Client for Reqwest {
    fn send(&self, call: &Call<'_>) -> Result<Reply> {
        self.runtime.block_on(async {
            let request = self.client.request(call.method.parse()?, call.url).body(call.body);
            read(request.aws_sign(&self.signer).await?.send().await?).await
        })
    }

    fn get_presigned(&self, url: &str) -> Result<Reply> {
        self.runtime.block_on(async {
            let link = self.signer.presign(self.client.get(url), Duration::from_secs(900)).await?;
            read(Client::new().get(link.url).send().await?).await
        })
    }

    fn get_with_wrong_secret(&self, url: &str) -> Result<Reply> {
        self.runtime.block_on(async {
            let mut request = self.client.get(url).build()?;
            let signed = self.signer.sign(&mut request).await?;
            let forged = Signer::new(Credentials::new(signed.access_key_id(), "not the secret"))
                .service(signed.service())
                .region(signed.region());
            forged.sign(&mut request).await?;
            read(self.client.execute(request).await?).await
        })
    }

    fn get_tampered(&self, url: &str) -> Result<Reply> {
        self.runtime.block_on(async {
            let mut request = self.client.get(url).header("x-amz-meta-note", "signed").build()?;
            self.signer.sign(&mut request).await?;
            request.headers_mut().insert("x-amz-meta-note", "tampered".parse()?);
            read(self.client.execute(request).await?).await
        })
    }

    fn put_stream(&self, url: &str, length: u64) -> Result<Reply> {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut io::repeat(b'x').take(length), &mut file)?;
        file.rewind()?;
        self.runtime.block_on(async {
            let body = Body::from(tokio::fs::File::from_std(file));
            let put = self.client.put(url).header("content-length", length).body(body);
            read(put.aws_sign(&self.signer).await?.send().await?).await
        })
    }
}

async fn read(response: Response) -> Result<Reply> {
    Ok(Reply { status: response.status().as_u16(), body: response.bytes().await?.into() })
}
