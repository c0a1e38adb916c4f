use awsauth_http::{Checksum, insert_content_md5};
use reqwest::{Request, RequestBuilder};

use crate::error::Error;
use crate::sign;

/// Adds a checksum of the body to a request in the line that builds it. Call it after the body is set and before
/// [`aws_sign`](crate::SignRequest::aws_sign).
///
/// ```no_run
/// use awsauth_reqwest::{Checksum, SignRequest, Signer, WithChecksum};
///
/// # async fn example(client: reqwest::Client, signer: Signer) -> Result<(), Box<dyn std::error::Error>> {
/// let put = client.put("https://bucket.s3.eu-west-1.amazonaws.com/report.txt").body("21.5");
/// put.aws_checksum(Checksum::Crc64Nvme)?.aws_sign(&signer).await?.send().await?;
/// # Ok(())
/// # }
/// ```
///
/// For requests that a middleware signs, use [`SigningOverride::checksum`](crate::SigningOverride::checksum).
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no body to compute a checksum of",
    note = "it is implemented for `reqwest::RequestBuilder` and `reqwest::Request`; set the checksum before `.aws_sign(..)`"
)]
pub trait WithChecksum: Sized {
    /// Sets the header with this checksum of the body, in place of any other checksum, and `x-amz-sdk-checksum-algorithm`,
    /// which S3 requires for [Object Lock](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
    ///
    /// # Errors
    /// [`Error::Build`] if the request cannot be built; [`Error::Sign`] with
    /// [`ChecksumOfStream`](awsauth_http::Error::ChecksumOfStream) if the body streams: put the checksum into the trailer.
    fn aws_checksum(self, checksum: Checksum) -> Result<Self, Error>;

    /// Sets the header `content-md5` to the MD5 of the body, which S3 requires for a few operations unless the request has
    /// another checksum.
    ///
    /// # Errors
    /// As for [`aws_checksum`](Self::aws_checksum).
    fn content_md5(self) -> Result<Self, Error>;
}

impl WithChecksum for RequestBuilder {
    fn aws_checksum(self, checksum: Checksum) -> Result<Self, Error> {
        let (client, request) = self.build_split();
        Ok(Self::from_parts(client, request?.aws_checksum(checksum)?))
    }

    fn content_md5(self) -> Result<Self, Error> {
        let (client, request) = self.build_split();
        Ok(Self::from_parts(client, request?.content_md5()?))
    }
}

impl WithChecksum for Request {
    fn aws_checksum(mut self, checksum: Checksum) -> Result<Self, Error> {
        sign::beside_body(&mut self, |headers, body| {
            checksum.insert(headers, body.ok_or(awsauth_http::Error::ChecksumOfStream)?)
        })?;
        Ok(self)
    }

    fn content_md5(mut self) -> Result<Self, Error> {
        sign::beside_body(&mut self, |headers, body| {
            insert_content_md5(headers, body.ok_or(awsauth_http::Error::ChecksumOfStream)?)
        })?;
        Ok(self)
    }
}
