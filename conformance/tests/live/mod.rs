//! A client that knows nothing of signing, for tests against servers that verify it.

#![allow(dead_code, reason = "each test file takes its part of it")]
#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_http::{PostForm, Presigned, Signer};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

pub(crate) struct Live {
    endpoint: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Live {
    pub(crate) fn at(endpoint: String) -> Self {
        Self { endpoint, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    pub(crate) fn request(&self, method: Method, target: &str, body: &str) -> Request<Bytes> {
        let body = Bytes::copy_from_slice(body.as_bytes());
        Request::builder().method(method).uri(format!("{}{target}", self.endpoint)).body(body).unwrap()
    }

    /// Signed in a header.
    pub(crate) async fn signed(
        &self,
        signer: &Signer,
        method: Method,
        target: &str,
        body: &str,
    ) -> (StatusCode, String) {
        let mut request = self.request(method, target, body);
        signer.sign(&mut request).await.unwrap();
        self.send(request).await
    }

    /// As whoever got the URL sends it: to this server, whatever its host.
    pub(crate) async fn follow(&self, link: &Presigned, body: &str) -> (StatusCode, String) {
        let target = link.url.path_and_query().unwrap().as_str();
        let mut request = self.request(link.method.clone(), target, body);
        request.headers_mut().extend(link.headers.clone());
        request.headers_mut().insert("host", link.url.authority().unwrap().as_str().parse().unwrap());
        self.send(request).await
    }

    /// As a browser sends a form: its fields, those that the user fills in, and the file.
    pub(crate) async fn post(
        &self,
        form: &PostForm,
        filled_in: &[(&str, &str)],
        file: &str,
    ) -> (StatusCode, String) {
        const BOUNDARY: &str = "boundary-of-the-form";
        let mut body = String::new();
        let fields = form.fields.iter().map(|(name, value)| (&**name, &**value));
        for (name, value) in fields.chain(filled_in.iter().copied()) {
            body += &format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        body += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.png\"\r\n\
             Content-Type: image/png\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
        );
        let mut request = self.request(Method::POST, form.action.path(), &body);
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        request.headers_mut().insert("content-type", content_type.parse().unwrap());
        self.send(request).await
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> (StatusCode, String) {
        let response = self.answer(request).await;
        (response.status(), String::from_utf8_lossy(response.body()).into_owned())
    }

    /// The answer with its headers.
    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = self.client.request(request.map(Full::new)).await.unwrap().into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }
}
