//! The peak memory of an upload does not grow with its size: 1 GiB within 8 MiB of 1 MiB, for each client.
//!
//! Each upload is a process of its own, and so is the server, which throws away what it gets. `harness = false`: run by
//! itself, this is the measurement; run with arguments, one of those processes.

use core::error::Error;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, ExitCode, Stdio};

use awsauth_http::http::Request;
use awsauth_http::http_body::{Body, Frame};
use awsauth_http::{AwsChunked, Checksum, Credentials, Signer};
use awsauth_reqwest::SignRequest;
use bytes::Bytes;

type Result<T> = core::result::Result<T, Box<dyn Error>>;

const SMALL: u64 = 1 << 20;
const LARGE: u64 = 1 << 30;
const MAY_DIFFER_BY: u64 = 8 << 10; // kB

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match *arguments {
        ["sink"] => sink(),
        ["upload", client, url, length] => upload(client, url, length),
        // What `cargo test` was given for tests with a harness.
        _ => measure(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    if peak().is_err() {
        println!("NOT RUN: no VmHWM in /proc/self/status");
        return Ok(());
    }
    let (_server, url) = Server::start()?;
    for client in ["ureq", "reqwest"] {
        let [small, large] = [SMALL, LARGE].map(|length| peak_of(client, &url, length));
        let (small, large) = (small?, large?);
        println!("{client}: {small} kB at the peak of {SMALL} bytes, {large} kB at that of {LARGE}");
        if large > small + MAY_DIFFER_BY {
            return Err(format!("{client}: more than {MAY_DIFFER_BY} kB apart").into());
        }
    }
    Ok(())
}

fn peak_of(client: &str, url: &str, length: u64) -> Result<u64> {
    let done = again(&["upload", client, url, &length.to_string()]).output()?;
    if !done.status.success() {
        return Err(format!("{client}: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    Ok(String::from_utf8(done.stdout)?.trim().parse()?)
}

fn upload(client: &str, url: &str, length: &str) -> Result<()> {
    let length = length.parse()?;
    let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "secret")).service("s3").region("us-east-1");
    let chunked = AwsChunked::signed().checksum(Checksum::Crc64Nvme);
    match client {
        "ureq" => {
            let put = Request::put(url).body(io::repeat(0).take(length))?;
            awsauth_ureq::ureq::agent().run(awsauth_ureq::sign_chunked(&signer, put, length, &chunked)?)?;
        }
        _ => {
            let signer = awsauth_reqwest::Signer::from(signer).stream_payload(chunked);
            let body = awsauth_reqwest::reqwest::Body::wrap(Zeros(length));
            let put = awsauth_reqwest::reqwest::Client::new().put(url).header("content-length", length);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                put.body(body).aws_sign(&signer).await?.send().await?.error_for_status()?;
                Ok::<_, Box<dyn Error>>(())
            })?;
        }
    }
    println!("{}", peak()?);
    Ok(())
}

/// As many zeros, of which nobody knows beforehand how many they are.
struct Zeros(u64);

impl Body for Zeros {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        const PIECE: &[u8] = &[0; 40_000];
        let length = self.0.min(PIECE.len() as u64);
        self.0 -= length;
        let piece = usize::try_from(length).ok().and_then(|length| PIECE.get(..length)).unwrap_or_default();
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(Bytes::from(piece.to_vec())))))
    }
}

/// Takes one upload a connection, throws it away, and says so.
fn sink() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}/bucket/key", listener.local_addr()?);
    io::stdout().flush()?;
    loop {
        let (stream, _) = listener.accept()?;
        let mut stream = BufReader::with_capacity(1 << 18, stream);
        let (mut length, mut line) = (0, String::new());
        while {
            line.clear();
            stream.read_line(&mut line)? > 2
        } {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let received = io::copy(&mut (&mut stream).take(length), &mut io::sink())?;
        let status = if received == length && length > SMALL { "200 OK" } else { "400 Bad Request" };
        write!(stream.get_mut(), "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    }
}

/// The sink's process, which ends with this.
struct Server(Child);

impl Server {
    fn start() -> Result<(Self, String)> {
        let mut child = again(&["sink"]).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("the sink has no output")?;
        let server = Self(child);
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        Ok((server, url.trim().to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program with these arguments.
fn again(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.args(arguments);
    command
}

/// The most memory that this process has had, in kB.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
