//! The doctor names seeded faults from what real servers answer: Swift's `s3api`, which shows its canonical request, and
//! `s3s`, which says nothing but the code. Swift's part needs `eval "$(conformance/servers/start swift)"`; without that it
//! says so, and shows nothing.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "doctor/faults.rs"]
mod faults;
mod live;

use core::time::Duration;
use std::io::{self, Write as _};
use std::time::SystemTime;

use awsauth_conformance::s3_server::S3Server;
use awsauth_core::{CredentialScope, Date, SigningKey, StringToSign, Timestamp, sha256};
use awsauth_http::explain::{Cause, Diagnosis, Trace};
use awsauth_http::{Credentials, SignedHeaders, Signer, UnsignedPayload, VerifyPolicy, awsauth_core, verify};
use bytes::Bytes;
use faults::{Fault, Seed, faults};
use http::{HeaderValue, Method, Request, StatusCode};
use live::Live;

struct Server {
    live: Live,
    region: String,
    /// With a secret that has `=` in it.
    keys: Credentials,
}

#[tokio::test]
async fn swift_tells_the_faults() {
    let set = |name: &str| std::env::var(format!("AWSAUTH_SWIFT_{name}"));
    let Ok(url) = set("URL") else {
        // Straight to the terminal: what a test that passes prints is not shown.
        let _ = writeln!(
            io::stderr(),
            "swift_tells_the_faults NOT RUN: no AWSAUTH_SWIFT_URL, see conformance/servers/README.md"
        );
        return;
    };
    let keys = Credentials::new(set("ODD_ACCESS_KEY_ID").unwrap(), set("ODD_SECRET_ACCESS_KEY").unwrap());
    let server = Server { live: Live::at(url), region: set("REGION").unwrap(), keys };
    server.name_all(|fault| fault.told, 60).await;
}

#[tokio::test]
async fn s3s_gives_the_faults_away() {
    let keys = Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY==");
    let s3s = S3Server::start(keys.access_key_id(), keys.secret_access_key()).unwrap();
    let server = Server { live: Live::at(s3s.endpoint()), region: "us-east-1".to_owned(), keys };
    server.name_all(|fault| fault.silent, 34).await;
}

impl Server {
    async fn name_all(&self, cause: fn(&Fault) -> Option<Cause>, at_least: usize) {
        let (status, body) = self.live.signed(&self.signer(&self.keys), Method::PUT, "/doctor", "").await;
        assert!(status == StatusCode::OK || body.contains("BucketAlreadyOwnedByYou"), "{status}: {body}");
        // What has no fault is taken.
        let mut sound = self.request();
        self.signer(&self.keys).sign(&mut sound).await.unwrap();
        assert_eq!(self.explain(&Trace::of(&sound, &self.keys), sound).await.cause(), Cause::Accepted);

        let (mut named, mut wrong) = (0, Vec::new());
        for fault in faults() {
            let Some(cause) = cause(&fault) else { continue };
            let diagnosis = self.diagnose(&fault.seed).await;
            println!("{}\n{diagnosis}\n", fault.name);
            assert!(!diagnosis.to_string().contains(self.keys.secret_access_key()), "{}", fault.name);
            named += 1;
            if diagnosis.cause() != cause {
                wrong.push(format!("{}: {cause:?}, not\n{diagnosis}", fault.name));
            }
        }
        assert!(wrong.is_empty(), "{} of {named}\n{}", wrong.len(), wrong.join("\n\n"));
        println!("{named} faults named");
        assert!(named >= at_least, "{named}");
    }

    async fn diagnose(&self, seed: &Seed) -> Diagnosis {
        let mut request = self.request();
        let (signer, keys) = match seed {
            Seed::Keys(change) => (self.signer(&change(&self.keys)), change(&self.keys)),
            Seed::Setting(set) => (set(self.signer(&self.keys)), self.keys.clone()),
            _ => (self.signer(&self.keys), self.keys.clone()),
        };
        if let Seed::InUrl(set, seconds, from, to) = seed {
            let link = set(signer).presign(&request, Duration::from_secs(*seconds)).await.unwrap();
            *request.uri_mut() = link.url.clone();
            request.headers_mut().extend(link.headers.clone());
            let trace = Trace::of(&request, &keys);
            let sent = request.uri().to_string().replacen(from, to, 1);
            *request.uri_mut() = sent.parse().unwrap();
            return self.explain(&trace, request).await;
        }
        if let Seed::Unsigned = seed {
            return self.explain(&Trace::of(&request, &keys), request).await;
        }
        signer.sign(&mut request).await.unwrap();
        if let Seed::AfterSigning(change) = seed {
            change(&mut request);
        }
        if let Seed::InSigner(from, to) = seed {
            self.sign_as(&mut request, from, to);
        }
        let trace = Trace::of(&request, &keys);
        if let Seed::OnTheWay(change) = seed {
            change(&mut request);
        }
        self.explain(&trace, request).await
    }

    async fn explain(&self, trace: &Trace, request: Request<Bytes>) -> Diagnosis {
        trace.explain(&self.live.answer(request).await)
    }

    /// With something of all that signers and servers are known to disagree on.
    fn request(&self) -> Request<Bytes> {
        let target = "/doctor/a%20b/c%2Bd%28e%29//twice/f.txt?flag=&p=a%2Bb&z=1%2F2";
        let mut request = self.live.request(Method::PUT, target, "body\n");
        for (name, value) in [
            ("content-type", "text/plain"),
            ("user-agent", "app/1"),
            ("x-amz-meta-a", "1"),
            ("x-list", "b, a"),
            ("x-note", "caf\u{e9}"),
        ] {
            request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        request
    }

    fn signer(&self, keys: &Credentials) -> Signer {
        const NAMES: &[&str] = &["user-agent", "x-list", "x-note"];
        Signer::new(keys.clone())
            .service("s3")
            .region(self.region.clone())
            .signed_headers(SignedHeaders::EssentialAnd(NAMES))
    }

    /// Gives a signed request the signature of another canonical request, as a faulty signer would make it.
    fn sign_as(&self, request: &mut Request<Bytes>, from: &str, to: &str) {
        let mut policy = VerifyPolicy::DEFAULT;
        policy.unsigned_payload = UnsignedPayload::Allowed;
        let mut canonical = String::new();
        let _ = verify(request, &policy, SystemTime::now(), |claim| {
            canonical = claim.canonical_request().to_string();
            None::<&str>
        });
        let digest = |body: &[u8]| sha256(body).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let host = request.uri().authority().unwrap().as_str();
        let filled = |text: &str| {
            text.replace("{host}", host)
                .replace("{body}", &digest(b"body\n"))
                .replace("{empty}", &digest(b""))
                .replace("{trimmed}", &digest(b"body"))
        };
        let faulty = canonical.replace(&filled(from), &filled(to));
        assert_ne!(faulty, canonical, "{from} is not in it");
        let authorization = request.headers()["authorization"].to_str().unwrap();
        let (head, _) = authorization.split_once("Signature=").unwrap();
        let parts: Vec<_> = head.split(['/', ',']).collect();
        let scope = CredentialScope::new(Date::parse(parts[1]).unwrap(), parts[2], parts[3]).unwrap();
        let time = Timestamp::parse(request.headers()["x-amz-date"].to_str().unwrap()).unwrap();
        let text = StringToSign::new("AWS4-HMAC-SHA256", time, scope, sha256(faulty.as_bytes()));
        let signature = SigningKey::derive(self.keys.secret_access_key(), scope).sign(&text);
        let authorization = format!("{head}Signature={signature}");
        request.headers_mut().insert("authorization", authorization.parse().unwrap());
    }
}
