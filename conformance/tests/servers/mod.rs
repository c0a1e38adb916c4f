//! The S3 servers that verify what is signed, in one list, and the clients that sign for them, in another.

#![allow(dead_code, reason = "each test file takes its part of it")]
#![allow(clippy::unwrap_used, reason = "tests")]

mod way;

use std::env;
use std::io::{self, Write as _};

use awsauth_conformance::s3_server::S3Server;
use awsauth_http::awsauth_core::encode_path;
use awsauth_http::{Credentials, Signer};
use http::Method;

pub(crate) use way::{Answer, Message, Way};

/// A server with a bucket of the test's own.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) credentials: Credentials,
    region: String,
    endpoint: String,
    bucket: String,
    /// Runs while this is here.
    _in_process: Option<S3Server>,
}

/// The server in this process, and those that `conformance/servers/start` started; what is absent is said to be.
pub(crate) fn every(test: &str) -> Vec<Server> {
    let bucket = test.replace('_', "-");
    let mut servers = vec![in_process(&bucket)];
    for (name, prefix) in [("swift", "AWSAUTH_SWIFT"), ("rclone", "AWSAUTH_RCLONE"), ("rgw", "AWSAUTH_RGW")] {
        let set = |name: &str| env::var(format!("{prefix}_{name}"));
        let Ok(endpoint) = set("URL") else {
            // Straight to the terminal: what a test that passes prints is not shown.
            let _ = writeln!(
                io::stderr(),
                "{test}, {name} NOT RUN: no {prefix}_URL, see conformance/servers/README.md"
            );
            continue;
        };
        let credentials = Credentials::new(set("ACCESS_KEY_ID").unwrap(), set("SECRET_ACCESS_KEY").unwrap());
        let region = set("REGION").unwrap();
        servers.push(Server {
            name,
            credentials,
            region,
            endpoint,
            bucket: bucket.clone(),
            _in_process: None,
        });
    }
    for server in &servers {
        server.create_bucket();
    }
    servers
}

fn in_process(bucket: &str) -> Server {
    let keys = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let server = S3Server::start(keys.0, keys.1).unwrap();
    Server {
        name: "s3s",
        credentials: Credentials::new(keys.0, keys.1),
        region: "us-east-1".to_owned(),
        endpoint: server.endpoint(),
        bucket: bucket.to_owned(),
        _in_process: Some(server),
    }
}

impl Server {
    pub(crate) fn signer(&self) -> Signer {
        self.signer_of(self.credentials.clone())
    }

    pub(crate) fn signer_of(&self, credentials: Credentials) -> Signer {
        Signer::new(credentials).service("s3").region(self.region.clone())
    }

    /// `http://127.0.0.1:PORT/BUCKET`
    pub(crate) fn bucket(&self) -> String {
        format!("{}/{}", self.endpoint, self.bucket)
    }

    /// The endpoint, region, access key, secret, and bucket, for clients with a way of their own.
    pub(crate) fn parts(&self) -> [&str; 5] {
        let secret = self.credentials.secret_access_key();
        [&self.endpoint, &self.region, self.credentials.access_key_id(), secret, &self.bucket]
    }

    /// The URL of an object, whose key is not encoded.
    pub(crate) fn object(&self, key: &str) -> String {
        let mut url = self.bucket().into_bytes();
        url.push(b'/');
        encode_path(key.as_bytes(), &mut |run: &[u8]| url.extend_from_slice(run));
        String::from_utf8(url).unwrap()
    }

    pub(crate) fn put(&self, way: Way, key: &str, body: &str) -> Answer {
        way.send(&self.signer(), &Message::new(Method::PUT, self.object(key)).body(body)).unwrap()
    }

    pub(crate) fn get(&self, way: Way, key: &str) -> Answer {
        way.send(&self.signer(), &Message::new(Method::GET, self.object(key))).unwrap()
    }

    fn create_bucket(&self) {
        let create = Message::new(Method::PUT, self.bucket());
        let answer = Way::Hyper.send(&self.signer(), &create).unwrap();
        assert!(matches!(answer.status, 200 | 409), "{}: creating {}: {answer}", self.name, self.bucket);
    }
}
