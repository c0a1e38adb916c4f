//! Bad input: each flaw gives its typed error, in a header and in a URL, and nothing panics.

#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_core::{
    CredentialScope, Date, Error, Header, PayloadHash, Protocol, RepeatedParameters, Request, SigningKey,
    SigningOptions, Sigv4, Timestamp,
};

/// All that goes into one signature; the default is signed.
#[derive(Clone)]
struct Input<'a> {
    method: &'a str,
    target: &'a str,
    host: &'a str,
    headers: Vec<(&'a str, &'a [u8])>,
    region: &'a str,
    service: &'a str,
    key_date: &'a str,
    access_key_id: &'a str,
    session_token: Option<&'a str>,
    signed_host: Option<&'a str>,
    time: &'a str,
    payload: &'a str,
    expires: u32,
}

const GOOD: Input<'_> = Input {
    method: "GET",
    target: "/a?b=c",
    host: "example.com",
    headers: Vec::new(),
    region: "us-east-1",
    service: "sqs",
    key_date: "20150830",
    access_key_id: "AKIDEXAMPLE",
    session_token: None,
    signed_host: None,
    time: "20150830T123600Z",
    payload: "UNSIGNED-PAYLOAD",
    expires: 60,
};

impl Input<'_> {
    fn sign(&self) -> Result<String, Error> {
        self.with_signer(|signer, request, payload, now| {
            let signed = signer.sign(request, payload, now)?;
            Ok(signed.target().to_string())
        })
    }

    fn presign(&self) -> Result<String, Error> {
        self.with_signer(|signer, request, payload, now| {
            let signed = signer.presign(request, payload, now, self.expires)?;
            Ok(signed.target().to_string())
        })
    }

    fn with_signer(
        &self,
        sign: impl FnOnce(&Sigv4<'_>, &Request<'_>, PayloadHash, Timestamp) -> Result<String, Error>,
    ) -> Result<String, Error> {
        let now = Timestamp::parse(self.time)?;
        let scope = CredentialScope::new(Date::parse(self.key_date)?, self.region, self.service)?;
        let key = SigningKey::derive("secret", scope);
        let mut options = SigningOptions::DEFAULT;
        options.session_token = self.session_token;
        options.signed_host = self.signed_host;
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let request = Request::new(self.method, self.target, self.host).headers(&headers);
        let signer = Sigv4::new(self.access_key_id, &key).options(options);
        sign(&signer, &request, PayloadHash::parse(self.payload)?, now)
    }

    /// Both ways of signing give this error.
    fn refused_with(&self, error: Error, flaw: &str) {
        assert_eq!(self.sign(), Err(error), "header: {flaw:?}");
        assert_eq!(self.presign(), Err(error), "URL: {flaw:?}");
    }

    fn accepted(&self, what: &str) {
        assert!(self.sign().is_ok(), "header: {what:?}");
        assert!(self.presign().is_ok(), "URL: {what:?}");
    }
}

/// C0, DEL and what follows from them.
const CONTROLS: [char; 7] = ['\0', '\u{1}', '\n', '\r', '\u{b}', '\u{1f}', '\u{7f}'];

#[test]
fn good_input_is_signed() {
    GOOD.accepted("good");
}

#[test]
fn methods() {
    for method in ["", "G ET", "GET\n", "G\0T", "GÉT", "GET/", "(GET)"] {
        Input { method, ..GOOD }.refused_with(Error::MalformedMethod, method);
    }
    Input { method: "M-SEARCH", ..GOOD }.accepted("M-SEARCH");
}

#[test]
fn percent_signs() {
    for service in ["sqs", "s3"] {
        for text in ["%", "%4", "%zz", "%4g", "%g4", "%%41", "a%", "%é9", "%+1", "% 1"] {
            for target in [
                format!("/{text}"),
                format!("/{text}/../b"),
                format!("/?{text}"),
                format!("/?a={text}"),
                format!("/?{text}=a&b"),
            ] {
                let input = Input { target: &target, service, ..GOOD };
                input.refused_with(Error::MalformedPercent, &target);
            }
        }
        Input { target: "/%25?%25=%25", service, ..GOOD }.accepted("%25");
    }
}

#[test]
fn controls_in_targets() {
    for control in CONTROLS.into_iter().chain(['\t']) {
        for target in [format!("/a{control}"), format!("/?a{control}"), format!("/?a=b{control}&c")] {
            Input { target: &target, ..GOOD }.refused_with(Error::ControlInTarget, &target);
            let escaped = target.replace(control, &format!("%{:02x}", control as u32));
            Input { target: &escaped, ..GOOD }.accepted(&escaped);
        }
    }
}

#[test]
fn fragments() {
    for target in ["/#", "/a#b", "/?#", "/?a=b#c", "/a?b#c=d"] {
        Input { target, ..GOOD }.refused_with(Error::FragmentInTarget, target);
    }
    Input { target: "/a%23b", ..GOOD }.accepted("%23");
}

#[test]
fn targets() {
    for target in ["a", "*", "http://example.com/", "\\a", "é", "a/../b", "%2Fa"] {
        Input { target, ..GOOD }.refused_with(Error::MalformedTarget, target);
    }
    for target in ["", "?a=b", "/", "//"] {
        Input { target, ..GOOD }.accepted(target);
    }
}

#[test]
fn a_path_given_by_itself_holds_no_question_mark() {
    let now = Timestamp::parse(GOOD.time).unwrap();
    for service in ["sqs", "s3"] {
        let key =
            SigningKey::derive("secret", CredentialScope::new(now.date(), "us-east-1", service).unwrap());
        let sign = |path| {
            let request = Request::from_parts("GET", path, "", "example.com");
            Sigv4::new("AKID", &key).sign(&request, PayloadHash::EMPTY, now).map(|signed| signed.time())
        };
        assert_eq!(sign("/a?b"), Err(Error::MalformedTarget));
        assert_eq!(sign("/a%3Fb"), Ok(now));
    }
}

#[test]
fn segments() {
    let long = format!("{}/..", "/a".repeat(256));
    Input { target: &long, ..GOOD }.refused_with(Error::TooManySegments, "256 and ..");
    Input { target: &long, service: "s3", ..GOOD }.accepted("S3 keeps ..");
    Input { target: &format!("{}/..", "/a".repeat(254)), ..GOOD }.accepted("254 and ..");
    Input { target: &"/a/".repeat(1000), ..GOOD }.accepted("no ..");
}

#[test]
fn hosts() {
    Input { host: "", ..GOOD }.refused_with(Error::MissingHost, "");
    Input { signed_host: Some(""), ..GOOD }.refused_with(Error::MissingHost, "");
    for host in ["", " ", "\t "] {
        Input { headers: vec![("Host", host.as_bytes())], ..GOOD }.refused_with(Error::MissingHost, host);
    }
    for host in [" ", "a ", "\ta"] {
        Input { host, ..GOOD }.refused_with(Error::MalformedHost, host);
        Input { signed_host: Some(host), ..GOOD }.refused_with(Error::MalformedHost, host);
    }
    let malformed = [
        "a/",
        "a?",
        "a#b",
        "user@a",
        "a b",
        "a\\b",
        "a\r\nx: y",
        "a\n",
        "\0",
        "é.com",
        "a:b",
        "a:1:2",
        ":443",
        "::1",
        "[::1",
        "[::1]a",
        "[]",
        "[x]",
        "a]",
        "https://a",
        "<a>",
        "\"a\"",
    ];
    for host in malformed {
        Input { host, ..GOOD }.refused_with(Error::MalformedHost, host);
        Input { headers: vec![("host", host.as_bytes())], ..GOOD }.refused_with(Error::MalformedHost, host);
        Input { signed_host: Some(host), ..GOOD }.refused_with(Error::MalformedHost, host);
    }
    Input { headers: vec![("host", b"a\xff")], ..GOOD }.refused_with(Error::MalformedHost, "not UTF-8");
    let twice = vec![("Host", &b"a"[..]), ("host", b"a")];
    Input { headers: twice, ..GOOD }.refused_with(Error::RepeatedHost, "twice");
    Input { host: "", headers: vec![("host", b" a:8080\t")], ..GOOD }.accepted("host header alone");
}

#[test]
fn header_names() {
    for name in ["", "a b", "a:", "a\n", "\0", "é", "a\t", "(a)", "a/b", " a", "x-amz-a\r"] {
        Input { headers: vec![(name, b"v")], ..GOOD }.refused_with(Error::MalformedHeaderName, name);
    }
}

#[test]
fn header_values() {
    for control in CONTROLS {
        for name in ["x-amz-meta-a", "content-type", "never-signed", "authorization"] {
            for value in [format!("a{control}"), format!("{control}a"), format!("a{control}b: c")] {
                let input = Input { headers: vec![(name, value.as_bytes())], ..GOOD };
                input.refused_with(Error::ControlInHeader, &value);
            }
        }
    }
    Input { headers: vec![("x-amz-meta-a", b"\ta\tb\xff\xc3\xa9 ")], ..GOOD }
        .accepted("tabs, any other bytes");
}

#[test]
fn scopes() {
    for part in ["", "us east", "us/east", "us,east", "us-east-1\n", "\0", "é", "a\u{7f}"] {
        Input { region: part, ..GOOD }.refused_with(Error::MalformedScope, part);
        Input { service: part, ..GOOD }.refused_with(Error::MalformedScope, part);
    }
    let date = Date::parse("20150830").unwrap();
    assert_eq!(CredentialScope::without_region(date, "a/b"), Err(Error::MalformedScope));
}

#[test]
fn credentials() {
    for id in ["", "AK ID", "AKID\n", "AK/ID", "AK,ID", "É", "\0"] {
        Input { access_key_id: id, ..GOOD }.refused_with(Error::MalformedAccessKeyId, id);
    }
    for token in ["", "a b", "a\n", "\0", "é", "a\t"] {
        Input { session_token: Some(token), ..GOOD }.refused_with(Error::MalformedSessionToken, token);
    }
    Input { session_token: Some("a/b+c=="), ..GOOD }.accepted("base64");
}

#[test]
fn times() {
    let malformed = [
        "",
        "20150830",
        "20150830T123600",
        "2015-08-30T12:36:00Z",
        "20150830t123600Z",
        "20150830T123600z",
        "20150230T000000Z",
        "20151301T000000Z",
        "20150800T000000Z",
        "20150830T240000Z",
        "20150830T126000Z",
        "20150830T123660Z",
        "2015083０T12360",
        "+0150830T123600Z",
        "20150830T123600Z\n",
    ];
    for time in malformed {
        Input { time, ..GOOD }.refused_with(Error::MalformedTime, time);
        assert_eq!(Date::parse(time).is_ok(), time == "20150830", "{time}");
    }
    Input { time: "19691231T235959Z", ..GOOD }.refused_with(Error::TimeOutOfRange, "before 1970");
    assert_eq!(Timestamp::from_unix(253_402_300_800), Err(Error::TimeOutOfRange));
    assert_eq!(Timestamp::from_unix(u64::MAX), Err(Error::TimeOutOfRange));
    let last = Timestamp::from_unix(253_402_300_799).unwrap();
    assert_eq!(last.plus_seconds(1), Err(Error::TimeOutOfRange));
    assert_eq!(last.plus_seconds(u64::MAX), Err(Error::TimeOutOfRange));
    for time in ["20150831T000000Z", "20150829T235959Z"] {
        Input { time, ..GOOD }.refused_with(Error::KeyOfAnotherDay, time);
    }
}

#[test]
fn expiries() {
    for expires in [0, 604_801, u32::MAX] {
        assert_eq!(Input { expires, ..GOOD }.presign(), Err(Error::ExpiryOutOfRange), "{expires}");
    }
    for expires in [1, 604_800] {
        Input { expires, ..GOOD }.accepted("in range");
    }
}

#[test]
fn payload_hashes() {
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let (upper, long, short) = (digest.to_uppercase(), format!("{digest}0"), &digest[1..]);
    for payload in ["", "unsigned-payload", "UNSIGNED-PAYLOAD\n", "STREAMING", &upper, &long, short] {
        Input { payload, ..GOOD }.refused_with(Error::MalformedPayloadHash, payload);
    }
    assert_eq!(PayloadHash::parse(digest), Ok(PayloadHash::EMPTY));
}

#[test]
fn repeated_parameters() {
    for service in ["s3", "s3express", "s3-object-lambda", "s3-outposts"] {
        for target in ["/?a=1&a=2", "/?a&b&a", "/?a=1&%61=1", "/?a-=1&a=1&a-=2", "/?=&=", "/?a+b=1&a%20b=2"] {
            Input { target, service, ..GOOD }.refused_with(Error::RepeatedParameter, target);
        }
        Input { target: "/?a=1&A=1&a-=1&a%3D=1", service, ..GOOD }.accepted("names that differ");
    }
    Input { target: "/?a=1&a=2", ..GOOD }.accepted("off S3");

    let now = Timestamp::parse(GOOD.time).unwrap();
    let key = SigningKey::derive("secret", CredentialScope::new(now.date(), "auto", "s3").unwrap());
    let mut options = SigningOptions::DEFAULT;
    options.repeated_parameters = RepeatedParameters::Allowed;
    let request = Request::get("/?a=1&a=2", "store.example.com").protocol(Protocol::Http);
    assert!(Sigv4::new("AKID", &key).options(options).sign(&request, PayloadHash::EMPTY, now).is_ok());
}

#[test]
fn sixty_four_headers_and_parameters() {
    let names: Vec<String> = (0..300).map(|number| format!("x-amz-meta-{number}")).collect();
    let headers = |count| names.iter().take(count).map(|name| (name.as_str(), &b"v"[..])).collect::<Vec<_>>();
    let target = |count| format!("/?{}", names.iter().take(count).cloned().collect::<Vec<_>>().join("&"));
    Input { headers: headers(64), target: &target(64), ..GOOD }.accepted("64 of each");

    for count in [65, 300] {
        let (many_headers, target) = (Input { headers: headers(count), ..GOOD }, target(count));
        let many_parameters = Input { target: &target, ..GOOD };
        if cfg!(feature = "alloc") {
            many_headers.accepted("headers with alloc");
            many_parameters.accepted("parameters with alloc");
        } else {
            many_headers.refused_with(Error::TooManyHeaders, "headers");
            many_parameters.refused_with(Error::TooManyParameters, "parameters");
        }
    }
}

#[test]
fn how_far_indices_reach() {
    for (before, reached) in [(121, true), (122, cfg!(feature = "alloc"))] {
        let mut headers: Vec<_> = (0..before).map(|_| ("user-agent", &b"v"[..])).collect();
        headers.push(("x-amz-meta-a", b"v"));
        let input = Input { headers, ..GOOD };
        match reached {
            true => input.accepted("a header that an index reaches"),
            false => input.refused_with(Error::TooManyHeaders, "a header too far behind"),
        }
    }
    // `b` begins after `a=`, its value and `&`.
    for (length, reached) in [(65_532, true), (65_533, cfg!(feature = "alloc"))] {
        let target = format!("/?a={}&b=1", "v".repeat(length));
        let input = Input { target: &target, ..GOOD };
        match reached {
            true => input.accepted("a parameter that an index reaches"),
            false => input.refused_with(Error::TooManyParameters, "a parameter too far behind"),
        }
    }
    let target = format!("/?a={}", "v".repeat(70_000));
    Input { target: &target, ..GOOD }.accepted("one parameter of any length");
}

#[test]
fn what_is_not_signed_does_not_count() {
    let headers: Vec<_> = (0..200).map(|_| ("user-agent", &b"v"[..])).collect();
    Input { headers, ..GOOD }.accepted("200 headers that are not signed");
    let target = format!("/?{}a=b", "X-Amz-Signature=0&&".repeat(200));
    Input { target: &target, ..GOOD }.accepted("200 old signatures");
}

#[test]
fn errors_say_what_to_change_and_hold_no_secret() {
    let error = Input { access_key_id: "AK ID", ..GOOD }.sign().unwrap_err();
    assert_eq!(error.to_string(), error.as_str());
    assert!(!format!("{error} {error:?}").contains("AK ID"));
}
