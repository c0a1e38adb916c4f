//! Checksums of bodies in headers and trailers.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test")]
#![cfg(feature = "xxhash")]

use std::io::Read;

use awsauth_http::http::Request;
use awsauth_http::{AwsChunked, Checksum, Credentials, Signer, WithChecksum, insert_content_md5};

/// The name of each in S3's API.
const ALGORITHMS: [(Checksum, &str); 10] = [
    (Checksum::Crc32, "CRC32"),
    (Checksum::Crc32c, "CRC32C"),
    (Checksum::Crc64Nvme, "CRC64NVME"),
    (Checksum::Md5, "MD5"),
    (Checksum::Sha1, "SHA1"),
    (Checksum::Sha256, "SHA256"),
    (Checksum::Sha512, "SHA512"),
    (Checksum::Xxhash128, "XXHASH128"),
    (Checksum::Xxhash3, "XXHASH3"),
    (Checksum::Xxhash64, "XXHASH64"),
];

/// What botocore 1.44.8 with awscrt 0.38.1 sends with `put_object(ChecksumAlgorithm=..)` over http, in the order above;
/// MD5, which it does not compute, by Python's hashlib. The data is `at % 251` for each place.
const KNOWN: [(usize, [&str; 10]); 3] = [
    (
        0,
        [
            "AAAAAA==",
            "AAAAAA==",
            "AAAAAAAAAAA=",
            "1B2M2Y8AsgTpgAmY7PhCfg==",
            "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
            "maoG0wFHmNhgAcMkRo1Jfw==",
            "LQaABTjTlMI=",
            "70bbN1HY6Zk=",
        ],
    ),
    (
        1_000,
        [
            "chdGpg==",
            "EfZiIA==",
            "Oi01cbaZhBY=",
            "ok8ePvZpUOEyfyEOOZe6LA==",
            "yclgoLklR0+rg5Qswn1QT8JKw3s=",
            "TkwpSzMfeiCZo3m+w0ufn8A9xGq0ZdmY9NaD2lNIfm0=",
            "UJZJjZb1D5oTfE21uLDNODg61VNQ+1qYgF/twx+hJi8fDPTW8S1+zY3t2TOkyRJjRP4i6TeorTX96uHodq5piw==",
            "GL9BvIIp4ncz73A/srIO0Q==",
            "M+9wP7KyDtE=",
            "8wbwSqiLVNM=",
        ],
    ),
    (
        200_000,
        [
            "p0XBRQ==",
            "HQMN+w==",
            "FoxERI6rBCg=",
            "QV1uZiEYwinGrT+VDCRwKg==",
            "T6O0FLUvGKiwB6zEklQGWfMQKC0=",
            "4kvGI4HxIk+7t0aIZj+Pl0O5aAsZPt1maDXpewbnMOs=",
            "JRJ2vsfsipeS48XFgfFajIJFOzeUGiZhf+L+1OdXoR+OzXZn/DkSmMJ5LhTxkjHS7+MUELiY6kPklL+D9wkt+g==",
            "sLSomVEB8nvwVDFXojqGNA==",
            "8FQxV6I6hjQ=",
            "PHLBGdQu0n8=",
        ],
    ),
];

/// The same of the nine digits `123456789`, of which those of the CRCs are the check values of the catalogue
/// (reveng.sourceforge.io).
const NINE_DIGITS: [&str; 10] = [
    "y/Q5Jg==",
    "4waSgw==",
    "rosUhgp5mIg=",
    "JfnnlDI7RTiF9RgfG2JNCw==",
    "98O8HYCOBHMq32eZZczDTKeuNEE=",
    "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
    "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
    "MxGUd+3l3NXpcWQnaB1YYA==",
    "ctyxi2ehff8=",
    "jLhB20DmroM=",
];

fn data(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn signer() -> Signer {
    Signer::new(Credentials::new("AKIDEXAMPLE", "secret"))
}

const URL: &str = "https://bucket.s3.eu-west-1.amazonaws.com/key";

#[test]
fn in_a_header() {
    for (length, known) in KNOWN {
        for ((checksum, algorithm), expected) in ALGORITHMS.into_iter().zip(known) {
            let put = Request::put(URL).body(data(length)).unwrap();
            let mut put = put.aws_checksum(checksum).unwrap();
            let name = checksum.header_name();
            assert_eq!(name.as_str(), format!("x-amz-checksum-{}", algorithm.to_ascii_lowercase()));
            assert_eq!(put.headers()[&name], expected, "{algorithm} of {length}");
            assert_eq!(put.headers()["x-amz-sdk-checksum-algorithm"], algorithm);
            signer().sign_blocking(&mut put).unwrap();
            let authorization = put.headers()["authorization"].to_str().unwrap();
            assert!(authorization.contains(&format!(";{name};")), "{authorization}");
            assert!(!put.headers().contains_key("content-encoding"), "the body goes as it is");
        }
    }
}

#[test]
fn in_a_trailer_of_the_declared_length() {
    for (length, known) in KNOWN {
        for ((checksum, algorithm), expected) in ALGORITHMS.into_iter().zip(known) {
            let (mut parts, ()) = Request::put(URL).body(()).unwrap().into_parts();
            let chunked = AwsChunked::unsigned().checksum(checksum);
            let payload = signer().sign_chunked_blocking(&mut parts, length as u64, &chunked).unwrap();
            assert_eq!(parts.headers["x-amz-trailer"], checksum.header_name().as_str());
            assert_eq!(parts.headers["x-amz-sdk-checksum-algorithm"], algorithm);
            let mut body = Vec::new();
            payload.reader(&*data(length)).read_to_end(&mut body).unwrap();
            assert_eq!(parts.headers["content-length"], body.len().to_string(), "{algorithm}");
            let trailer = format!("\r\n0\r\n{}:{expected}\r\n\r\n", checksum.header_name());
            assert!(length == 0 || body.ends_with(trailer.as_bytes()), "{algorithm} of {length}");
        }
    }
}

#[test]
fn of_the_nine_digits() {
    for ((checksum, algorithm), expected) in ALGORITHMS.into_iter().zip(NINE_DIGITS) {
        assert_eq!(checksum.of(b"123456789"), expected, "{algorithm}");
        assert_eq!(Checksum::of_header(&checksum.header_name()), Some(checksum));
    }
}

#[test]
fn other_headers_are_none() {
    for name in ["x-amz-checksum-mode", "x-amz-checksum-type", "x-amz-checksum-crc", "content-md5"] {
        assert_eq!(Checksum::of_header(&name.parse().unwrap()), None);
    }
}

#[test]
fn another_kind_takes_the_place_of_the_first() {
    let put = Request::put(URL).header("x-amz-checksum-mode", "ENABLED").body("body").unwrap();
    let put = put.aws_checksum(Checksum::Crc32).unwrap().aws_checksum(Checksum::Xxhash3).unwrap();
    let names: Vec<_> = put.headers().keys().filter(|name| name.as_str().contains("checksum")).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert_eq!(put.headers()["x-amz-checksum-xxhash3"], Checksum::Xxhash3.of(b"body"));
    assert_eq!(put.headers()["x-amz-sdk-checksum-algorithm"], "XXHASH3");
}

#[test]
fn content_md5() {
    let delete = Request::post(format!("{URL}?delete")).body(data(1_000)).unwrap();
    let delete = delete.content_md5().unwrap();
    assert_eq!(delete.headers()["content-md5"], KNOWN[1].1[3]);
    let mut headers = delete.headers().clone();
    insert_content_md5(&mut headers, b"").unwrap();
    assert_eq!(headers["content-md5"], "1B2M2Y8AsgTpgAmY7PhCfg==");
}
