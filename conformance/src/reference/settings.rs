//! What the caller of a SigV4 or SigV4A signature chooses.

/// What the caller of a SigV4 or SigV4A signature chooses.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Settings {
    /// Encode the path of the wire once more: everywhere but in the S3 family.
    pub double_encode: bool,
    /// What a `%2F` of a path that is encoded once stands for.
    pub encoded_slash: EncodedSlash,
    /// Resolve dot segments and empty segments of the path: everywhere but in the S3 family.
    pub normalize: bool,
    /// Last line of the canonical request.
    pub payload: Payload,
    /// How a bare `+` of the query is read.
    pub plus: Plus,
    /// What becomes of a parameter given more than once.
    pub repeated_parameters: RepeatedParameters,
    /// Send and sign `x-amz-content-sha256`.
    pub send_payload_hash: bool,
    /// Where the session token goes.
    pub token: Token,
    /// Headers to leave unsigned, beside those that never are; case does not matter.
    pub unsigned_headers: Vec<String>,
}

impl Settings {
    /// What the service asks for: the S3 family encodes its paths once and does not normalise them; the websockets of IoT have
    /// the session token appended.
    pub fn for_service(service: &str) -> Self {
        let s3 = ["s3", "s3express", "s3-object-lambda", "s3-outposts"].contains(&service);
        Self {
            double_encode: !s3,
            encoded_slash: if s3 { EncodedSlash::Separator } else { EncodedSlash::Data },
            normalize: !s3,
            payload: Payload::Signed,
            plus: Plus::Space,
            repeated_parameters: if s3 { RepeatedParameters::Refuse } else { RepeatedParameters::Keep },
            send_payload_hash: true,
            token: if service == "iotdevicegateway" { Token::Unsigned } else { Token::Signed },
            unsigned_headers: Vec::new(),
        }
    }
}

/// What a `%2F` of a path that is encoded once stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EncodedSlash {
    /// Itself: signed as `%2F`, everywhere but in the S3 family.
    Data,
    /// A `/` of the key, as S3 reads it.
    Separator,
}

/// Last line of the canonical request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Payload {
    /// SHA-256 of the body.
    Signed,
    /// `UNSIGNED-PAYLOAD`.
    Unsigned,
    /// A text of AWS's, or a hash computed elsewhere.
    Literal(String),
}

/// How a bare `+` of the query is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Plus {
    /// As a plus: signed as `%2B`.
    Literal,
    /// As a space, as forms write it: signed as `%20`.
    Space,
}

/// What becomes of a parameter given more than once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RepeatedParameters {
    /// All are signed, sorted by value.
    Keep,
    /// The request is refused: S3 would keep the first only.
    Refuse,
}

/// Where the session token goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Token {
    /// `x-amz-s3session-token`, signed: the token of an S3 Express session.
    S3Session,
    /// `x-amz-security-token`, signed.
    Signed,
    /// `x-amz-security-token`, appended after the signature.
    Unsigned,
}
