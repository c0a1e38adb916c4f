use core::fmt;

use super::scope::CredentialScope;
use super::signature::{Signature, SignatureText};
use super::signed::Signed;
use super::signing_key::{ALGORITHM, SigningKey};
use crate::canonical::added_headers::AddedValues;
use crate::canonical::headers::CanonicalHeaders;
use crate::hash;
use crate::text::hex;
use crate::text::sink::{ByteSink, FormatterSink};
use crate::text::writer::{Writer, gather};
use crate::vocabulary::error::Error;
use crate::vocabulary::payload::EMPTY_SHA256;
use crate::vocabulary::request::Header;
use crate::vocabulary::time::Timestamp;

/// Signs the chunks of a body and its trailers, each signature over the one before it (see [Transferring Payload in
/// Multiple Chunks](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html) and [Including Trailing
/// Headers](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html)).
///
/// It only computes signatures; [`aws_chunked`](crate::streaming::aws_chunked) puts them on the wire.
///
/// ```
/// use awsauth_core::{ChunkSigner, CredentialScope, Signature, SigningKey, Timestamp, sha256};
///
/// let now = Timestamp::parse("20130524T000000Z")?;
/// let scope = CredentialScope::new(now.date(), "us-east-1", "s3")?;
/// let key = SigningKey::derive("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);
/// let seed = Signature::parse("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")?;
///
/// let mut chunks = ChunkSigner::new(&key, now, seed)?; // or `signed.chunks(&key)`
/// let first = chunks.sign_chunk(&sha256(&[b'a'; 65_536]));
/// // The example of AWS's page.
/// assert_eq!(first.to_string(), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648");
/// # Ok::<(), awsauth_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[doc(alias = "streaming")]
pub struct ChunkSigner<K: ChunkVerifyingKey> {
    key: K,
    time: Timestamp,
    previous: K::Signature,
}

/// A key that verifies chunks: one that signs them, or a public key of Signature Version 4A.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key to verify chunks with",
    note = "pass a `SigningKey` or an `OwnedSigningKey`, by value or by reference"
)]
pub trait ChunkVerifyingKey {
    /// The signatures that it makes or verifies.
    type Signature: SignatureText + Clone + fmt::Debug;

    /// The name of the algorithm that signs requests, such as `AWS4-HMAC-SHA256`.
    const ALGORITHM: &'static str;

    /// Returns the scope of the key.
    fn scope(&self) -> CredentialScope<'_>;

    /// Returns the signature with these digits if it is right. Takes constant time.
    fn verify_chained(
        &self,
        string_to_sign: &ChainedStringToSign<'_, Self::Signature>,
        digits: &str,
    ) -> Option<Self::Signature>;
}

/// A key that signs chunks: a [`SigningKey`], one of Signature Version 4A, one that a body type owns, or one that
/// another process holds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key to sign chunks with",
    note = "pass the key that signed the request: a `SigningKey` or an `OwnedSigningKey`, by value or by reference"
)]
pub trait ChunkKey: ChunkVerifyingKey {
    /// Signs the string to sign of a chunk or a trailer.
    fn sign_chained(&self, string_to_sign: &ChainedStringToSign<'_, Self::Signature>) -> Self::Signature;
}

/// The string to sign of a chunk, of trailers or of an event, which includes the signature before it.
#[derive(Debug, Clone)]
pub struct ChainedStringToSign<'a, S = Signature> {
    pub(super) algorithm: [&'static str; 2],
    pub(super) time: Timestamp,
    pub(super) scope: CredentialScope<'a>,
    pub(super) previous: S,
    /// Trailers have none.
    pub(super) headers_sha256: Option<[u8; 32]>,
    pub(super) data_sha256: [u8; 32],
}

/// The headers that follow a body: checked, and sorted by their lower-case names.
#[derive(Clone)]
pub struct Trailers<'a>(CanonicalHeaders<'a>);

impl<K: ChunkVerifyingKey> ChunkSigner<K> {
    /// Creates a signer for the body of a request that was signed at `time`; `seed` is the signature of the request.
    ///
    /// # Errors
    /// [`Error::KeyOfAnotherDay`] if the key's scope is not of the day of `time`.
    pub fn new(key: K, time: Timestamp, seed: K::Signature) -> Result<Self, Error> {
        if key.scope().date() != time.date() {
            return Err(Error::KeyOfAnotherDay);
        }
        Ok(Self::of_checked(key, time, seed))
    }

    /// Creates a signer for a request that this key has signed.
    pub(super) fn of_checked(key: K, time: Timestamp, seed: K::Signature) -> Self {
        Self { key, time, previous: seed }
    }

    /// Verifies the next chunk: returns whether `digits`, as received, are its signature. If not, the chain does not
    /// advance.
    #[must_use]
    pub fn verify_chunk(&mut self, data_sha256: &[u8; 32], digits: &str) -> bool {
        let verified = self.key.verify_chained(&self.chunk_string_to_sign(data_sha256), digits);
        verified.map(|signature| self.previous = signature).is_some()
    }

    /// Verifies the trailers, after the last chunk: returns whether `digits`, as received, are their signature.
    #[must_use]
    pub fn verify_trailers(&mut self, trailers: &Trailers<'_>, digits: &str) -> bool {
        let verified = self.key.verify_chained(&self.trailer_string_to_sign(trailers), digits);
        verified.map(|signature| self.previous = signature).is_some()
    }

    /// What [`sign_chunk`](Self::sign_chunk) would sign next.
    pub fn chunk_string_to_sign(&self, data_sha256: &[u8; 32]) -> ChainedStringToSign<'_, K::Signature> {
        self.string_to_sign("-PAYLOAD", Some(EMPTY_SHA256), *data_sha256)
    }

    /// Returns the string that [`sign_trailers`](Self::sign_trailers) would sign next.
    pub fn trailer_string_to_sign(&self, trailers: &Trailers<'_>) -> ChainedStringToSign<'_, K::Signature> {
        self.string_to_sign("-TRAILER", None, trailers.sha256())
    }

    /// Returns the signature that the next one is chained to.
    pub fn previous(&self) -> &K::Signature {
        &self.previous
    }

    fn string_to_sign(
        &self,
        suffix: &'static str,
        headers_sha256: Option<[u8; 32]>,
        data_sha256: [u8; 32],
    ) -> ChainedStringToSign<'_, K::Signature> {
        ChainedStringToSign {
            algorithm: [K::ALGORITHM, suffix],
            time: self.time,
            scope: self.key.scope(),
            previous: self.previous.clone(),
            headers_sha256,
            data_sha256,
        }
    }
}

impl<K: ChunkKey> ChunkSigner<K> {
    /// Signs the next chunk, given the SHA-256 of its data. The last chunk of a body has no data.
    pub fn sign_chunk(&mut self, data_sha256: &[u8; 32]) -> K::Signature {
        self.previous = self.key.sign_chained(&self.chunk_string_to_sign(data_sha256));
        self.previous.clone()
    }

    /// Signs the trailers, after the last chunk.
    pub fn sign_trailers(&mut self, trailers: &Trailers<'_>) -> K::Signature {
        self.previous = self.key.sign_chained(&self.trailer_string_to_sign(trailers));
        self.previous.clone()
    }
}

impl<S: SignatureText + Clone> Signed<'_, S> {
    /// Returns a signer for the chunks of this request's body, with the key that signed the request.
    ///
    /// # Errors
    /// [`Error::KeyOfAnotherScope`] if the key is not of this request's scope.
    pub fn chunks<K: ChunkKey<Signature = S>>(&self, key: K) -> Result<ChunkSigner<K>, Error> {
        if key.scope() != self.scope() {
            return Err(Error::KeyOfAnotherScope);
        }
        ChunkSigner::new(key, self.time(), self.signature.clone())
    }
}

impl ChunkVerifyingKey for SigningKey<'_> {
    type Signature = Signature;

    const ALGORITHM: &'static str = ALGORITHM;

    fn scope(&self) -> CredentialScope<'_> {
        SigningKey::scope(self)
    }

    fn verify_chained(&self, string_to_sign: &ChainedStringToSign<'_>, digits: &str) -> Option<Signature> {
        let expected = self.sign_chained(string_to_sign);
        Signature::parse(digits).ok().filter(|given| expected.ct_eq(given))
    }
}

impl ChunkKey for SigningKey<'_> {
    fn sign_chained(&self, string_to_sign: &ChainedStringToSign<'_>) -> Signature {
        self.sign_with(|mac| string_to_sign.render(mac))
    }
}

impl<K: ChunkVerifyingKey> ChunkVerifyingKey for &K {
    type Signature = K::Signature;

    const ALGORITHM: &'static str = K::ALGORITHM;

    fn scope(&self) -> CredentialScope<'_> {
        K::scope(self)
    }

    fn verify_chained(
        &self,
        string_to_sign: &ChainedStringToSign<'_, K::Signature>,
        digits: &str,
    ) -> Option<K::Signature> {
        K::verify_chained(self, string_to_sign, digits)
    }
}

impl<K: ChunkKey> ChunkKey for &K {
    fn sign_chained(&self, string_to_sign: &ChainedStringToSign<'_, K::Signature>) -> K::Signature {
        K::sign_chained(self, string_to_sign)
    }
}

impl<S: SignatureText> ChainedStringToSign<'_, S> {
    /// Returns its SHA-256, for keys that sign digests, such as those of Signature Version 4A.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        hash::sha256_of(|hasher| self.render(hasher))
    }

    /// Writes its bytes, which are what is signed.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.render(writer));
    }

    pub(super) fn render(&self, sink: &mut Writer<'_>) {
        for part in self.algorithm {
            sink.put(part.as_bytes());
        }
        sink.put(b"\n");
        sink.put(self.time.basic().as_bytes());
        sink.put(b"\n");
        self.scope.write_to(sink);
        sink.put(b"\n");
        self.previous.write_to(&mut |digits: &[u8]| sink.put(digits));
        sink.put(b"\n");
        if let Some(headers) = &self.headers_sha256 {
            sink.put(&hex::encode(headers));
            sink.put(b"\n");
        }
        sink.put(&hex::encode(&self.data_sha256));
    }
}

impl<S: SignatureText> fmt::Display for ChainedStringToSign<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl<'a> Trailers<'a> {
    /// Checks and sorts trailers. Values are trimmed and lose repeated spaces, as those of headers do.
    ///
    /// # Errors
    /// [`Error::ControlInHeader`], [`Error::MalformedHeaderName`], [`Error::TooManyHeaders`] as for headers;
    /// [`Error::RepeatedTrailer`] if a name occurs twice.
    pub fn new(trailers: &'a [Header<'a>]) -> Result<Self, Error> {
        let mut checked = Self(CanonicalHeaders::none());
        checked.0.collect_trailers(trailers)?;
        if checked.0.has_repeated_name() {
            return Err(Error::RepeatedTrailer);
        }
        Ok(checked)
    }

    /// Returns the SHA-256 of their lines, which the string to sign has in hex.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        hash::sha256_of(|hasher| self.render(hasher))
    }

    /// Writes their canonical form: `name:value` and a newline for each.
    pub fn write_to(&self, sink: &mut impl ByteSink) {
        gather(sink, |writer| self.render(writer));
    }

    fn render(&self, writer: &mut Writer<'_>) {
        self.0.write_lines(&AddedValues::default(), writer);
    }

    /// Writes them as they are sent: `name:value` and CR LF each, in their own order.
    pub(crate) fn write_wire(&self, sink: &mut impl ByteSink) {
        self.0.write_wire(sink);
    }
}

impl fmt::Display for Trailers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FormatterSink::render(f, |sink| self.write_to(sink))
    }
}

impl fmt::Debug for Trailers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trailers(..)")
    }
}
