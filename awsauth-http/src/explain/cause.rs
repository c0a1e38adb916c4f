use core::fmt;

macro_rules! causes {
    ($($variant:ident => $text:literal; $fix:literal;)+) => {
        /// Why a service refused a request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Cause {
            $(#[doc = concat!("Cause: ", $text, ". Fix: ", $fix, ".")] $variant,)+
        }

        impl Cause {
            /// Returns the cause in one sentence.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Returns what to change.
            #[must_use]
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix,)+ }
            }
        }
    };
}

causes! {
    Accepted => "the request was not refused"; "nothing";
    AddedHeader => "the service saw a signed header that the request did not have";
        "look at what stands between: a proxy or client added it; sign last, or leave it unsigned";
    AddedParameter => "the service saw a query parameter that was not signed";
        "add parameters before signing, and let no client or proxy add one";
    BodyChanged => "the body that arrived is not the one that was signed";
        "sign the bytes that are sent: after compression and serialisation, with no client or proxy changing them";
    BodyNewline => "the body that arrived differs from the signed one in its line ends";
        "sign the bytes that are sent: something adds, drops or converts newlines on the way";
    BodyNotReceived => "the service hashed an empty body";
        "send the body that was signed: redirects and some methods lose it";
    BodyNotSigned => "an empty body was signed, and another was sent";
        "sign with the body, or by its hash: Signer::sign, Signer::sign_head";
    ChangedAfterSigning => "the request is not the one that was signed";
        "sign last: what is added, changed or removed after signing breaks the signature";
    ClockSkew => "the clock is off by more than the service allows";
        "set the clock (NTP), or give the signer a corrected one: Signer::clock; sign each retry anew";
    ContentType => "the content-type that arrived is not the one that was signed";
        "set content-type before signing, just as the client sends it, with charset and boundary";
    DifferentHeader => "a header's value arrived other than it was signed";
        "sign the value that is sent, or leave the header unsigned";
    DifferentHost => "the service saw another host than the one that was signed";
        "sign the host that the service sees: Signer::signed_host, or have the proxy keep the host header";
    DifferentMethod => "the service saw another method than the one that was signed";
        "sign the method that is sent: a redirect, an override header or a proxy changed it";
    DifferentPath => "the service saw another path than the one that was signed";
        "sign the path that the service sees: look for a proxy or client that rewrites it";
    DifferentQuery => "the service saw another query than the one that was signed";
        "sign the query that is sent: look for a proxy or client that rewrites it";
    DifferentSignedHeaders => "the service read another list of signed headers";
        "send the authorization header as it was made";
    DroppedHeader => "a signed header did not arrive";
        "leave it unsigned, or have the client or proxy keep it";
    DroppedParameter => "a signed query parameter did not arrive";
        "look for a client, proxy or cache that drops it; S3 reads repeated parameters once";
    ExpiredSessionToken => "the temporary credentials have expired";
        "fetch new credentials: use a provider that renews them, in place of fixed ones";
    ExpiredUrl => "the presigned URL has expired"; "presign anew, or for longer";
    ExpiryOutOfRange => "the presigned URL asks for a longer life than the service gives";
        "presign for 604800 seconds at most";
    HeaderCharset => "a header's value was signed in another character encoding than it arrived in";
        "send ASCII in headers: encode other text (RFC 2047, percent-encoding)";
    HeaderSeparator => "a repeated header was joined in another way than it was signed";
        "send such a header once, with its values joined";
    HeaderWhitespace => "a header's value differs in its blanks";
        "send values trimmed, with single spaces";
    HostCase => "the host was signed in another case than the service reads it";
        "write the host in lower case";
    HostPort => "the host was signed with a port that the service does not see, or without one that it does";
        "sign the host header as it is sent: without the protocol's own port, with any other";
    IncompleteAuthorization => "the authorization header lacks a part, or cannot be read";
        "send the header as it was made: Credential, SignedHeaders and Signature, once";
    InvalidSessionToken => "the service does not know the session token";
        "use access key ID, secret and token of one issue, whole, and for this partition and service";
    MalformedAccessKeyId => "the access key ID holds a blank or another character that keys do not have";
        "trim the access key ID: files and environment variables often end in a newline";
    MissingContentSha256 => "the service wants x-amz-content-sha256, and it was not sent";
        "leave Signer::content_sha256_header on";
    MissingSessionToken => "temporary credentials were used without their session token";
        "give the token too: Credentials::with_session_token, AWS_SESSION_TOKEN";
    NormalizedPath => "the path was signed without its dot segments or double slashes, which the service keeps";
        "sign for the right service: S3 takes paths as they are (PathRule::S3)";
    NotAuthentication => "the service refused for another reason than the signature";
        "read what the service says; if it denies, look at identity and bucket policies, service control policies, VPC endpoints";
    NotSigned => "no signature arrived";
        "sign the request; if it was, look for a client or proxy that removes authorization, or a path that does not exist";
    NotYetValidUrl => "the presigned URL is of a time to come"; "set the clock (NTP) of whoever presigns";
    PathEncodedOnce => "the path was encoded once in the canonical request, and this service encodes it twice";
        "sign for the right service: all but S3 take PathRule::STANDARD";
    PathEncodedTwice => "the path was encoded twice in the canonical request, and this service encodes it once";
        "sign for service s3, or with PathRule::S3";
    PathEncoding => "the path was signed in another percent-encoding than the service reads it";
        "send the path percent-encoded as AWS has it: awsauth_core::encode_path, or the target that the signer made";
    PathPrefix => "the service saw the path with a prefix more or less: a bucket, a stage, a mount point";
        "sign the path that the service sees: check path style and virtual host, and what the proxy strips";
    PayloadLiteral => "payload hash and body do not fit: one side takes the body as unsigned";
        "sign the body's hash, or UNSIGNED-PAYLOAD where the service takes it, and send it in x-amz-content-sha256";
    PlusInPath => "a plus in the path was signed as one, and the service read a space, or the other way round";
        "send %2B for a plus and %20 for a space";
    PlusInQuery => "a plus in the query was signed as one, and the service read a space, or the other way round";
        "send %2B for a plus and %20 for a space: the signer does so when it owns the URL";
    ProxiedHeader => "a header that proxies and clients change was signed";
        "leave it unsigned: SignedHeaders::Essential";
    QueryEncodedTwice => "the query was percent-encoded once too often on one side";
        "encode parameters once: look for a client that encodes an encoded URL";
    QueryEncoding => "the query was signed in another percent-encoding than the service reads it";
        "sign canonical parameters: upper-case %XX for all but A-Z a-z 0-9 - . _ ~";
    QueryOrder => "the query was signed in another order than the service sorts it";
        "sort by encoded name, then by encoded value";
    RepeatedAuthentication => "the request is authenticated twice";
        "send an authorization header or a presigned URL, not both";
    RequestNotRead => "the service could not read the request's authentication";
        "compare what was sent with AWS's page \"Create a signed AWS API request\"";
    ScopeOfAnotherDay => "the credential scope is of another day than the request's time";
        "use one instant, in UTC, for scope and date";
    SecretBlank => "the secret access key begins or ends with a blank";
        "trim the secret: files and environment variables often end in a newline";
    SecretEncoded => "the secret access key is percent-encoded";
        "decode the secret: %2F is a slash, %2B a plus";
    SecretQuoted => "the secret access key is in quotes";
        "take the quotes off the secret";
    StraySessionToken => "a session token was sent with a long-term access key";
        "drop the token: an old AWS_SESSION_TOKEN is often left in the environment";
    TrailingSlash => "the path was signed with a slash at its end that the service does not see, or without one that it does";
        "send the path that was signed: look for a client or proxy that adds or strips the slash";
    UnencodedBareKey => "a parameter without a value was signed without `=`";
        "sign and send `?acl=` for `?acl`";
    Unexplained => "the signature is wrong, and nothing shows why";
        "check the secret; then compare with the canonical request in the service's response or log";
    UnknownAccessKeyId => "the service does not know the access key ID";
        "check that the key exists, is active, and is of this partition or store; a new one takes seconds to spread";
    UnnormalizedPath => "the path was signed with dot segments or double slashes, which the service resolves";
        "resolve them before signing: PathRule::STANDARD, and send the path that was signed";
    UnsignedHeader => "a header was sent that must be signed and was not";
        "sign every x-amz-* header: sign last, and add none after";
    WrongRegion => "the credential scope names another region than the service's";
        "set the region: Signer::region, or a host that names it";
    WrongScheme => "the service does not take this signing scheme";
        "sign with Signature Version 4, or what the service asks for";
    WrongSecret => "what was signed is right, so the secret is not";
        "check that secret and access key ID belong together, and that the key is active";
    WrongSecretOrChanged => "the secret is wrong, or the request was changed on its way";
        "check that secret and access key ID belong together; then look for a proxy or client that changes method, host, path, \
         query, body or a signed header";
    WrongService => "the credential scope names another service than the one called";
        "set the signing name: Signer::service";
    WrongTime => "the service read another time than the one that was signed";
        "send the x-amz-date that was signed: look for a date header that is added later";
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
