//! An S3 server that verifies signatures, in this process: `s3s` over a temporary folder, on a free port of loopback.
//!
//! It runs on a thread of its own, so that async and blocking callers start it alike.
//!
//! ```
//! use awsauth_conformance::s3_server::S3Server;
//!
//! let server = S3Server::start("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")?;
//! assert!(server.endpoint().starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```

use core::net::{Ipv4Addr, SocketAddr};
use core::time::Duration;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// How long requests that are under way may take once the server is dropped.
const GRACE: Duration = Duration::from_secs(2);

/// A running server. Dropping it ends its requests, stops it and removes its folder.
#[derive(Debug)]
pub struct S3Server {
    address: SocketAddr,
    root: TempDir,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl S3Server {
    /// Starts a server that knows these credentials and, until the first is created, no bucket. It takes requests from
    /// the moment this returns, path-style: `http://127.0.0.1:PORT/bucket/key`. Any region will do.
    ///
    /// # Errors
    /// When there is no temporary folder, free port or thread to be had.
    pub fn start(access_key_id: &str, secret_access_key: &str) -> io::Result<Self> {
        let root = tempfile::Builder::new().prefix("awsauth-s3-").tempdir()?;
        let files = FileSystem::new(root.path()).map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(access_key_id, secret_access_key));
        let service = service.build();

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("s3-server".into())
            .spawn(move || runtime.block_on(serve(listener, service, stopped)))?;
        Ok(Self { address, root, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder that holds the buckets, each a folder in it.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The file that holds an object, whether it exists or not.
    pub fn object(&self, bucket: &str, key: &str) -> PathBuf {
        self.root().join(bucket).join(key)
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed, and the tests have seen broken connections.
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, service: S3Service, mut stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let http = auto::Builder::new(TokioExecutor::new());
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
        };
        let Ok((stream, _)) = accepted else { continue };
        let connection = http.serve_connection(TokioIo::new(stream), service.clone()).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A client that hangs up is none of the server's business.
            let _ = connection.await;
        });
    }
    let _ = tokio::time::timeout(GRACE, connections.shutdown()).await;
}
