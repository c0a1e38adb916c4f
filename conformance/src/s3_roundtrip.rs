//! The round trip that the adapters' examples run: signs real requests and sends them to a server that verifies them.
//!
//! Without arguments the server is [`S3Server`], in this process; with `--endpoint URL --region R --bucket B` it is a real S3,
//! with the credentials from the environment.

use core::error::Error;
use std::process::ExitCode;

use awsauth_core::encode_path;

use crate::s3_server::S3Server;

/// A key with everything in it that signers get wrong.
const KEY: &str = "reports/2026 Q3/résumé+final=v2 (a&b).txt";
const BODY: &str = "signed, sent, verified\n";

/// A result with any error.
pub type Result<T> = core::result::Result<T, Box<dyn Error>>;

/// What a client signs with.
#[derive(Debug)]
pub struct Settings {
    /// Access key ID and secret access key; `None` for those of the environment.
    pub keys: Option<(&'static str, &'static str)>,
    /// The region.
    pub region: String,
}

/// A request to send.
#[derive(Debug)]
pub struct Call<'c> {
    /// The method.
    pub method: &'static str,
    /// The URL.
    pub url: &'c str,
    /// The body; empty if there is none.
    pub body: &'static str,
}

/// A response that has been read.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// What an adapter's example does by the adapter's means.
pub trait Client {
    /// Signs and sends a request.
    ///
    /// # Errors
    /// When it cannot be signed or sent.
    fn send(&self, call: &Call<'_>) -> Result<Reply>;

    /// Presigns a `GET`, and sends it by a client that has no credentials.
    ///
    /// # Errors
    /// When it cannot be presigned or sent.
    fn get_presigned(&self, url: &str) -> Result<Reply>;

    /// Sends a `GET` that is signed with the right access key ID and a wrong secret.
    ///
    /// # Errors
    /// When it cannot be signed or sent.
    fn get_with_wrong_secret(&self, url: &str) -> Result<Reply>;

    /// Sends a `GET` with a header `x-amz-meta-note` that is changed after signing.
    ///
    /// # Errors
    /// When it cannot be signed or sent.
    fn get_tampered(&self, url: &str) -> Result<Reply>;

    /// Puts `length` bytes `x` by a body that streams.
    ///
    /// # Errors
    /// When it cannot be signed or sent.
    fn put_stream(&self, url: &str, length: u64) -> Result<Reply>;
}

/// Runs the round trip with the client that `connect` makes, as the command line says.
pub fn main<C: Client>(connect: impl FnOnce(&Settings) -> Result<C>) -> ExitCode {
    match run(connect) {
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

fn run<C: Client>(connect: impl FnOnce(&Settings) -> Result<C>) -> Result<()> {
    match Arguments::from_command_line()? {
        Some(Arguments { endpoint, region, bucket }) => {
            let client = connect(&Settings { keys: None, region })?;
            round_trip(&client, &format!("{}/{bucket}", endpoint.trim_end_matches('/')))
        }
        None => {
            let keys = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
            let server = S3Server::start(keys.0, keys.1)?;
            println!("server  {} verifies every signature", server.endpoint());
            let client = connect(&Settings { keys: Some(keys), region: "us-east-1".to_owned() })?;
            round_trip(&client, &format!("{}/awsauth-roundtrip", server.endpoint()))
        }
    }
}

fn round_trip(client: &impl Client, bucket: &str) -> Result<()> {
    let send = |method, url: &str, body| client.send(&Call { method, url, body });
    let awkward = object_url(bucket, KEY)?;
    let plain = object_url(bucket, "reports/plain.txt")?;
    let stream = object_url(bucket, "reports/stream.bin")?;

    let reply = send("PUT", bucket, "")?;
    let is_ours = reply.status != 409;
    if is_ours {
        reply.expect("create", "the bucket", 200)?;
    }
    for url in [&awkward, &plain] {
        send("PUT", url, BODY)?.expect("put", url, 200)?;
    }

    let list = format!("{bucket}?list-type=2&prefix=reports/2026%20Q3/");
    let listed = send("GET", &list, "")?.expect("list", "prefix=reports/2026 Q3/", 200)?;
    check(String::from_utf8(listed)?.contains("final=v2"), "the list does not name the object")?;
    send("HEAD", &awkward, "")?.expect("head", &awkward, 200)?;
    let body = send("GET", &awkward, "")?.expect("get", &awkward, 200)?;
    check(body == BODY.as_bytes(), "the object is not what was put")?;

    let length = 1_000_000;
    client.put_stream(&stream, length)?.expect("stream", &stream, 200)?;
    let body = send("GET", &stream, "")?.expect("get", &stream, 200)?;
    check(
        body.len() as u64 == length && body.iter().all(|byte| *byte == b'x'),
        "the stream is not what was put",
    )?;

    let body = client.get_presigned(&awkward)?.expect("presign", "sent without credentials", 200)?;
    check(body == BODY.as_bytes(), "the presigned URL does not give what was put")?;
    client.get_with_wrong_secret(&awkward)?.expect("refused", "a wrong secret", 403)?;
    client.get_tampered(&awkward)?.expect("refused", "a tampered header", 403)?;

    for url in [&awkward, &plain, &stream] {
        send("DELETE", url, "")?.expect("delete", url, 204)?;
        check(send("HEAD", url, "")?.status == 404, "the object is still there")?;
    }
    if is_ours {
        send("DELETE", bucket, "")?.expect("delete", "the bucket", 204)?;
    }
    Ok(())
}

impl Reply {
    /// The body, if the status is the expected one; prints the step.
    fn expect(self, step: &str, object: &str, status: u16) -> Result<Vec<u8>> {
        if self.status != status {
            let text = String::from_utf8_lossy(&self.body);
            return Err(format!("{step} {object}: {} instead of {status}: {text}", self.status).into());
        }
        println!("{step:7} {object}  {status}");
        Ok(self.body)
    }
}

fn object_url(bucket: &str, key: &str) -> Result<String> {
    let mut url = format!("{bucket}/").into_bytes();
    encode_path(key.as_bytes(), &mut |run: &[u8]| url.extend_from_slice(run));
    Ok(String::from_utf8(url)?)
}

fn check(holds: bool, otherwise: &str) -> Result<()> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

struct Arguments {
    endpoint: String,
    region: String,
    bucket: String,
}

impl Arguments {
    /// `None` where there are none: the server in this process is meant.
    fn from_command_line() -> Result<Option<Self>> {
        let (mut endpoint, mut region, mut bucket) = (None, None, None);
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = match name.as_str() {
                "--endpoint" => &mut endpoint,
                "--region" => &mut region,
                "--bucket" => &mut bucket,
                _ => return Err(format!("{name}: not one of --endpoint URL --region R --bucket B").into()),
            };
            *value = Some(arguments.next().ok_or_else(|| format!("{name} needs a value"))?);
        }
        match (endpoint, region, bucket) {
            (None, None, None) => Ok(None),
            (Some(endpoint), Some(region), Some(bucket)) => Ok(Some(Self { endpoint, region, bucket })),
            _ => Err("--endpoint, --region and --bucket go together".into()),
        }
    }
}
