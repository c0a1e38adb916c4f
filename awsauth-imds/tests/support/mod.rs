//! A scriptable HTTP server on loopback, and both drivers' callers.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, reason = "a test's own server")]

pub(crate) mod fake_imds;

use core::net::SocketAddr;
use core::time::Duration;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

use awsauth_credentials::{Credentials, CredentialsError, ProvideCredentials};

/// A request as the server saw it; header names in lower case.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    SendResult {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// Nothing, while the connection stays open.
    Hang,
    /// Responds after a while.
    Late(Duration, Box<Reply>),
    /// Bytes as they are, then the end.
    Raw(Vec<u8>),
    /// Breaks the connection.
    Reset,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::SendResult { status: 200, headers: Vec::new(), body: body.into() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::SendResult { status, headers: Vec::new(), body: b"{\"message\":\"fake\"}".to_vec() }
    }
}

/// Serves until the test process ends; each connection has its thread.
#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    pub(crate) fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, seen: Arc::default(), connections: Arc::default() };
        let shared = server.clone();
        let handler = Arc::new(handler);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *shared.connections.lock().unwrap() += 1;
                let (shared, handler) = (shared.clone(), Arc::clone(&handler));
                thread::spawn(move || serve(stream, &shared, &*handler));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The requests' method and target since the last call.
    pub(crate) fn take_lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().drain(..).map(|request| request.line()).collect()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

fn serve(stream: TcpStream, server: &Server, handler: &dyn Fn(&Seen) -> Reply) {
    let mut reader = BufReader::new(stream);
    let Some(request) = read_request(&mut reader) else { return };
    server.seen.lock().unwrap().push(request.clone());
    let mut reply = handler(&request);
    while let Reply::Late(pause, inner) = reply {
        thread::sleep(pause);
        reply = *inner;
    }
    let stream = reader.get_mut();
    // The client may be gone already; then there is nobody to tell.
    match reply {
        Reply::SendResult { status, headers, body } => {
            let mut head = format!("HTTP/1.1 {status} Fake\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            head.push_str("connection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
        Reply::Raw(bytes) => drop(stream.write_all(&bytes)),
        Reply::Hang => drop(stream.read_to_end(&mut Vec::new())),
        Reply::Reset | Reply::Late(..) => {}
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Seen { method, target, headers, body: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// The outcome of each driver that this build has, async first. Each gets a provider of its own.
pub(crate) fn with_each_driver<P: ProvideCredentials>(
    provider: impl Fn() -> P,
) -> Vec<Result<Credentials, CredentialsError>> {
    let _ = &provider;
    let results = Vec::from([
        #[cfg(feature = "async")]
        runtime().block_on(provider().provide()),
        #[cfg(feature = "blocking")]
        provider().provide_blocking(),
    ]);
    assert!(!results.is_empty(), "no driver is built: nothing would be tested");
    results
}

/// The outcome of one driver; the async one if there is one.
pub(crate) fn provide(provider: &dyn ProvideCredentials) -> Result<Credentials, CredentialsError> {
    if cfg!(feature = "async") { runtime().block_on(provider.provide()) } else { provider.provide_blocking() }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const SESSION_TOKEN: &str = "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT";

/// A credentials document; `access_key_id` tells one from another.
pub(crate) fn document(access_key_id: &str, expiration: &str) -> String {
    format!(
        "{{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"{access_key_id}\",\"SecretAccessKey\":\"{SECRET}\",\
         \"Token\":\"{SESSION_TOKEN}\",\"Expiration\":\"{expiration}\",\"AccountId\":\"123456789012\",\"Other\":[]}}"
    )
}

/// `error` has nothing of the credentials in it.
pub(crate) fn assert_tells_no_secret(error: &CredentialsError) {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(SECRET) && !shown.contains(SESSION_TOKEN), "{shown}");
}

pub(crate) fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A file that goes with the test.
pub(crate) struct TemporaryFile(std::path::PathBuf);

impl TemporaryFile {
    pub(crate) fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("awsauth-imds-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
