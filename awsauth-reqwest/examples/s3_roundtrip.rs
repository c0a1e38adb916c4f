//! Signs real requests and sends them to a server that verifies them.
//!
//! `cargo run -p awsauth-reqwest --example s3_roundtrip` starts an S3 server inside the process. The same against a
//! real S3, with the credentials from the environment and a TLS backend of your choice:
//!
//! ```text
//! cargo run -p awsauth-reqwest --features reqwest/rustls --example s3_roundtrip -- \
//!     --endpoint https://s3.eu-central-1.amazonaws.com --region eu-central-1 --bucket my-bucket
//! ```

use core::error::Error;
use core::time::Duration;
use std::process::ExitCode;

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::awsauth_credentials::EnvProvider;
use awsauth_reqwest::{Credentials, SignRequest, Signer, object_url};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};

/// A key with everything in it that signers stumble over.
const KEY: &str = "reports/2026 Q3/résumé+final=v2 (a&b).txt";
const BODY: &str = "signed, sent, verified\n";

type Result<T> = core::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => {
            println!("everything is as it should be");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("FAILED  {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    match Arguments::from_command_line()? {
        Some(Arguments { endpoint, region, bucket }) => {
            let signer = Signer::new(EnvProvider::from_env()).service("s3").region(region);
            roundtrip(&signer, &endpoint, &bucket).await
        }
        None => {
            let (access_key_id, secret) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
            let server = S3Server::start(access_key_id, secret)?;
            println!("server  {} verifies every signature", server.endpoint());
            let signer =
                Signer::new(Credentials::new(access_key_id, secret)).service("s3").region("us-east-1");
            roundtrip(&signer, &server.endpoint().parse()?, "awsauth-roundtrip").await
        }
    }
}

async fn roundtrip(signer: &Signer, endpoint: &Url, bucket: &str) -> Result<()> {
    let client = Client::new();
    let bucket = endpoint.join(bucket)?;
    let awkward = object_url(&bucket, KEY)?;
    let plain = object_url(&bucket, "reports/plain.txt")?;

    let reply = send(signer, client.put(bucket.clone())).await?;
    let ours = reply.status() != StatusCode::CONFLICT;
    step("create", "the bucket", if ours { expect(reply, 200).await?.status() } else { reply.status() });

    for url in [&awkward, &plain] {
        let put = client.put(url.clone()).header("content-type", "text/plain").body(BODY);
        step("put", url.path(), expect(send(signer, put).await?, 200).await?.status());
    }

    let mut list = bucket.clone();
    list.query_pairs_mut().append_pair("list-type", "2").append_pair("prefix", "reports/2026 Q3/");
    let listed = expect(send(signer, client.get(list)).await?, 200).await?.text().await?;
    check(listed.contains("final=v2"), "the list does not name the object")?;
    step("list", "prefix=reports/2026 Q3/", StatusCode::OK);

    step(
        "head",
        awkward.path(),
        expect(send(signer, client.head(awkward.clone())).await?, 200).await?.status(),
    );

    let got = expect(send(signer, client.get(awkward.clone())).await?, 200).await?.text().await?;
    check(got == BODY, "what came back is not what was put")?;
    step("get", awkward.path(), StatusCode::OK);

    let link = signer.presign(client.get(awkward.clone()), Duration::from_secs(900)).await?;
    let got = expect(Client::new().get(link.url).send().await?, 200).await?.text().await?;
    check(got == BODY, "what the presigned URL gives is not what was put")?;
    step("presign", "fetched by a client without credentials", StatusCode::OK);

    let access_key_id = link.signed.access_key_id().to_owned();
    let forger = signer_like(&link.signed, Credentials::new(access_key_id, "not the secret"));
    let reply = expect(send(&forger, client.get(awkward.clone())).await?, 403).await?;
    step("refused", "a wrong secret", reply.status());

    let signed = client.get(awkward.clone()).header("x-amz-meta-note", "signed").aws_sign(signer).await?;
    let (client, request) = signed.build_split();
    let mut tampered = request?;
    tampered.headers_mut().insert("x-amz-meta-note", "tampered".parse()?);
    step("refused", "a tampered header", expect(client.execute(tampered).await?, 403).await?.status());

    for url in [awkward, plain] {
        step(
            "delete",
            url.path(),
            expect(send(signer, client.delete(url.clone())).await?, 204).await?.status(),
        );
        let gone = send(signer, client.head(url)).await?;
        check(gone.status() == StatusCode::NOT_FOUND, "the object is still there")?;
    }
    if ours {
        step("delete", "the bucket", expect(send(signer, client.delete(bucket)).await?, 204).await?.status());
    }
    Ok(())
}

fn signer_like(signed: &awsauth_reqwest::Signed, credentials: Credentials) -> Signer {
    Signer::new(credentials).service(signed.service()).region(signed.region())
}

async fn send(signer: &Signer, request: RequestBuilder) -> Result<Response> {
    Ok(request.aws_sign(signer).await?.send().await?)
}

async fn expect(reply: Response, status: u16) -> Result<Response> {
    if reply.status().as_u16() == status {
        return Ok(reply);
    }
    let (got, url) = (reply.status(), reply.url().path().to_owned());
    Err(format!("{url}: {got} instead of {status}: {}", reply.text().await?).into())
}

fn check(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn step(verb: &str, object: &str, status: StatusCode) {
    println!("{verb:7} {object}  {}", status.as_u16());
}

struct Arguments {
    endpoint: Url,
    region: String,
    bucket: String,
}

impl Arguments {
    /// `None` where there are none: the server inside the process is meant.
    fn from_command_line() -> Result<Option<Self>> {
        let (mut endpoint, mut region, mut bucket) = (None, None, None);
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let place = match name.as_str() {
                "--endpoint" => &mut endpoint,
                "--region" => &mut region,
                "--bucket" => &mut bucket,
                _ => return Err(format!("{name}: not one of --endpoint URL --region R --bucket B").into()),
            };
            *place = Some(arguments.next().ok_or_else(|| format!("{name} wants a value"))?);
        }
        match (endpoint, region, bucket) {
            (None, None, None) => Ok(None),
            (Some(endpoint), Some(region), Some(bucket)) => {
                Ok(Some(Self { endpoint: endpoint.parse()?, region, bucket }))
            }
            _ => Err("--endpoint, --region and --bucket go together".into()),
        }
    }
}
