use core::error::Error;
use core::fmt;

use awsauth_http::{Presigned, Signer};
use awsauth_reqwest::reqwest_middleware::ClientBuilder;
use awsauth_reqwest::{SignRequest as _, SigningMiddleware};
use awsauth_ureq::ureq;
use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest::redirect::Policy;
use tokio::runtime::Runtime;
use ureq::Agent;

/// How a request is signed, and what sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Hyper,
    Reqwest,
    ReqwestMiddleware,
    Ureq,
    UreqMiddleware,
}

/// A request before it is signed.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    /// None where the caller gives the client no body at all.
    pub(crate) body: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

type Sent = Result<Answer, Box<dyn Error>>;

impl Way {
    pub(crate) const ALL: [Self; 5] =
        [Self::Hyper, Self::Reqwest, Self::ReqwestMiddleware, Self::Ureq, Self::UreqMiddleware];

    /// Signs it and sends it. An error is the client's or the signer's: what a server answers is none.
    pub(crate) fn send(self, signer: &Signer, message: &Message) -> Sent {
        match self {
            Self::Hyper => {
                let mut request = message.builder().body(message.bytes())?;
                signer.sign_blocking(&mut request)?;
                hyper(request)
            }
            Self::Reqwest => runtime().block_on(async {
                let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
                let request = message.reqwest(client.request(message.method.clone(), &message.url));
                answer(request.aws_sign(&signer.clone().into()).await?.send().await?).await
            }),
            Self::ReqwestMiddleware => runtime().block_on(async {
                let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
                let signing = SigningMiddleware::new(signer.clone().into());
                let request = message.reqwest(client.request(message.method.clone(), &message.url));
                let client = ClientBuilder::new(client).with(signing).build();
                answer(client.execute(request.build()?).await?).await
            }),
            Self::Ureq => {
                let agent = agent().build().into();
                let request = message.builder();
                match message.body.clone() {
                    None => {
                        let mut request = request.body(())?;
                        awsauth_ureq::sign(signer, &mut request)?;
                        ureq(&agent, request)
                    }
                    Some(body) => {
                        let mut request = request.body(body)?;
                        awsauth_ureq::sign(signer, &mut request)?;
                        ureq(&agent, request)
                    }
                }
            }
            Self::UreqMiddleware => {
                let agent =
                    agent().middleware(awsauth_ureq::SigningMiddleware::new(signer.clone())).build().into();
                match message.body.clone() {
                    None => ureq(&agent, message.builder().body(())?),
                    Some(body) => ureq(&agent, message.builder().body(body)?),
                }
            }
        }
    }

    /// Sends what was presigned, as whoever was given it does: with the headers that came with it, some changed or left out.
    pub(crate) fn follow(
        self,
        link: &Presigned,
        changes: &[(&'static str, Option<&str>)],
        body: &str,
    ) -> Sent {
        let mut headers = link.headers.clone();
        for (name, value) in changes {
            match value {
                Some(value) => drop(headers.insert(*name, value.parse()?)),
                None => drop(headers.remove(*name)),
            }
        }
        self.send_as_it_is(&link.method, &link.url.to_string(), headers, body)
    }

    /// Sends a request that is signed already, or not at all.
    pub(crate) fn send_as_it_is(self, method: &Method, url: &str, headers: HeaderMap, body: &str) -> Sent {
        let mut request = Request::builder().method(method).uri(url).body(body.to_owned())?;
        *request.headers_mut() = headers;
        match self {
            Self::Hyper => hyper(request.map(Bytes::from)),
            Self::Reqwest | Self::ReqwestMiddleware => runtime().block_on(async {
                let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
                let (parts, body) = request.into_parts();
                let request = client.request(parts.method, url).headers(parts.headers);
                answer(if body.is_empty() { request } else { request.body(body) }.send().await?).await
            }),
            Self::Ureq | Self::UreqMiddleware if body.is_empty() => {
                ureq(&agent().build().into(), request.map(|_| ()))
            }
            Self::Ureq | Self::UreqMiddleware => ureq(&agent().build().into(), request),
        }
    }
}

impl Message {
    pub(crate) fn new(method: Method, url: String) -> Self {
        Self { method, url, headers: Vec::new(), body: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// Without its body, for clients of the `http` crate's types.
    pub(crate) fn builder(&self) -> http::request::Builder {
        let request = Request::builder().method(&self.method).uri(&self.url);
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    pub(crate) fn bytes(&self) -> Bytes {
        Bytes::from(self.body.clone().unwrap_or_default())
    }

    fn reqwest(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let request =
            self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        match &self.body {
            None => request,
            Some(body) => request.body(body.clone()),
        }
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The status and, of a refusal, the error code.
    pub(crate) fn code(&self) -> (u16, String) {
        let text = self.text();
        let code = text.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
        (self.status, code.unwrap_or_default().to_owned())
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.text())
    }
}

fn hyper(mut request: Request<Bytes>) -> Sent {
    // hyper sends no length of an empty body, whatever the method.
    if matches!(*request.method(), Method::PUT | Method::POST) {
        let length = request.body().len();
        request.headers_mut().insert("content-length", length.into());
    }
    runtime().block_on(async {
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let (parts, body) = client.request(request.map(Full::new)).await?.into_parts();
        let body = body.collect().await?.to_bytes().to_vec();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    })
}

async fn answer(response: reqwest::Response) -> Sent {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
}

fn agent() -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None)
}

fn ureq(agent: &Agent, request: Request<impl ureq::AsSendBody>) -> Sent {
    let (parts, mut body) = agent.run(request)?.into_parts();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.read_to_vec()? })
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}
