use std::io::Read;

use awsauth_http::{AwsChunked, BodyBytes, Error, Signed, Signer};
use ureq::SendBody;
use ureq::http::Request;

/// Signs a request whose body is in memory, in place, and replaces an older signature. Send it with
/// [`Agent::run`](ureq::Agent::run), with redirects off.
///
/// ```
/// use awsauth_ureq::{Credentials, Signer};
/// use ureq::http::Request;
///
/// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let mut request = Request::put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").body("21.5")?;
/// let signed = awsauth_ureq::sign(&signer, &mut request)?;
/// assert_eq!((signed.service(), signed.region()), ("s3", "eu-west-1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error`]; each variant says how to fix it. The request is then unchanged.
pub fn sign<B: BodyBytes>(signer: &Signer, request: &mut Request<B>) -> Result<Signed, Error> {
    signer.sign_blocking(request)
}

/// Signs a request for a body of `length` bytes that is read, and signed or summed, as it is sent: a file, a pipe, any
/// reader. Send the returned request with [`Agent::run`](ureq::Agent::run), with redirects off.
///
/// ```no_run
/// use awsauth_ureq::{AwsChunked, Credentials, Signer};
/// use ureq::http::Request;
///
/// let signer = Signer::new(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
/// let file = std::fs::File::open("backup.tar")?;
/// let length = file.metadata()?.len();
/// let put = Request::put("https://bucket.s3.eu-west-1.amazonaws.com/backup.tar").body(file)?;
/// ureq::agent().run(awsauth_ureq::sign_chunked(&signer, put, length, &AwsChunked::signed())?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As for [`Signer::sign_chunked`]. If the reader fails, or yields another length, sending fails, and the service refuses
/// the incomplete body.
pub fn sign_chunked<R: Read + 'static>(
    signer: &Signer,
    request: Request<R>,
    length: u64,
    chunked: &AwsChunked,
) -> Result<Request<SendBody<'static>>, Error> {
    let (mut parts, data) = request.into_parts();
    let payload = signer.sign_chunked_blocking(&mut parts, length, chunked)?;
    Ok(Request::from_parts(parts, SendBody::from_owned_reader(payload.reader(data))))
}
