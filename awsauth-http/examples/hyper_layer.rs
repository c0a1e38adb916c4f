//! Signs every request of hyper-util's client by one layer.
//!
//! ```text
//! cargo run -p awsauth-http --features tower --example hyper_layer -- http://127.0.0.1:9000/bucket/key us-east-1 s3
//! ```
//!
//! takes the credentials from the environment. Region and service are needed only if they cannot be read from the host. For
//! https, give the client a connector of your choice, such as that of hyper-rustls. Without arguments it sends to a server
//! inside the process, whose clock is an hour ahead.

use core::error::Error;

use awsauth_http::awsauth_core::Timestamp;
use awsauth_http::awsauth_credentials::EnvProvider;
use awsauth_http::http::Request;
use awsauth_http::{ClockSkew, Credentials, ErrorResponse, FollowRedirects, Signer, SigningLayer};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{ServiceBuilder, ServiceExt};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (url, mut signer) = match arguments.next() {
        Some(url) => (url, Signer::new(EnvProvider::from_env())),
        None => (
            server_an_hour_ahead().await?,
            Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
                .service("s3")
                .region("us-east-1"),
        ),
    };
    if let Some(region) = arguments.next() {
        signer = signer.region(region);
    }
    if let Some(service) = arguments.next() {
        signer = signer.service(service);
    }

    let skew = ClockSkew::new();
    let client = ServiceBuilder::new()
        // Retries would go here, outside: each attempt is then signed anew.
        .layer(SigningLayer::new(signer.clock_skew(skew.clone())).follow_redirects(FollowRedirects::ToS3))
        .service(Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>());

    let request = Request::get(url).body(Empty::new())?;
    let response = client.oneshot(request.clone()).await?;
    println!("{}, with a clock that is {} s off", response.status(), skew.seconds(&request));
    if let Some(error) = response.extensions().get::<ErrorResponse>() {
        println!("refused: {}", error.code().unwrap_or("no code"));
    }
    println!("{}", String::from_utf8_lossy(&response.into_body().collect().await?.to_bytes()));
    Ok(())
}

/// A server that refuses requests that are not signed for its time, as S3 does.
async fn server_an_hour_ahead() -> Result<String, Box<dyn Error>> {
    use std::time::{SystemTime, UNIX_EPOCH};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/bucket/key", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs()) + 3_600;
            let mut lines = BufReader::new(&mut stream).lines();
            let mut signed = 0;
            while let Ok(Some(line)) = lines.next_line().await {
                match line.split_once(": ") {
                    Some(("x-amz-date", date)) => {
                        signed = Timestamp::parse(date).map_or(0, Timestamp::unix_seconds)
                    }
                    None if line.is_empty() => break,
                    _ => {}
                }
            }
            println!("server: signed {} s ago", now.abs_diff(signed));
            let (status, body) = match now.abs_diff(signed) < 900 {
                true => ("200 OK", "welcome"),
                false => ("403 Forbidden", "<Error><Code>RequestTimeTooSkewed</Code></Error>"),
            };
            let date = Timestamp::from_unix(now).map(Timestamp::http_date);
            let date = date.as_ref().map_or("", |date| date.as_str());
            let length = body.len();
            let response = format!(
                "HTTP/1.1 {status}\r\ndate: {date}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = stream.write_all(response.as_bytes()).await;
        }
    });
    Ok(url)
}
