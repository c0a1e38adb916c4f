use awsauth_core::ChunkSigner;
use awsauth_credentials::Credentials;

use super::aws_chunked::AwsChunked;
use super::chunked_payload::ChunkedPayload;
use super::chunks::Chunks;
use super::headers;
use super::trailer::DeclaredTrailer;
use crate::error::Error;
use crate::request::head::RequestHead;
use crate::signing::signer::Signer;

impl Signer {
    /// Signs a request whose body of `decoded_length` bytes will be sent as `aws-chunked`, in place, and replaces an older
    /// signature. It sets `content-encoding` (and keeps the caller's own codings), `content-length`,
    /// `x-amz-decoded-content-length` and `x-amz-trailer`.
    ///
    /// Send the body that the returned [`ChunkedPayload`] makes of the data, in place of the data:
    ///
    /// ```
    /// # use awsauth_http::{AwsChunked, Credentials, Signer};
    /// use std::io::Read;
    ///
    /// # let credentials = Credentials::new("AKIDEXAMPLE", "secret");
    /// let signer = Signer::new(credentials);
    /// let url = "https://bucket.s3.eu-west-1.amazonaws.com/backup.tar";
    /// let (mut parts, ()) = http::Request::put(url).body(())?.into_parts();
    ///
    /// let payload = signer.sign_chunked_blocking(&mut parts, 100_000, &AwsChunked::signed())?;
    /// let mut body = Vec::new();
    /// payload.reader(std::io::repeat(7).take(100_000)).read_to_end(&mut body)?;
    /// assert_eq!(parts.headers["content-encoding"], "aws-chunked");
    /// assert_eq!(parts.headers["content-length"], body.len().to_string());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As for [`sign_head`](Self::sign_head); [`Error::ChunkedPayload`] if the service does not accept such bodies;
    /// [`Error::Request`] with the core's error if the chunk size or a trailer is not valid. The request is then unchanged.
    #[doc(alias = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")]
    pub async fn sign_chunked(
        &self,
        head: &mut impl RequestHead,
        decoded_length: u64,
        chunked: &AwsChunked,
    ) -> Result<ChunkedPayload, Error> {
        let credentials = self.credentials().await?;
        self.sign_chunked_with(&credentials, head, decoded_length, chunked)
    }

    /// Does what [`sign_chunked`](Self::sign_chunked) does, for blocking callers.
    ///
    /// # Errors
    /// As for [`sign_chunked`](Self::sign_chunked).
    pub fn sign_chunked_blocking(
        &self,
        head: &mut impl RequestHead,
        decoded_length: u64,
        chunked: &AwsChunked,
    ) -> Result<ChunkedPayload, Error> {
        let credentials = self.credentials_blocking()?;
        self.sign_chunked_with(&credentials, head, decoded_length, chunked)
    }

    /// Does what [`sign_chunked`](Self::sign_chunked) does, with these credentials in place of the provider's.
    ///
    /// # Errors
    /// As for [`sign_chunked`](Self::sign_chunked), except those of the provider.
    pub fn sign_chunked_with(
        &self,
        credentials: &Credentials,
        head: &mut impl RequestHead,
        decoded_length: u64,
        chunked: &AwsChunked,
    ) -> Result<ChunkedPayload, Error> {
        let declared: Vec<_> =
            chunked.trailers.iter().map(DeclaredTrailer::declared).collect::<Result<_, _>>()?;
        let framing = chunked.framing(decoded_length, &declared)?;
        let saved = headers::declare(head.headers_mut(), &framing, chunked.checksum_algorithm())?;
        let signed = match self.sign_with(credentials, head, framing.payload_hash()) {
            Ok(signed) => signed,
            Err(error) => {
                saved.restore(head.headers_mut());
                return Err(error);
            }
        };
        // `None` for schemes that sign no chunks: these have refused signed chunks above.
        let signer = match signed.seed() {
            Some((key, signature)) => Some(ChunkSigner::new(key.to_owned_key(), signed.time(), signature)?),
            None => None,
        };
        let chunks = Chunks::new(&framing, signer, &chunked.trailers)?;
        Ok(ChunkedPayload::new(signed, chunks, &framing))
    }
}
