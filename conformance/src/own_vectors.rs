//! The project's own known answers: adversarial requests put together at random from a fixed seed, and some written by hand,
//! signed by the [reference](mod@crate::reference).
//!
//! They are committed as `vectors/own.jsonl`, in the format of the vectors beside the project, so that a fresh clone
//! has known answers. `cargo run -p awsauth-conformance --bin generate-own-vectors` writes them afresh.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::reference::sign_case;
use crate::vectors::{Case, Scheme, read};

/// Cases of each scheme that are put together at random.
pub const CASES: usize = 100;
/// Those written by hand.
pub const WRITTEN: [(Scheme, usize); 2] = [(Scheme::V4, 4), (Scheme::V4Query, 4)];

const SCHEMES: [&str; 2] = ["v4", "v4-query"];

const METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"];
const ORIGINS: &[&str] = &[
    "https://example.amazonaws.com",
    "https://EXAMPLE.amazonaws.com:443",
    "https://example.amazonaws.com:80",
    "http://example.amazonaws.com:80",
    "http://example.amazonaws.com:443",
    "https://[FD00:ec2::23]:8443",
    "https://bucket.s3.eu-central-1.amazonaws.com",
    "http://127.0.0.1:9000",
];
const PATHS: &[&str] = &[
    "/",
    "//",
    "/.",
    "/..",
    "/...",
    "/a",
    "/a.b",
    "/%2F",
    "/%2f",
    "/%41",
    "/%e9",
    "/é",
    "/+",
    "/%2B",
    "/%20",
    "/%2e%2e",
    "/=@:()*'!,;$&",
    "/~-._",
    "/%7E",
    "/résumé",
    "/arn:aws:a:b",
    "/%25",
    "/\"<>|",
    "/語",
];
const PARAMETERS: &[&str] = &[
    "a=1",
    "a=2",
    "a",
    "a=",
    "=a",
    "=",
    "",
    "a=b=c",
    "A=1",
    "a-=1",
    "a.=1",
    "%61=1",
    "q=+",
    "q=%2B",
    "q=%20",
    "é=ü",
    "%e9=%C3%A9",
    "X-Amz-Signature=old",
    "X-Amz-Date=old",
    "X-Amz-Expires=1",
    "%58-Amz-Date=old",
    "x-amz-date=kept",
    "acl",
    "uploads",
    "~=~",
    "*=*'()",
    "p=a/b?c",
];
const HEADERS: &[(&str, &str)] = &[
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    ("X-Amz-Meta-A", "  a   b  "),
    ("x-amz-meta-a", "second"),
    ("X-AMZ-META-A", "\"in   quotes\""),
    ("x-amz-meta-a-b", "a name that begins with another's"),
    ("x-amz-copy-source", "/bucket/r%C3%A9sum%C3%A9"),
    ("x-amz-copy-source-range", "bytes=0-9"),
    ("x-amz-meta-tab", "\ta\t \tb\t"),
    ("x-amz-meta-empty", ""),
    ("x-amz-meta-utf8", "é  語"),
    ("X-Custom!#$%&'*+.^_`|~", "every character of a name"),
    ("Accept", "a, b,  c"),
    ("Authorization", "AWS4-HMAC-SHA256 old"),
    ("X-Amz-Date", "20000101T000000Z"),
    ("X-Amz-Security-Token", "old"),
    ("User-Agent", "any"),
    ("Expect", "100-continue"),
    ("X-Amzn-Trace-Id", "Root=1-67891233"),
    ("TE", "trailers"),
];
const BODIES: &[&[u8]] = &[b"", b"{}", b"Action=ListQueues&Version=2012-11-05", b"\0\xff\r\n"];
const SERVICES: &[&str] = &["s3", "s3express", "sqs", "execute-api", "service"];
const REGIONS: &[&str] = &["us-east-1", "eu-central-1", "auto"];
const TIMES: &[&str] =
    &["20150830T123600Z", "20151231T235959Z", "20160229T000000Z", "19700101T000000Z", "99991231T235959Z"];
const SECRETS: &[&str] = &[
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "s",
    "a secret that with the prefix of the key derivation is longer than one block of the hash function",
];
const TOKENS: &[&str] = &["FwoGZXIvYXdzEXAMPLE//////////+a==", "token"];

/// Where the committed file is.
pub fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/own.jsonl")
}

/// The committed cases.
///
/// # Errors
/// When the file is absent, or cannot be read or parsed.
pub fn committed() -> io::Result<Vec<Case>> {
    read(&file())?.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "vectors/own.jsonl is absent"))
}

/// The text of the file, always the same.
///
/// # Errors
/// When a generated case is no case: a flaw of this module.
pub fn generate() -> Result<String, serde_json::Error> {
    let mut random = Random(0x2015_0830_1236_0000);
    let mut text = String::new();
    for scheme in SCHEMES {
        let mut made = 0;
        while made < CASES {
            // Now and then the dice make what S3 must refuse, such as a repeated parameter.
            let Some(line) = answered(case(&mut random, scheme, made))? else { continue };
            text.push_str(&line);
            made += 1;
        }
    }
    for case in written() {
        text.push_str(&answered(case)?.unwrap_or_default());
    }
    Ok(text)
}

/// A case with its answer, as a line; `None` if it is refused.
fn answered(mut case: Value) -> Result<Option<String>, serde_json::Error> {
    let Ok(answer) = sign_case(&Case::deserialize_from(&case)?) else { return Ok(None) };
    let lossless = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    case["expected"] = json!({
        "authorization": answer.authorization,
        "canonical_request": lossless(answer.canonical_request),
        "credential_scope": answer.credential_scope,
        "signature": answer.signature,
        "signed_headers": answer.signed_headers,
        "string_to_sign": lossless(answer.string_to_sign),
    });
    Ok(Some(format!("{case}\n")))
}

/// What bug reports and other signers' clients and servers have shown.
fn written() -> Vec<Value> {
    let tabs = [("x-amz-meta-a", "a\tb"), ("x-amz-meta-b", "a \t\t \"b\t\tc\"\t")];
    let steps = "https://images.example.com/?step=resize&step=crop&step=blur";
    let key = "https://bucket.s3.us-east-1.amazonaws.com/a/./%2E%2E/.hidden/..";
    let schemes = SCHEMES.into_iter().flat_map(move |scheme| {
        [
            (scheme, "lone-dots", "s3", key, json!([])),
            (scheme, "order-of-values", "service", steps, json!([])),
            (scheme, "tabs", "s3", "https://bucket.s3.us-east-1.amazonaws.com/k", json!(tabs)),
            (
                scheme,
                "websocket",
                "iotdevicegateway",
                "https://a1b2-ats.iot.us-east-1.amazonaws.com/mqtt",
                json!([]),
            ),
        ]
    });
    let case = |(scheme, name, service, url, headers): (&str, &str, &str, &str, Value)| {
        let (is_s3, presigned, is_websocket) =
            (service == "s3", scheme == "v4-query", service == "iotdevicegateway");
        json!({
            "id": format!("own/{scheme}/{name}"),
            "scheme": scheme,
            "method": "GET",
            "url": url,
            "headers": headers,
            "body": "",
            "service": service,
            "region": "us-east-1",
            "time": "20150830T123600Z",
            "access_key": if is_websocket { "ASIAEXAMPLE" } else { "AKIDEXAMPLE" },
            "secret_key": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "session_token": if is_websocket { Some("tok/en+1=") } else { None },
            "options": {
                "payload": if is_s3 && presigned { "unsigned" } else { "signed" },
                "sha256_header": !presigned,
                "double_encode": !is_s3,
                "normalize": !is_s3,
                "expires": if presigned { json!(60) } else { Value::Null },
                "s3express": false,
                // Where the token goes follows from the service.
                "omit_session_token": false,
            },
        })
    };
    schemes.map(case).collect()
}

fn case(random: &mut Random, scheme: &str, number: usize) -> Value {
    let service = random.pick(SERVICES);
    let is_s3 = service.starts_with("s3");
    let path = random.some(PATHS, 5).concat();
    let query = random.some(PARAMETERS, 6).join("&");
    let question_mark = if query.is_empty() { "" } else { "?" };
    let headers: Vec<_> = random.some(HEADERS, 8);
    let body = random.pick(BODIES);
    let presigned = scheme == "v4-query";
    let session_token = random.chance(3).then(|| random.pick(TOKENS));
    let payload = if is_s3 && (presigned || random.chance(3)) { "unsigned" } else { "signed" };
    json!({
        "id": format!("own/{scheme}/{number:03}"),
        "scheme": scheme,
        "method": random.pick(METHODS),
        "url": format!("{}{path}{question_mark}{query}", random.pick(ORIGINS)),
        "headers": headers,
        "body": STANDARD.encode(body),
        "service": service,
        "region": random.pick(REGIONS),
        "time": random.pick(TIMES),
        "access_key": "AKIDEXAMPLE",
        "secret_key": random.pick(SECRETS),
        "session_token": session_token,
        "options": {
            "payload": payload,
            "sha256_header": !presigned && (is_s3 || random.chance(2)),
            "double_encode": !is_s3,
            "normalize": !is_s3,
            "expires": if presigned { json!(random.pick(&[1, 900, 604_800])) } else { Value::Null },
            "s3express": service == "s3express" && session_token.is_some(),
            "omit_session_token": !is_s3 && session_token.is_some() && random.chance(2),
        },
    })
}

impl Case {
    fn deserialize_from(json: &Value) -> Result<Self, serde_json::Error> {
        serde::Deserialize::deserialize(json)
    }
}

/// Marsaglia's xorshift: the same numbers everywhere, for ever.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The high half is the better one, and fits every usize.
        usize::try_from(self.0 >> 32).unwrap_or_default() % end
    }

    /// True once in `times`.
    fn chance(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Up to `most` of them, with repeats.
    fn some<T: Copy>(&mut self, choices: &[T], most: usize) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| self.pick(choices)).collect()
    }
}
