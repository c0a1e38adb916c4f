//! README's table of schemes, through every way in of every adapter: what arrives on the wire verifies.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../awsauth-http/tests/loopback/mod.rs"]
mod loopback;

use core::time::Duration;
use std::time::UNIX_EPOCH;

use awsauth_conformance::reference::{self, Time, v3, v3_https};
use awsauth_core::s3_legacy::Bucket;
use awsauth_core::verify::VerifyPolicy;
use awsauth_core::{Header, Protocol, Request, Timestamp, sha256};
use awsauth_http::{Credentials, Error, PayloadHash, Scheme, Signer, SigningLayer};
use awsauth_reqwest::reqwest_middleware::ClientBuilder;
use awsauth_reqwest::{SignRequest, SigningMiddleware};
use http_body_util::Full;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use loopback::{Loopback, Received, Reply};
use tower::{ServiceBuilder, ServiceExt};

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOW: u64 = 1_440_938_160;
const FORM: &str = "application/x-www-form-urlencoded";

type Sent<T> = Result<T, Box<dyn core::error::Error + Send + Sync>>;

/// A request, and how it is to be signed.
#[derive(Clone, Copy, Debug)]
struct Job {
    scheme: Scheme,
    service: &'static str,
    region: &'static str,
    method: &'static str,
    target: &'static str,
    content_type: Option<&'static str>,
    body: &'static str,
}

const fn job(
    scheme: Scheme,
    (service, region): (&'static str, &'static str),
    (method, target): (&'static str, &'static str),
    content_type: Option<&'static str>,
    body: &'static str,
) -> Job {
    Job { scheme, service, region, method, target, content_type, body }
}

const SQS: (&str, &str) = ("sqs", "eu-west-1");
const S3: (&str, &str) = ("s3", "eu-west-1");
const SDB: (&str, &str) = ("sdb", "us-east-1");
const SWF: (&str, &str) = ("swf", "us-east-1");
const TEXT: Option<&str> = Some("text/plain");

const JOBS: [Job; 22] = [
    job(Scheme::Sigv4, SQS, ("GET", "/?Action=ListQueues"), None, ""),
    job(Scheme::Sigv4, SQS, ("POST", "/"), Some(FORM), "Action=ListQueues&Version=2012-11-05"),
    job(Scheme::Sigv4, S3, ("PUT", "/b/k%20%2B"), TEXT, "body"),
    job(Scheme::Sigv4, S3, ("PUT", "/b/empty"), None, ""),
    job(Scheme::Sigv4, S3, ("DELETE", "/b/k"), None, ""),
    job(Scheme::Sigv4a, ("s3", "*"), ("GET", "/k?versionId=1"), None, ""),
    job(Scheme::Sigv4a, ("s3", "*"), ("PUT", "/k"), TEXT, "body"),
    job(Scheme::Sigv4a, ("s3", "*"), ("PUT", "/empty"), None, ""),
    job(Scheme::Sigv2, SDB, ("GET", "/?Action=ListDomains&Version=2009-04-15"), None, ""),
    job(
        Scheme::Sigv2,
        SDB,
        ("POST", "/"),
        Some(FORM),
        "Action=Select&SelectExpression=a+b%26c&Version=2009-04-15",
    ),
    job(Scheme::Sigv2, SDB, ("POST", "/?Action=ListDomains&Version=2009-04-15"), Some(FORM), ""),
    job(Scheme::Sigv3, SWF, ("GET", "/"), None, ""),
    job(Scheme::Sigv3, SWF, ("POST", "/"), Some("application/x-amz-json-1.0"), r#"{"domain":"d"}"#),
    job(Scheme::Sigv3, SWF, ("POST", "/"), None, ""),
    job(Scheme::Sigv3Https, SWF, ("GET", "/?Action=GetSendQuota"), None, ""),
    job(Scheme::Sigv3Https, SWF, ("POST", "/"), Some(FORM), "Action=GetSendQuota"),
    job(Scheme::Sigv3Https, SWF, ("POST", "/"), None, ""),
    job(Scheme::S3Legacy, S3, ("GET", "/b/k?acl"), None, ""),
    job(Scheme::S3Legacy, S3, ("PUT", "/b/k"), TEXT, "body"),
    job(Scheme::S3Legacy, S3, ("PUT", "/b/empty"), None, ""),
    job(Scheme::S3Legacy, S3, ("DELETE", "/b/k"), None, ""),
    job(Scheme::S3Legacy, S3, ("HEAD", "/b/k"), None, ""),
];

impl Job {
    fn signer(&self) -> Signer {
        Signer::new(Credentials::new(ID, SECRET))
            .scheme(self.scheme)
            .service(self.service)
            .region(self.region)
            .clock(|| UNIX_EPOCH + Duration::from_secs(NOW))
    }

    fn request<B>(&self, server: &Loopback, body: B) -> http::Request<B> {
        let builder = http::Request::builder().method(self.method).uri(server.url(self.target));
        match self.content_type {
            Some(content_type) => builder.header("content-type", content_type),
            None => builder,
        }
        .body(body)
        .unwrap()
    }

    fn reqwest(&self, client: &reqwest::Client, server: &Loopback) -> reqwest::RequestBuilder {
        let method = self.method.parse().unwrap();
        let mut request = client.request(method, server.url(self.target));
        if let Some(content_type) = self.content_type {
            request = request.header("content-type", content_type);
        }
        // No body at all, and an empty one, are the same.
        if self.body.is_empty() { request } else { request.body(self.body) }
    }

    /// Whether the form that is posted is signed.
    fn signs_in_form(&self) -> bool {
        self.scheme == Scheme::Sigv2 && self.method == "POST" && !self.body.is_empty()
    }

    fn verify(&self, received: &Received) {
        let mut line = received.line.split(' ');
        let (method, target) = (line.next().unwrap(), line.next().unwrap());
        assert_eq!(method, self.method);
        let headers: Vec<_> = received
            .headers
            .iter()
            .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
            .collect();
        let host = received.header("host").unwrap();
        let request = Request::new(method, target, host).headers(&headers).protocol(Protocol::Http);
        let now = Timestamp::from_unix(NOW).unwrap();
        let policy =
            VerifyPolicy::new(self.service, if self.region == "*" { "eu-west-1" } else { self.region });
        let lookup = |id: &str| (id == ID).then_some(SECRET);
        let body_sha256 = Some(sha256(&received.body));
        match self.scheme {
            Scheme::Sigv4 => {
                let found = policy.verify(&request, body_sha256, now, |claim| lookup(claim.access_key_id()));
                assert_eq!(found.unwrap().access_key_id(), ID);
            }
            Scheme::Sigv4a => {
                let key = awsauth_sigv4a::Sigv4aKey::derive(ID, SECRET).unwrap().public_key();
                awsauth_sigv4a::verify(&policy, &request, body_sha256, now, |_| Some(key)).unwrap();
            }
            Scheme::Sigv2 => {
                let form = (self.content_type == Some(FORM)).then_some(&*received.body);
                policy.verify_sigv2(&request, form, now, lookup).unwrap();
            }
            Scheme::S3Legacy => {
                policy.verify_s3_legacy(&request, Bucket::ByHost, now, lookup).unwrap();
            }
            _ => {
                let url = format!("http://{host}{target}");
                let mut request = reference::Request::from_url(method, &url).unwrap();
                request.headers.extend(
                    received
                        .headers
                        .iter()
                        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())),
                );
                request.body.clone_from(&received.body);
                let credentials = reference::Credentials::new(ID, SECRET);
                let time = Time::parse("20150830T123600Z").unwrap();
                let expected = match self.scheme {
                    Scheme::Sigv3 => v3::sign(&request, &credentials, &time),
                    _ => v3_https::sign(&request, &credentials, &time),
                };
                let expected = expected.unwrap().authorization;
                assert_eq!(received.header("x-amzn-authorization"), expected.as_deref());
            }
        }
        if !self.signs_in_form() {
            assert_eq!(received.body, self.body.as_bytes());
        }
        let length = received.header("content-length");
        let takes_body = matches!(self.method, "PATCH" | "POST" | "PUT");
        match received.body.len() {
            0 if takes_body => assert_eq!(length, Some("0")),
            0 => assert!(matches!(length, None | Some("0")), "{length:?}"),
            sent => assert_eq!(length, Some(&*sent.to_string())),
        }
        assert_eq!(received.header("transfer-encoding"), None);
    }
}

/// The ways in that sign a request and send it.
#[derive(Clone, Copy, Debug)]
enum Way {
    HttpSign,
    HttpSignBody,
    HttpLayer,
    HttpLayerForForms,
    HttpLayerForBytes,
    ReqwestAwsSign,
    ReqwestSign,
    ReqwestMiddleware,
    UreqSign,
    UreqMiddleware,
}

const WAYS: [Way; 10] = [
    Way::HttpSign,
    Way::HttpSignBody,
    Way::HttpLayer,
    Way::HttpLayerForForms,
    Way::HttpLayerForBytes,
    Way::ReqwestAwsSign,
    Way::ReqwestSign,
    Way::ReqwestMiddleware,
    Way::UreqSign,
    Way::UreqMiddleware,
];

type Body = Full<bytes::Bytes>;

fn hyper() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

impl Way {
    async fn send(self, job: Job, server: &Loopback) -> Sent<()> {
        let signer = job.signer();
        match self {
            Self::HttpSign => {
                let mut request = job.request(server, bytes::Bytes::from(job.body));
                signer.sign(&mut request).await?;
                hyper().request(request.map(Full::new)).await?;
            }
            Self::HttpSignBody => {
                let (mut parts, body) = job.request(server, job.body).into_parts();
                let (_, form) = signer.sign_body(&mut parts, body.as_bytes()).await?;
                let body = form.unwrap_or_else(|| body.into());
                hyper().request(http::Request::from_parts(parts, Full::new(body))).await?;
            }
            Self::HttpLayer => {
                let layer = SigningLayer::new(signer);
                let client = ServiceBuilder::new().layer(layer).service(hyper());
                client.oneshot(job.request(server, Full::from(job.body))).await?;
            }
            Self::HttpLayerForForms => {
                let layer = SigningLayer::new(signer).for_forms();
                let client = ServiceBuilder::new().layer(layer).service(hyper());
                client.oneshot(job.request(server, Full::from(job.body))).await?;
            }
            Self::HttpLayerForBytes => {
                let layer = SigningLayer::new(signer).for_bytes();
                let client = ServiceBuilder::new()
                    .layer(layer)
                    .map_request(|request: http::Request<bytes::Bytes>| request.map(Full::new))
                    .service(hyper());
                client.oneshot(job.request(server, bytes::Bytes::from(job.body))).await?;
            }
            Self::ReqwestAwsSign => {
                let signer = awsauth_reqwest::Signer::from(signer);
                job.reqwest(&reqwest::Client::new(), server).aws_sign(&signer).await?.send().await?;
            }
            Self::ReqwestSign => {
                let (signer, client) = (awsauth_reqwest::Signer::from(signer), reqwest::Client::new());
                let mut request = job.reqwest(&client, server).build()?;
                signer.sign(&mut request).await?;
                client.execute(request).await?;
            }
            Self::ReqwestMiddleware => {
                let (signer, client) = (awsauth_reqwest::Signer::from(signer), reqwest::Client::new());
                let request = job.reqwest(&client, server).build()?;
                ClientBuilder::new(client)
                    .with(SigningMiddleware::new(signer))
                    .build()
                    .execute(request)
                    .await?;
            }
            Self::UreqSign => {
                if job.body.is_empty() {
                    let mut request = job.request(server, ());
                    blocking(move || {
                        awsauth_ureq::sign(&signer, &mut request)?;
                        Ok(ureq::agent().run(request)?)
                    })
                    .await?;
                } else {
                    let mut request = job.request(server, job.body.to_owned());
                    blocking(move || {
                        awsauth_ureq::sign(&signer, &mut request)?;
                        Ok(ureq::agent().run(request)?)
                    })
                    .await?;
                }
            }
            Self::UreqMiddleware => {
                let agent: ureq::Agent = ureq::Agent::config_builder()
                    .middleware(awsauth_ureq::SigningMiddleware::new(signer))
                    .build()
                    .into();
                if job.body.is_empty() {
                    let request = job.request(server, ());
                    blocking(move || Ok(agent.run(request)?)).await?;
                } else {
                    let request = job.request(server, job.body);
                    blocking(move || Ok(agent.run(request)?)).await?;
                }
            }
        }
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(send: impl FnOnce() -> Sent<T> + Send + 'static) -> Sent<T> {
    tokio::task::spawn_blocking(send).await?
}

#[tokio::test]
async fn signs() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    for job in JOBS {
        for way in WAYS {
            let sent = way.send(job, &server).await;
            if matches!(way, Way::HttpLayer) && job.signs_in_form() {
                // The bodies that it takes cannot all be replaced; the error says what can.
                assert!(sent.unwrap_err().to_string().contains(".for_forms()"));
                continue;
            }
            sent.unwrap_or_else(|error| panic!("{way:?}, {job:?}: {error:?}"));
            let received = server.received().pop().unwrap();
            println!("{way:?} {job:?}");
            job.verify(&received);
        }
    }
}

#[tokio::test]
async fn presigns() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    let expires = Duration::from_secs(60);
    for job in JOBS {
        if !matches!(job.method, "GET" | "DELETE") {
            continue;
        }
        let has_none = matches!(job.scheme, Scheme::Sigv3 | Scheme::Sigv3Https);
        let request = job.request(&server, "");
        let link = job.signer().presign(&request, expires).await;
        let client = reqwest::Client::new();
        let signer = awsauth_reqwest::Signer::from(job.signer());
        let by_reqwest = signer.presign(job.reqwest(&client, &server), expires).await;
        if has_none {
            assert_eq!(link.unwrap_err(), Error::NotPresignable(job.scheme));
            assert!(by_reqwest.is_err());
            continue;
        }
        let (link, by_reqwest) = (link.unwrap(), by_reqwest.unwrap());
        if job.scheme != Scheme::Sigv4a {
            assert_eq!(link.url.to_string(), by_reqwest.url.to_string());
        }
        let agent = ureq::agent();
        let follow = http::Request::builder().method(link.method).uri(link.url).body(()).unwrap();
        blocking(move || Ok(agent.run(follow)?)).await.unwrap();
        job.verify(&server.received().pop().unwrap());
        client.request(by_reqwest.method, by_reqwest.url).send().await.unwrap();
        job.verify(&server.received().pop().unwrap());
    }
}

/// A hash in place of the body is not enough for the schemes that sign the body itself, and the error says so.
#[tokio::test]
async fn a_hash_alone_is_refused_where_the_body_is_signed() {
    let server = Loopback::start(|_| Reply::new(200, "")).await;
    for job in JOBS {
        let signs_body = job.signs_in_form() || job.scheme == Scheme::Sigv3;
        if !signs_body || job.body.is_empty() {
            continue;
        }
        let signer = awsauth_reqwest::Signer::from(job.signer());
        let mut request = job.reqwest(&reqwest::Client::new(), &server).build().unwrap();
        let refused =
            signer.sign_payload(&mut request, PayloadHash::of(job.body.as_bytes())).await.unwrap_err();
        assert!(
            matches!(&refused, awsauth_reqwest::Error::Sign(Error::BodyNotInMemory(scheme)) if *scheme == job.scheme),
            "{refused:?}"
        );
    }
    assert!(server.received().is_empty());
}
