use awsauth_http::{Checksum, insert_content_md5};
use reqwest::{Request, RequestBuilder};

use crate::error::Error;
use crate::sign;

/// Adds a checksum of the body to a request in the line that builds it, after the body and before
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
/// For requests that a middleware signs there is [`SigningOverride::checksum`](crate::SigningOverride::checksum).
pub trait WithChecksum: Sized {
    /// The request with the checksum of its body in the header of this kind, in place of one of another kind, and with
    /// `x-amz-sdk-checksum-algorithm`, which S3 wants where objects are locked.
    ///
    /// # Errors
    /// [`Error::Build`]; [`Error::Sign`] with [`ChecksumOfStream`](awsauth_http::Error::ChecksumOfStream).
    fn aws_checksum(self, checksum: Checksum) -> Result<Self, Error>;

    /// The request with the MD5 of its body in the header `content-md5`, which S3 wants with a few requests unless they
    /// have another checksum.
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
