//! What [`Verbatim`] takes, [`Sigv4`] signs the same; what it refuses names the part to mend.

#![allow(clippy::unwrap_used, reason = "tests")]

use awsauth_core::aws_chunked::Framing;
use awsauth_core::{
    CredentialScope, Error, Header, PayloadHash, Protocol, Request, SignedHeaders, SigningKey, Sigv4,
    Timestamp, Verbatim,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

const TIME: &str = "20150830T123600Z";
const HOST: &str = "example.amazonaws.com";

fn now() -> Timestamp {
    Timestamp::parse(TIME).unwrap()
}

fn key(service: &str) -> SigningKey<'_> {
    SigningKey::derive("secret", CredentialScope::new(now().date(), "us-east-1", service).unwrap())
}

fn refusal(request: &Request<'_>) -> Option<Error> {
    Verbatim::new("AKIDEXAMPLE", &key("s3"))
        .session_token("token")
        .sign(request, PayloadHash::EMPTY, now())
        .err()
}

#[test]
fn parts_that_are_not_canonical_are_refused_by_name() {
    for path in ["/", "/a", "/a/", "/a-b_c.d~e/F9", "/a.b/c."] {
        assert_eq!(refusal(&Request::get(path, HOST)), None, "{path}");
    }
    for path in
        ["", "a", "//", "/a//b", "/./a", "/a/..", "/.a", "/a%20b", "/a b", "/a=b", "/\u{e9}", "/a#b", "/a+b"]
    {
        assert_eq!(refusal(&Request::get(path, HOST)), Some(Error::NotCanonicalPath), "{path}");
    }
    for query in
        ["a=", "a=1", "a=1&b=2", "A=1&a=1", "a%2Fb=%20", "a=1&a-b=2", "a-b=1&a.b=1", "X-id=P&list-type=2"]
    {
        assert_eq!(refusal(&Request::from_parts("GET", "/", query, HOST)), None, "{query}");
    }
    for query in [
        "a",
        "=1",
        "a=1&",
        "&a=1",
        "b=1&a=1",
        "a=1&a=2",
        "a=b=c",
        "a=1&b",
        "a=+",
        "a=%2f",
        "a=%41",
        "a=%",
        "a=%2",
        "a=%G0",
        "a=%0",
        "a b=1",
        "a=\u{e9}",
        "a-b=2&a=1",
        "a=1&&b=2",
        "a=1#b",
        "a=~/",
        "X-Amz-Signature=1",
        "X-Amz-Date=20150830T123600Z&a=1",
        "A=1&X-Amz-Security-Token=t",
    ] {
        assert_eq!(
            refusal(&Request::from_parts("GET", "/", query, HOST)),
            Some(Error::NotCanonicalQuery),
            "{query}"
        );
    }
    for host in ["a", "a-b.c", "10.0.0.1", "a:9000", "a:80", "a:4430"] {
        assert_eq!(refusal(&Request::get("/", host)), None, "{host}");
    }
    for host in ["", "A", "a:", ":80", "a:443", "a:b", "a:1:2", "a/b", "a b", "[::1]", "u@a", "a\n"] {
        assert_eq!(refusal(&Request::get("/", host)), Some(Error::NotCanonicalHost), "{host}");
    }
    let plain = |host| Request::get("/", host).protocol(Protocol::Http);
    assert_eq!(refusal(&plain("a:443")), None);
    assert_eq!(refusal(&plain("a:80")), Some(Error::NotCanonicalHost));
    for method in ["", "get", "GE T", "G\n", "M-SEARCH"] {
        assert_eq!(refusal(&Request::new(method, "/", HOST)), Some(Error::NotCanonicalMethod), "{method}");
    }
}

#[test]
fn headers_that_are_not_canonical_are_refused() {
    let refused = |headers: &[(&str, &str)]| {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        refusal(&Request::get("/", HOST).headers(&headers))
    };
    let taken: [&[(&str, &str)]; 4] = [
        &[],
        &[("accept", ""), ("content-type", "a b"), ("x-amz-acl", "\u{e9}"), ("x-b", "1")],
        &[("x-amz-content", "1"), ("x-amz-date2", "2"), ("x-amz-security-tokens", "3")],
        &[("a", "~!\"")],
    ];
    for headers in taken {
        assert_eq!(refused(headers), None, "{headers:?}");
    }
    for headers in [
        [("a", "1"), ("a", "2")],
        [("b", "1"), ("a", "2")],
        [("a", "1"), ("B", "2")],
        [("a", " 1"), ("b", "2")],
        [("a", "1"), ("b", "2 ")],
        [("a", "1  2"), ("b", "2")],
        [("a", "1\t2"), ("b", "2")],
        [("a", "1\n"), ("b", "2")],
        [("a", " "), ("b", "2")],
        [("", "1"), ("b", "2")],
        [("a b", "1"), ("b", "2")],
        [("a", "1"), ("host", HOST)],
        [("a", "1"), ("authorization", "2")],
        [("a", "1"), ("x-amz-date", TIME)],
        [("a", "1"), ("x-amz-content-sha256", "2")],
        [("a", "1"), ("x-amz-security-token", "2")],
    ] {
        assert_eq!(refused(&headers), Some(Error::NotCanonicalHeaders), "{headers:?}");
    }
}

#[test]
fn the_signer_is_checked_too() {
    let key = key("s3");
    let request = Request::get("/", HOST);
    let refusal = |signer: Verbatim<'_>, now| signer.sign(&request, PayloadHash::EMPTY, now).err();
    assert_eq!(refusal(Verbatim::new("", &key), now()), Some(Error::MalformedAccessKeyId));
    assert_eq!(refusal(Verbatim::new("A/B", &key), now()), Some(Error::MalformedAccessKeyId));
    for token in ["", "a b", "a\r\n"] {
        let signer = Verbatim::new("A", &key).session_token(token);
        assert_eq!(refusal(signer, now()), Some(Error::MalformedSessionToken));
    }
    let tomorrow = now().plus_seconds(86_400).unwrap();
    assert_eq!(refusal(Verbatim::new("A", &key), tomorrow), Some(Error::KeyOfAnotherDay));
    assert_eq!(refusal(Verbatim::new("A", &key), now()), None);
}

#[test]
fn secrets_are_not_in_debug() {
    let key = key("s3");
    let request = Request::get("/", HOST);
    let signer = Verbatim::new("AKIDEXAMPLE", &key).session_token("the-token");
    let signed = signer.sign(&request, PayloadHash::EMPTY, now()).unwrap();
    for text in
        [format!("{signer:?}"), format!("{signed:?}"), format!("{:?}", signed.headers().last().unwrap().1)]
    {
        assert!(!text.contains("the-token") && !text.contains("secret"), "{text}");
    }
    let sensitive = signed.headers().filter(|(_, value)| value.is_sensitive()).map(|(name, _)| name);
    assert_eq!(sensitive.collect::<Vec<_>>(), ["x-amz-security-token", "authorization"]);
}

#[test]
fn chunks_follow_its_signature() {
    let key = key("s3");
    let framing =
        Framing::new(PayloadHash::StreamingSigned, 9000, &[]).unwrap().with_any_chunk_size(8192).unwrap();
    let headers = [Header::new("x-amz-decoded-content-length", b"9000")];
    let request = Request::put("/a", HOST).headers(&headers);
    let signed = Sigv4::new("A", &key).sign(&request, framing.payload_hash(), now()).unwrap();
    let verbatim = Verbatim::new("A", &key).sign(&request, framing.payload_hash(), now()).unwrap();
    let encoders = [framing.encoder(&signed, &key).unwrap(), framing.verbatim_encoder(&verbatim).unwrap()];
    let [by_sigv4, by_verbatim] = encoders.map(|mut encoder| {
        let mut sent = Vec::new();
        let mut sink = |bytes: &[u8]| sent.extend_from_slice(bytes);
        encoder.chunk(&[b'a'; 8192]).unwrap().write_head(&mut sink);
        encoder.chunk(&[b'b'; 808]).unwrap().write_head(&mut sink);
        encoder.finish(&[]).unwrap().write_to(&mut sink);
        String::from_utf8(sent).unwrap()
    });
    assert_eq!(by_sigv4, by_verbatim);
    let other = Verbatim::new("A", &key).sign(&request, PayloadHash::EMPTY, now()).unwrap();
    assert_eq!(framing.verbatim_encoder(&other).err(), Some(Error::PayloadOfAnotherKind));
}

/// Mostly canonical.
fn any_path() -> impl Strategy<Value = String> {
    prop_oneof![4 => "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,8}){1,4}/?", 1 => "/[ -~]{0,20}"]
}

fn any_query() -> impl Strategy<Value = String> {
    let text = "([A-Za-z0-9._~-]|%[02A-F][0-9A-F]){1,6}";
    let sorted = btree_map(text, option::of(text), 0..5).prop_map(|parameters| {
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_deref().unwrap_or_default()))
            .collect();
        parameters.join("&")
    });
    prop_oneof![4 => sorted, 1 => "[ -~]{0,12}"]
}

fn any_headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = "(x-amz-|content-|x-)?[a-z0-9.-]{1,6}";
    let value = "[!-~]{0,5}( [!-~]{1,5}){0,2}";
    let sorted = btree_map(name, value, 0..6).prop_map(|headers| headers.into_iter().collect());
    prop_oneof![4 => sorted, 1 => vec(("[A-Za-z-]{1,4}", "[ -~]{0,6}"), 0..4)]
}

proptest! {
    #[test]
    fn what_it_takes_is_signed_the_same(
        path in any_path(),
        query in any_query(),
        headers in any_headers(),
        service in prop_oneof![Just("s3"), Just("iotdata")],
        token in option::of("[!-~]{1,40}"),
    ) {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::from_parts("PUT", &path, &query, HOST).headers(&headers);
        let key = key(service);
        let payload = PayloadHash::of(b"body");
        let mut verbatim = Verbatim::new("AKIDEXAMPLE", &key);
        if let Some(token) = &token {
            verbatim = verbatim.session_token(token);
        }
        let Ok(taken) = verbatim.sign(&request, payload, now()) else { return Ok(()) };

        let added: Vec<_> = taken.headers().map(|(name, value)| (name, value.to_string())).collect();
        let (_, authorization) = added.last().unwrap();
        let names = authorization.split_once("SignedHeaders=").unwrap().1.split_once(',').unwrap().0;
        let mut signer = Sigv4::new("AKIDEXAMPLE", &key).signed_headers(SignedHeaders::Exactly(names));
        if let Some(token) = &token {
            signer = signer.session_token(token);
        }
        let signed = signer.sign(&request, payload, now()).unwrap();
        let mut canonical_request = Vec::new();
        taken.write_canonical_request(&mut |bytes: &[u8]| canonical_request.extend_from_slice(bytes));
        prop_assert_eq!(String::from_utf8(canonical_request).unwrap(), signed.canonical_request().to_string());
        prop_assert_eq!(taken.string_to_sign().to_string(), signed.string_to_sign().to_string());
        prop_assert_eq!(taken.signature(), signed.signature());
        prop_assert_eq!(&added, &signed.headers().map(|(name, value)| (name, value.to_string())).collect::<Vec<_>>());
        let target = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
        prop_assert_eq!(signed.target().to_string(), target);
    }

    #[test]
    fn what_is_sent_canonical_is_taken(path in any_path(), query in any_query(), headers in any_headers()) {
        // What Sigv4 makes of any request, it takes: but for paths whose escapes or dots are data.
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let request = Request::from_parts("PUT", &path, &query, HOST).headers(&headers);
        let key = key("iotdata");
        let signer = Sigv4::new("AKIDEXAMPLE", &key).signed_headers(SignedHeaders::AllButHopByHop);
        let Ok(signed) = signer.sign(&request, PayloadHash::EMPTY, now()) else { return Ok(()) };
        let canonical_request = signed.canonical_request().to_string();
        let mut lines = canonical_request.lines();
        let (_, path, query) = (lines.next(), lines.next().unwrap(), lines.next().unwrap());
        let added = ["host", "x-amz-content-sha256", "x-amz-date"];
        let lines: Vec<_> = lines
            .take_while(|line| !line.is_empty())
            .map(|line| line.split_once(':').unwrap())
            .filter(|(name, _)| !added.contains(name))
            .collect();
        let names: Vec<_> = query.split('&').map(|parameter| parameter.split('=').next()).collect();
        prop_assume!(!path.contains('%') && !path.contains("/."));
        prop_assume!(names.windows(2).all(|pair| pair[0] != pair[1]) && (query.is_empty() || names[0] != Some("")));
        prop_assume!(lines.iter().all(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))));
        prop_assume!(lines.iter().all(|(_, value)| !value.contains('\t')));
        let headers: Vec<_> = lines.iter().map(|(name, value)| Header::new(name, value.as_bytes())).collect();
        let canonical = Request::from_parts("PUT", path, query, HOST).headers(&headers);
        let taken = Verbatim::new("AKIDEXAMPLE", &key).sign(&canonical, PayloadHash::EMPTY, now()).unwrap();
        prop_assert_eq!(taken.signature(), signed.signature());
    }
}
