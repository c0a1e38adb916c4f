//! The requests that are signed, and who signs them.

/// The instant of signing, but for contenders that read the clock.
pub const TIME: &str = "20260115T123600Z";
/// [`TIME`] in seconds since 1970.
pub const UNIX_TIME: u64 = 1_768_480_560;
/// AWS's own example of an access key ID.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// AWS's own example of a secret access key.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// Where all requests go.
pub const REGION: &str = "eu-central-1";

const SHA256_OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SHA256_OF_UPLOAD: &str = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";

/// One request to sign. All its headers are signed by every contender.
#[derive(Debug, Clone)]
pub struct Case {
    /// The method.
    pub method: &'static str,
    /// The host, which is signed too.
    pub host: &'static str,
    /// Path and query as on the wire.
    pub target: String,
    /// Lower-case names and their values, sorted, without `host`.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The SHA-256 of the body in hex; `None` is `UNSIGNED-PAYLOAD`.
    pub body_sha256: Option<&'static str>,
    /// The signing name.
    pub service: &'static str,
    /// The session token.
    pub token: Option<&'static str>,
    /// Seconds that the URL lives, if the signature goes there.
    pub expires: Option<u32>,
}

/// Requests of one kind; contenders sign them in turn.
#[derive(Debug)]
pub struct Group {
    /// As it stands in the table.
    pub name: &'static str,
    /// The requests, at least one.
    pub cases: Vec<Case>,
}

impl Case {
    /// The whole URL, over https.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host, self.target)
    }

    /// The path alone.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// Names and values of the query, decoded.
    #[must_use]
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        let Some((_, query)) = self.target.split_once('?') else { return Vec::new() };
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }
}

/// All groups.
#[must_use]
pub fn groups() -> Vec<Group> {
    vec![
        Group { name: "sqs-get", cases: vec![sqs_get()] },
        Group { name: "s3-put", cases: vec![s3_put()] },
        Group { name: "query-40", cases: vec![query_40()] },
        Group {
            name: "presign-s3-get",
            cases: vec![presigned_get("/albums/2026/photo-0001.jpg".to_owned())],
        },
        Group { name: "presign-1000", cases: (0..1000).map(bulk).collect() },
    ]
}

/// Five headers (host is one) and three parameters.
fn sqs_get() -> Case {
    Case {
        method: "GET",
        host: "sqs.eu-central-1.amazonaws.com",
        target: "/123456789012/jobs?Action=ReceiveMessage&MaxNumberOfMessages=10&Version=2012-11-05"
            .to_owned(),
        headers: vec![
            ("accept", "application/json"),
            ("amz-sdk-invocation-id", "6f9b5d4e-6b0e-4f0e-9c5b-6d7f0a2b8c11"),
            ("amz-sdk-request", "attempt=1; max=3"),
            ("content-type", "application/x-www-form-urlencoded"),
        ],
        body_sha256: Some(SHA256_OF_NOTHING),
        service: "sqs",
        token: None,
        expires: None,
    }
}

/// Eight headers (host is one) and a token.
fn s3_put() -> Case {
    Case {
        method: "PUT",
        host: "examplebucket.s3.eu-central-1.amazonaws.com",
        target: "/albums/2026/photo-0001.jpg".to_owned(),
        headers: vec![
            ("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg=="),
            ("content-type", "image/jpeg"),
            ("x-amz-meta-camera", "ISC-3 rev. B"),
            ("x-amz-meta-taken", "2026-01-15T12:31:07Z"),
            ("x-amz-server-side-encryption", "AES256"),
            ("x-amz-storage-class", "STANDARD_IA"),
            ("x-amz-tagging", "project=awsauth&stage=bench"),
        ],
        body_sha256: Some(SHA256_OF_UPLOAD),
        service: "s3",
        token: Some(TOKEN),
        expires: None,
    }
}

/// Forty parameters in the order in which a program would write them, which is not the canonical one.
fn query_40() -> Case {
    let mut target =
        "/?Action=PutMetricData&Version=2010-08-01&Namespace=Bench%2FSigning&StrictEntityValidation=true"
            .to_owned();
    for member in 1..=9 {
        for (field, value) in [
            ("MetricName", "Latency"),
            ("Timestamp", "2026-01-15T12%3A36%3A00Z"),
            ("Unit", "Milliseconds"),
            ("Value", "17.25"),
        ] {
            target.push_str(&format!("&MetricData.member.{member}.{field}={value}"));
        }
    }
    Case {
        method: "GET",
        host: "monitoring.eu-central-1.amazonaws.com",
        target,
        headers: Vec::new(),
        body_sha256: Some(SHA256_OF_NOTHING),
        service: "monitoring",
        token: None,
        expires: None,
    }
}

fn bulk(number: usize) -> Case {
    presigned_get(format!("/albums/2026/photo-{number:04}.jpg"))
}

fn presigned_get(target: String) -> Case {
    Case {
        method: "GET",
        host: "examplebucket.s3.eu-central-1.amazonaws.com",
        target,
        headers: Vec::new(),
        body_sha256: None,
        service: "s3",
        token: None,
        expires: Some(900),
    }
}

/// As long as tokens of an assumed role often are.
const TOKEN: &str = "IQoJb3JpZ2luX2VjEJr//////////wEaDGV1LWNlbnRyYWwtMSJHMEUCIQDfSxAmpLeThisIsNoRealToken7Fh3K1vNcZ0pQwAiBk\
T2u9rXoYb5mGqLdEsHjPzC4vWnRtAyUiOpSdFgHjKlZxCqkFCMP//////////wEQABoMMTIzNDU2Nzg5MDEyIgxBd3NBdXRoQmVuY2gqhwVnO\
mQ4c1RvS2VuRm9yQmVuY2htYXJrc09ubHlOb3RBU2VjcmV0QXRBbGxKdXN0TGV0dGVyc0FuZERpZ2l0c1RoYXRGaWxsVGhlTGVuZ3RoT2ZBVG9\
rZW5Gcm9tU1RTQXNzdW1lUm9sZVdpdGhBbk9yZGluYXJ5U2Vzc2lvblBvbGljeQ==";
