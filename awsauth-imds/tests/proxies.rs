//! STS is reached through the proxy that the environment names, by both drivers; instance metadata and containers never.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use awsauth_credentials::{Credentials, Environment, ErrorKind, StaticProvider};
use awsauth_imds::{AssumeRole, Container, DefaultChain, Imds, RoleProfile, WebIdentity};
use support::fake_imds::FakeImds;
use support::{Reply, SECRET, SESSION_TOKEN, Server, TemporaryFile, document, with_each_driver};

const ROLE: &str = "arn:aws:iam::123456789012:role/demo";
/// Nobody's, so that who does not go through the proxy gets nowhere.
const STS: &str = "http://sts.example.invalid:8080";

/// A proxy that plays the server behind it, whether it is asked for a tunnel or to pass a request on.
#[derive(Clone)]
struct Proxy {
    address: String,
    /// The request lines, and the credentials beside them.
    seen: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self { address: listener.local_addr().unwrap().to_string(), seen: Arc::default() };
        let shared = proxy.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        proxy
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut head = read_head(&mut reader)?;
        let line = head.first()?.clone();
        let authorization = head.iter().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("proxy-authorization").then(|| format!(" {value}"))
        });
        self.seen.lock().unwrap().push(line.clone() + &authorization.unwrap_or_default());
        if line.starts_with("CONNECT ") {
            reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
            // What a tunnel carries to port 443 is TLS, of which this knows nothing.
            if line.contains(":443 ") {
                return None;
            }
            head = read_head(&mut reader)?;
        }
        let length = head.iter().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
        });
        reader.read_exact(&mut vec![0; length.unwrap_or(0)]).ok()?;
        let body = format!(
            "<R><Credentials><AccessKeyId>ASIAPROXIED</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>\
             <SessionToken>{SESSION_TOKEN}</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></R>"
        );
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        reader.get_mut().write_all((head + &body).as_bytes()).ok()
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn take(&self) -> Vec<String> {
        core::mem::take(&mut *self.seen.lock().unwrap())
    }
}

fn read_head(reader: &mut BufReader<TcpStream>) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => return Some(lines),
            line => lines.push(line.to_owned()),
        }
    }
}

fn base() -> StaticProvider {
    StaticProvider::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
}

/// What each driver is asked for on its way: a tunnel, or to pass the request on.
fn is_for_sts(line: &str) -> bool {
    line.starts_with("CONNECT sts.example.invalid:8080 ")
        || line.starts_with("POST http://sts.example.invalid:8080/ ")
}

#[test]
fn sts_is_asked_through_the_proxy() {
    let proxy = Proxy::start();
    let token = TemporaryFile::new("proxied-token", b"token");
    let config = format!(
        "[default]\nrole_arn = {ROLE}\nsource_profile = base\n[profile base]\naws_access_key_id = AKIDBASE\n\
         aws_secret_access_key = {SECRET}\n"
    );
    let config = TemporaryFile::new("proxied-config", config.as_bytes());
    let url = proxy.url();
    let with_password = url.replace("http://", "http://user:pass%3Aword@");
    for (name, value, authorization) in [
        ("HTTP_PROXY", url.as_str(), None),
        ("http_proxy", url.as_str(), None),
        ("ALL_PROXY", url.as_str(), None),
        ("HTTP_PROXY", proxy.address.as_str(), None),
        ("HTTP_PROXY", with_password.as_str(), Some(" Basic dXNlcjpwYXNzOndvcmQ=")),
    ] {
        let environment = |more: &[(&'static str, &str)]| {
            let settings = [("AWS_ENDPOINT_URL_STS", STS), ("AWS_REGION", "eu-central-1"), (name, value)];
            let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
            Environment::from_vars(
                settings.map(|(name, value)| (name, value.to_owned())).into_iter().chain(more),
            )
        };
        let by_token = environment(&[("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
        let by_profile = environment(&[("AWS_CONFIG_FILE", config.path())]);
        let outcomes = [
            with_each_driver(|| WebIdentity::new(by_token.clone())),
            with_each_driver(|| DefaultChain::new(by_token.clone())),
            with_each_driver(|| RoleProfile::new(by_profile.clone())),
            with_each_driver(|| AssumeRole::new(base(), ROLE).environment(environment(&[]))),
        ];
        let mut sent = 0;
        for result in outcomes.into_iter().flatten() {
            assert_eq!(result.unwrap().access_key_id(), "ASIAPROXIED", "{name}={value}");
            sent += 1;
        }
        let seen = proxy.take();
        assert_eq!(seen.len(), sent, "{name}={value}: {seen:?}");
        for line in seen {
            assert!(is_for_sts(&line), "{line}");
            assert_eq!(line.split_once("HTTP/1.1").unwrap().1, authorization.unwrap_or_default(), "{line}");
        }
    }
}

/// Where the endpoint is one of https, a tunnel is all that a proxy is asked for. This build has no TLS, which must not
/// put the request into the proxy's hands in the clear.
#[test]
fn https_has_a_variable_of_its_own() {
    let proxy = Proxy::start();
    let url = proxy.url();
    for (name, is_proxied) in
        [("HTTPS_PROXY", true), ("https_proxy", true), ("ALL_PROXY", true), ("HTTP_PROXY", false)]
    {
        let role = || {
            let environment = Environment::from_vars([(name, url.as_str())]);
            AssumeRole::new(base(), ROLE)
                .region("eu-central-1")
                .endpoint("https://sts.example.invalid")
                .environment(environment)
        };
        for result in with_each_driver(role) {
            let error = result.unwrap_err();
            let says_so = error.detail().contains("TLS");
            assert!(says_so || cfg!(feature = "rustls") || !is_proxied, "{name}: {error}");
        }
        let seen = proxy.take();
        assert!(
            seen.iter().all(|line| line.starts_with("CONNECT sts.example.invalid:443 ")),
            "{name}: {seen:?}"
        );
        assert!(is_proxied || seen.is_empty(), "{name}: {seen:?}");
        // The driver over ureq asks for the tunnel before it misses TLS.
        assert!(
            !is_proxied || !(cfg!(feature = "blocking") || cfg!(feature = "rustls")) || !seen.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn exceptions_are_asked_directly() {
    let proxy = Proxy::start();
    let sts = Server::start(|_| Reply::status(403));
    let (proxy_url, sts_url) = (proxy.url(), sts.url());
    for (no_proxy, is_proxied) in [
        ("", true),
        ("sts.example.invalid", true),
        ("127.0.0.1", false),
        ("127.0.0.0/8", false),
        ("x, *", false),
    ] {
        let role = || {
            let variables = [("HTTP_PROXY", proxy_url.as_str()), ("NO_PROXY", no_proxy)];
            AssumeRole::new(base(), ROLE)
                .region("eu-central-1")
                .endpoint(sts_url.as_str())
                .environment(Environment::from_vars(variables))
        };
        for result in with_each_driver(role) {
            assert_eq!(result.is_ok(), is_proxied, "NO_PROXY={no_proxy}: {result:?}");
        }
        assert_eq!(proxy.take().is_empty(), !is_proxied, "NO_PROXY={no_proxy}");
        assert_eq!(sts.take_lines().is_empty(), is_proxied, "NO_PROXY={no_proxy}");
    }
}

#[test]
fn a_role_that_was_given_no_environment_reads_none() {
    let sts = Server::start(|_| Reply::status(403));
    let url = sts.url();
    let role = || AssumeRole::new(base(), ROLE).region("eu-central-1").endpoint(url.as_str());
    for result in with_each_driver(role) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Refused);
    }
    assert!(!sts.take_lines().is_empty());
}

#[test]
fn metadata_and_containers_are_never_asked_through_a_proxy() {
    let proxy = Proxy::start();
    let imds = FakeImds::start();
    let container = Server::start(|_| Reply::ok(document("ASIACONTAINER", "2030-01-01T00:00:00Z")));
    let (proxy_url, imds_url, container_url) = (proxy.url(), imds.server.url(), container.url());
    let variables = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .map(|name| (name, proxy_url.as_str()))
        .into_iter()
        .chain([
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container_url.as_str()),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds_url.as_str()),
        ]);
    let environment = Environment::from_vars(variables);
    for result in with_each_driver(|| Container::new(environment.clone())) {
        assert_eq!(result.unwrap().access_key_id(), "ASIACONTAINER");
    }
    for result in with_each_driver(|| Imds::new(environment.clone())) {
        assert_eq!(result.unwrap().access_key_id(), "ASIAFIRST");
    }
    assert_eq!(proxy.take(), Vec::<String>::new());
}

#[test]
fn a_proxy_that_is_none_is_named_without_its_password() {
    for value in ["http://user:hunter2@", "socks5://user:hunter2@127.0.0.1:1080"] {
        let environment = Environment::from_vars([("HTTP_PROXY", value)]);
        let role = || {
            AssumeRole::new(base(), ROLE)
                .region("eu-central-1")
                .endpoint(STS)
                .environment(environment.clone())
        };
        for result in with_each_driver(role) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
            assert!(error.detail().contains("proxy") || error.detail().contains("PROXY"), "{error}");
            assert!(!format!("{error} {error:?} {:?}", role()).contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn a_proxy_that_is_not_there_cannot_be_connected_to() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let environment = Environment::from_vars([("HTTP_PROXY", format!("http://user:hunter2@{free}"))]);
    let role = || {
        AssumeRole::new(base(), ROLE).region("eu-central-1").endpoint(STS).environment(environment.clone())
    };
    for result in with_each_driver(role) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}
