//! Signs real requests and sends them to a server that verifies them.
//!
//! `cargo run -p awsauth-ureq --example s3_roundtrip` starts an S3 server inside the process. The same against a real
//! S3, with the credentials from the environment and a TLS backend of your choice:
//!
//! ```text
//! cargo run -p awsauth-ureq --features ureq/rustls --example s3_roundtrip -- \
//!     --endpoint https://s3.eu-central-1.amazonaws.com --region eu-central-1 --bucket my-bucket
//! ```

use core::error::Error;
use core::time::Duration;
use std::io::Read;
use std::process::ExitCode;

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::awsauth_core::encode_path;
use awsauth_http::awsauth_credentials::EnvProvider;
use awsauth_ureq::{AwsChunked, Credentials, Signer, SigningMiddleware};
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

/// A key with everything in it that signers stumble over.
const KEY: &str = "reports/2026 Q3/résumé+final=v2 (a&b).txt";
const BODY: &str = "signed, sent, verified\n";
const STREAM: u64 = 1_000_000;

type Result<T> = core::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
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

fn run() -> Result<()> {
    match Arguments::from_command_line()? {
        Some(Arguments { endpoint, region, bucket }) => {
            let signer = Signer::new(EnvProvider::from_env()).service("s3").region(region);
            roundtrip(&signer, &format!("{endpoint}/{bucket}"))
        }
        None => {
            let (access_key_id, secret) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
            let server = S3Server::start(access_key_id, secret)?;
            println!("server  {} verifies every signature", server.endpoint());
            let signer =
                Signer::new(Credentials::new(access_key_id, secret)).service("s3").region("us-east-1");
            roundtrip(&signer, &format!("{}/awsauth-roundtrip", server.endpoint()))
        }
    }
}

fn roundtrip(signer: &Signer, bucket: &str) -> Result<()> {
    let agent = signing_agent(SigningMiddleware::new(signer.clone()).stream_payload(AwsChunked::signed()));
    let plain_agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
    let awkward = object_url(bucket, KEY)?;
    let plain = object_url(bucket, "reports/plain.txt")?;
    let stream = object_url(bucket, "reports/stream.bin")?;

    let reply = agent.put(bucket).send_empty()?;
    let ours = reply.status() != 409;
    let status = if ours { expect(reply, 200)?.status() } else { reply.status() };
    step("create", "the bucket", status.as_u16());

    for url in [&awkward, &plain] {
        let reply = agent.put(url).content_type("text/plain").send(BODY)?;
        step("put", url, expect(reply, 200)?.status().as_u16());
    }

    let list = agent.get(bucket).query("list-type", "2").query("prefix", "reports/2026 Q3/");
    let listed = expect(list.call()?, 200)?.into_body().read_to_string()?;
    check(listed.contains("final=v2"), "the list does not name the object")?;
    step("list", "prefix=reports/2026 Q3/", 200);

    step("head", &awkward, expect(agent.head(&awkward).call()?, 200)?.status().as_u16());

    let got = expect(agent.get(&awkward).call()?, 200)?.into_body().read_to_string()?;
    check(got == BODY, "what came back is not what was put")?;
    step("get", &awkward, 200);

    let put = agent.put(&stream).header("content-length", STREAM);
    let mut data = std::io::repeat(b'x').take(STREAM);
    expect(put.send(ureq::SendBody::from_reader(&mut data))?, 200)?;
    let got = expect(agent.get(&stream).call()?, 200)?.into_body().read_to_vec()?;
    check(got == vec![b'x'; got.len()] && got.len() as u64 == STREAM, "the stream came back otherwise")?;
    step("stream", &stream, 200);

    let link = signer.presign_blocking(&Request::get(&awkward).body(())?, Duration::from_secs(900))?;
    let got = expect(plain_agent.get(link.url).call()?, 200)?.into_body().read_to_string()?;
    check(got == BODY, "what the presigned URL gives is not what was put")?;
    step("presign", "fetched by a client without credentials", 200);

    let forged = Credentials::new(link.signed.access_key_id(), "not the secret");
    let forger = Signer::new(forged).service("s3").region(link.signed.region().to_owned());
    let reply = signing_agent(SigningMiddleware::new(forger)).get(&awkward).call()?;
    step("refused", "a wrong secret", expect(reply, 403)?.status().as_u16());

    let mut tampered = Request::get(&awkward).header("x-amz-meta-note", "signed").body(())?;
    awsauth_ureq::sign(signer, &mut tampered)?;
    tampered.headers_mut().insert("x-amz-meta-note", "tampered".parse()?);
    let reply = plain_agent.run(tampered)?;
    step("refused", "a tampered header", expect(reply, 403)?.status().as_u16());

    for url in [&awkward, &plain, &stream] {
        step("delete", url, expect(agent.delete(url).call()?, 204)?.status().as_u16());
        check(agent.head(url).call()?.status() == 404, "the object is still there")?;
    }
    if ours {
        step("delete", "the bucket", expect(agent.delete(bucket).call()?, 204)?.status().as_u16());
    }
    Ok(())
}

fn signing_agent(signing: SigningMiddleware) -> Agent {
    Agent::config_builder().http_status_as_error(false).middleware(signing).build().into()
}

fn object_url(bucket: &str, key: &str) -> Result<String> {
    let mut url = bucket.as_bytes().to_vec();
    url.push(b'/');
    encode_path(key.as_bytes(), &mut |run: &[u8]| url.extend_from_slice(run));
    Ok(String::from_utf8(url)?)
}

fn expect(mut reply: Response<Body>, status: u16) -> Result<Response<Body>> {
    if reply.status() == status {
        return Ok(reply);
    }
    let text = reply.body_mut().read_to_string()?;
    Err(format!("{} instead of {status}: {text}", reply.status()).into())
}

fn check(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn step(verb: &str, object: &str, status: u16) {
    println!("{verb:7} {object}  {status}");
}

struct Arguments {
    endpoint: String,
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
            (Some(endpoint), Some(region), Some(bucket)) => Ok(Some(Self { endpoint, region, bucket })),
            _ => Err("--endpoint, --region and --bucket go together".into()),
        }
    }
}
