use core::fmt;

macro_rules! errors {
    ($($(#[$doc:meta])+ $variant:ident => $text:literal,)+) => {
        /// Why a request cannot be signed, and what to change. It has nothing of the request, so it is safe to log.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Error { $($(#[$doc])+ $variant,)+ }

        impl Error {
            /// Returns the sentence that `Display` prints.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

errors! {
    /// The value of a sub-resource contains, decoded, an `&` and the name of another, which S3's legacy scheme would
    /// sign as if it were that one. Remove it from the value.
    AmbiguousSubresource => "the value of a sub-resource holds an '&' and the name of another",
    /// An `x-amz-*` parameter is in a URL that S3's legacy scheme presigns, where servers differ. Send it as a header.
    AmzParameter => "the query holds an x-amz-* parameter: send it as a header",
    /// A parameter of the caller's own has a name that S3's legacy scheme presigns with: `Expires` or `Signature`, without
    /// the `AWSAccessKeyId` of an old signature. Give it another name, or sign with a header.
    AuthenticationParameter => "the query holds an Expires or Signature of its own, which a presigned URL needs: rename it",
    /// The body went on after its declared length. Declare the length that it has.
    BodyTooLong => "the body is longer than declared",
    /// The body ended before its declared length. Declare the length that it has, or end the request.
    BodyTooShort => "the body is shorter than declared",
    /// A chunk other than the last does not have the chunk size. Collect `next_chunk_size` bytes before framing them.
    ChunkOfAnotherSize => "a chunk but the last must have the chunk size exactly",
    /// The chunk size is not in 8192..=16777216 bytes. Choose one that is; 65536 suits most.
    ChunkSizeOutOfRange => "a chunk has 8192 to 16777216 bytes",
    /// A condition of a POST policy contradicts a field or another condition, so that no form can meet both. Drop one.
    ConditionContradicts => "a condition of the policy contradicts a field or another condition",
    /// A header value holds a control character (the tab is allowed). Remove it, or encode the value.
    ControlInHeader => "a header value holds a control character",
    /// A field or condition of a POST policy holds a control character. Remove it, or encode the value.
    ControlInPolicy => "a field or condition of the policy holds a control character",
    /// The value of a sub-resource holds an escaped control character, which S3's legacy scheme would sign bare. Remove it.
    ControlInSubresource => "the value of a sub-resource holds an escaped control character",
    /// The path or query holds a control character. Percent-encode it.
    ControlInTarget => "the path or query holds a control character: percent-encode it",
    /// A content length range has a minimum above its maximum. Swap them.
    EmptyContentLengthRange => "the minimum of the content length range is above its maximum",
    /// The length on the wire does not fit into 64 bits, or a message into 24 MiB. Send less.
    EncodedTooLong => "the encoded body or message is too long",
    /// The expiry is not after the time of signing. Choose a later one, or check the clock.
    ExpiryInPast => "the expiry is not after the time of signing",
    /// `expires` is not in 1..=604800 seconds (seven days). Choose a shorter time.
    ExpiryOutOfRange => "a presigned URL lives for 1 to 604800 seconds",
    /// A URL's fragment is never sent. Cut it off at the `#`, or write `%23` where a `#` is meant.
    FragmentInTarget => "the target holds a '#': cut off the fragment, or write %23",
    /// The signing key is for another day than the request's time. Derive the key of that day.
    KeyOfAnotherDay => "the signing key is of another day than the request",
    /// The key is for another day, region or service than the request. Pass the key that signed the request.
    KeyOfAnotherScope => "the key is not the one of the request's scope",
    /// An access key ID is one or more printable ASCII characters without space, comma or slash. Check that it is set.
    MalformedAccessKeyId => "the access key ID is empty or not printable ASCII without space, comma and slash",
    /// A bucket is printable ASCII without space and slash. Give its name alone.
    MalformedBucket => "the bucket is not printable ASCII without space and slash",
    /// The name of a POST form's field is empty or not printable ASCII without space and `$`. Fix the name.
    MalformedFieldName => "the name of a form's field is empty or not printable ASCII without space and '$'",
    /// A form body holds a control character or a `#`. Percent-encode it.
    MalformedForm => "the form body holds a control character or a '#': percent-encode it",
    /// A header name is empty or has characters other than RFC 9110's token characters. Fix the name.
    MalformedHeaderName => "a header name is empty or holds a character that names cannot have",
    /// The host is not a name or address with an optional port: it has a user, a path or a blank. Pass just the host.
    MalformedHost => "the host holds what a host cannot: give name and port only",
    /// The method is empty or has characters other than RFC 9110's token characters. Fix the method.
    MalformedMethod => "the method is empty or holds a character that methods cannot have",
    /// A payload hash is neither 64 lower-case hex digits nor one of AWS's literals. Fix it.
    MalformedPayloadHash => "a payload hash is 64 lower-case hex digits or one of AWS's literals",
    /// A `%` is not followed by two hex digits. Write `%25` where a percent sign is meant.
    MalformedPercent => "a '%' is not followed by two hex digits: write %25 for a percent sign",
    /// A ready-made policy is not base64 in one line. Encode the JSON, without line breaks.
    MalformedPolicy => "the policy is not base64 in one line",
    /// A region set is one or more printable ASCII characters without space, such as `us-*`. Leave out the blanks.
    MalformedRegionSet => "the region set is empty or not printable ASCII without space",
    /// Region and service are one or more printable ASCII characters without space, comma and slash. Check that both are set.
    MalformedScope => "region or service is empty or not printable ASCII without space, comma and slash",
    /// A secret access key is empty, holds a control character, or begins or ends with a space. Check for a newline at its
    /// end.
    MalformedSecretAccessKey => "the secret access key is empty, holds a control character, or has a space at an end",
    /// A session token is one or more printable ASCII characters. Check for a newline at its end.
    MalformedSessionToken => "the session token is empty or holds a character that headers cannot",
    /// A signature of Signature Version 4 is 64 lower-case hex digits. Give just those.
    MalformedSignature => "a signature is 64 lower-case hex digits",
    /// A list of signed headers holds an empty name or one that no header can have, or says exactly which are signed without
    /// `host`. Write names with `;` between them, such as `host;range`.
    MalformedSignedHeaders => "the list of signed headers has an empty or malformed name, or lacks host",
    /// The target does not begin with `/`, or a path that was given by itself holds a `?`. Give path and query, without
    /// scheme and host, and write `%3F` where a `?` is meant.
    MalformedTarget => "the target does not begin with '/', or its path holds a '?'",
    /// A time is not in AWS's form, or not a real date. Write `20150830T123600Z`, in UTC.
    MalformedTime => "a time is not of the form 20150830T123600Z",
    /// The bucket is empty. Set its name.
    MissingBucket => "the bucket is empty: name it",
    /// There is no `x-amz-date` or `date` header to sign as sent. Send one, or have the signer add it.
    MissingDate => "the request has neither an x-amz-date nor a date header",
    /// There is no host, neither in the request nor as a `host` header. Set one.
    MissingHost => "the request has no host",
    /// The object key is empty. Set it, or allow a prefix.
    MissingKey => "the object key is empty: name it, or ask for a prefix",
    /// A header that is to be signed by an exact list is neither in the request nor added. Send it, or remove it from the
    /// list.
    MissingSignedHeader => "a header of the list to be signed is not in the request",
    /// The host is one of AWS's, but not of S3, so it names no bucket. Fix the host, or name the bucket.
    NotAnS3Host => "the host is not one of S3: fix it, or name the bucket",
    /// The headers given to [`Verbatim`](crate::Verbatim) are not canonical. Sort them by lower-case name, each once,
    /// without `host` and those that signing adds; remove controls and needless spaces from their values; or sign with
    /// [`Sigv4`](crate::Sigv4).
    NotCanonicalHeaders => "the headers are not canonical: sort them by lower-case name, each once, trimmed, without \
        host and those that signing adds; or sign with Sigv4",
    /// The host given to [`Verbatim`](crate::Verbatim) is not canonical. Give name and port alone, in lower case,
    /// without the protocol's default port; or sign with [`Sigv4`](crate::Sigv4), which also takes brackets and
    /// underscores.
    NotCanonicalHost => "the host is not canonical: give name and port alone, in lower case, without the protocol's \
        own port; or sign with Sigv4",
    /// The method given to [`Verbatim`](crate::Verbatim) is not all upper-case letters. Write it so, or sign with
    /// [`Sigv4`](crate::Sigv4).
    NotCanonicalMethod => "the method is other than upper-case letters: write it so, or sign with Sigv4",
    /// The path given to [`Verbatim`](crate::Verbatim) is not canonical. Begin it with a slash; if it has escapes,
    /// empty segments, or segments that begin with a dot, sign with [`Sigv4`](crate::Sigv4).
    NotCanonicalPath => "the path does not begin with '/', or holds '//', '/.' or other than A-Z a-z 0-9 - . _ ~ and '/': \
        sign it with Sigv4",
    /// The query given to [`Verbatim`](crate::Verbatim) is not canonical. Sort `name=value` by names, each once, with
    /// upper-case escapes, without `X-Amz-` ones; or sign with [`Sigv4`](crate::Sigv4).
    NotCanonicalQuery => "the query is not canonical: name=value, sorted by name, each once, none of X-Amz-, %XX in upper \
        case for all but A-Z a-z 0-9 - . _ ~; or sign with Sigv4",
    /// The request has an `x-amz-content-sha256` of its own that contradicts the payload hash to sign, or is repeated, and is
    /// not replaced. Remove it, or sign what it says.
    PayloadHashContradicts => "the request's x-amz-content-sha256 is not the payload hash that is signed",
    /// The payload hash is not the streaming kind that this body and key make. Sign the framing's `payload_hash`.
    PayloadOfAnotherKind => "the payload hash is not of the kind that this body and its key make",
    /// A form is signed for a target that has a query too. Put its parameters into the form.
    QueryBesideForm => "a signed form holds all parameters: move those of the query into it",
    /// A field of a POST form is given twice. Give it once.
    RepeatedField => "a field of the form is given twice",
    /// There is more than one `host` header. Send one.
    RepeatedHost => "the request has more than one host header",
    /// A query parameter occurs twice in an S3 URL; S3 would read the first only. Send it once.
    RepeatedParameter => "a query parameter is repeated, and S3 reads only the first",
    /// A trailer occurs twice. Join its values.
    RepeatedTrailer => "a trailer is repeated",
    /// The field comes from the form's builder, or from the browser (`file`). Use the builder's methods.
    ReservedField => "the form gets this field from its builder or the browser",
    /// The time is before 1970 or after 9999. Check the clock.
    TimeOutOfRange => "the time is not in the years 1970 to 9999",
    /// More than 64 headers are to be signed, or one after the first 122. Send fewer, or build with the feature `alloc`.
    TooManyHeaders => "more than 64 headers to sign, or one after the first 122: build with the feature alloc, or send fewer",
    /// There are more than 64 query parameters, or one begins after 64 KiB. Send fewer, or build with the feature `alloc`.
    TooManyParameters => "more than 64 query parameters, or one after 64 KiB: build with the feature alloc, or send fewer",
    /// A path with `..` has more than 256 segments. Resolve the `..` before signing.
    TooManySegments => "a path with '..' has more than 256 segments: resolve the '..' first",
    /// A declared trailer was not passed, or none is declared although the payload has trailers. Pass or declare it.
    TrailerMissing => "a trailer is missing: the payload has one, or it was declared",
    /// A trailer was passed that was not declared. Declare it before signing the request.
    TrailerNotDeclared => "a trailer was not declared, or the payload has none",
    /// The trailers' values do not have the declared length, so the body would not have its own. Declare their length.
    TrailerOfAnotherLength => "the trailers' values have another length than declared",
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl core::error::Error for Error {}
