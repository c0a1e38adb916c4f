//! The core takes no memory from the heap, whatever it signs within its limits.

use core::fmt::{self, Write as _};
use core::hint::black_box;

use allocation_counter::measure;
use awsauth_core::{
    CredentialScope, Error, Header, PayloadHash, Request, SignedHeaders, SigningKey, SigningOptions, Sigv4,
    Timestamp,
};

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(black_box(Box::new(1)))).count_total, 1);
}

#[test]
fn five_headers() {
    let headers = [
        Header::new("Content-Type", b"application/json"),
        Header::new("x-amz-meta-b", b"  a   b  "),
        Header::new("X-Amz-Meta-A", b"\xff"),
        Header::new("x-amz-meta-b", b"repeated"),
        Header::new("user-agent", b"any"),
    ];
    let request = Request::put("/a%20b/../=c?b=2&a=1&é", "EXAMPLE.com:443").headers(&headers);
    assert_no_allocations(&request);
}

#[test]
fn sixty_four_headers_and_parameters() {
    let names: Vec<String> = (0..64).rev().map(|number| format!("X-Amz-Meta-{number:02}")).collect();
    let headers: Vec<_> = names.iter().map(|name| Header::new(name, b" value   of it ")).collect();
    let target = format!("/{}?{}", "long/".repeat(200), names.join("=%61+&"));
    assert_no_allocations(&Request::post(&target, "example.com").headers(&headers));
}

fn assert_no_allocations(request: &Request<'_>) {
    let token = "t".repeat(4 * 1024);
    for service in ["s3", "sqs"] {
        for session_token in [None, Some(token.as_str())] {
            let mut written = [0; 2];
            let info = measure(|| {
                written = sign_and_write(request, service, session_token).expect("signed");
            });
            assert_eq!(info.count_total, 0, "{service}, token: {}", session_token.is_some());
            let expected = session_token.map_or(0, str::len);
            assert!(written.iter().all(|length| *length > expected + 500), "{written:?}");
        }
    }
}

/// Derives a key, signs in the header and in the URL, and writes all there is to write. Gives both lengths.
fn sign_and_write(
    request: &Request<'_>,
    service: &str,
    session_token: Option<&str>,
) -> Result<[usize; 2], Error> {
    let now = Timestamp::parse("20150830T123600Z")?;
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "eu-central-1", service)?);
    let mut options = SigningOptions::DEFAULT;
    options.session_token = session_token;
    options.signed_headers = SignedHeaders::AllButHopByHop;
    let signer = Sigv4::new("AKIDEXAMPLE", &key).options(options);
    let signed = signer.sign(request, PayloadHash::of(b"body"), now)?;
    let presigned = signer.presign(request, PayloadHash::Unsigned, now, 900)?;
    let mut lengths = [0; 2];
    for (length, signed) in lengths.iter_mut().zip([&signed, &presigned]) {
        let mut buffer = Buffer { bytes: [0; 64 * 1024], length: 0 };
        let written = write!(
            buffer,
            "{} HTTP/1.1\r\n{}\n{}\n{}\n",
            signed.target(),
            signed.canonical_request(),
            signed.string_to_sign(),
            signed.signature(),
        );
        assert!(written.is_ok());
        for (name, value) in signed.headers() {
            assert!(write!(buffer, "{name}: {value}\r\n").is_ok());
            value.write_to(&mut |bytes: &[u8]| assert!(buffer.put(bytes).is_ok()));
        }
        signed.target().write_to(&mut |bytes: &[u8]| assert!(buffer.put(bytes).is_ok()));
        *length = buffer.length;
        black_box(&buffer.bytes);
    }
    Ok(lengths)
}

/// A buffer on the stack.
struct Buffer {
    bytes: [u8; 64 * 1024],
    length: usize,
}

impl Buffer {
    fn put(&mut self, bytes: &[u8]) -> fmt::Result {
        let place = self.bytes.get_mut(self.length..self.length + bytes.len()).ok_or(fmt::Error)?;
        place.copy_from_slice(bytes);
        self.length += bytes.len();
        Ok(())
    }
}

impl fmt::Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text.as_bytes())
    }
}
