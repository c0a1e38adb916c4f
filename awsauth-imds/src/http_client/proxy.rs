//! Which proxy the environment names for a public endpoint: by the rules of AWS's SDKs, not by those of an HTTP client,
//! and the same for every driver.

use core::net::IpAddr;

use awsauth_credentials::Environment;
use http::Uri;

use super::error::{HttpError, HttpErrorKind};

/// The URL of the proxy for this URL.
///
/// As botocore: `https_proxy`, `HTTPS_PROXY` for https; `http_proxy`, `HTTP_PROXY` for http, the latter not where a
/// web server may have made it from a request's header. Then `all_proxy`, `ALL_PROXY`, as the SDK for Rust.
pub(super) fn of(environment: &Environment, url: &Uri) -> Result<Option<String>, HttpError> {
    let is_https = url.scheme() == Some(&http::uri::Scheme::HTTPS);
    let is_cgi = environment.var("REQUEST_METHOD").is_some();
    let names: &[&str] = match (is_https, is_cgi) {
        (true, _) => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        (false, false) => &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
        (false, true) => &["http_proxy", "all_proxy", "ALL_PROXY"],
    };
    let Some(proxy) = names.iter().find_map(|name| environment.var(name)) else { return Ok(None) };
    let exceptions = environment.var("no_proxy").or_else(|| environment.var("NO_PROXY")).unwrap_or_default();
    let host = url.host().unwrap_or_default();
    let port = url.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    if exceptions.split(',').any(|entry| matches_exception(entry.trim(), host, port)) {
        return Ok(None);
    }
    let proxy = if proxy.contains("://") { proxy } else { format!("http://{proxy}") };
    match proxy.parse::<Uri>() {
        Ok(parsed) if parsed.host().is_some_and(|host| !host.is_empty()) => match parsed.scheme_str() {
            Some("http" | "https") => Ok(Some(proxy)),
            _ => {
                let detail =
                    "the proxy that the environment names is not an http one; set an HttpClient of your own";
                Err(HttpError::new(HttpErrorKind::Unsupported, detail))
            }
        },
        _ => Err(malformed()),
    }
}

/// The error does not show the value, which can hold a password.
pub(super) fn malformed() -> HttpError {
    let detail = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY is not a URL such as http://proxy.example.com:3128";
    HttpError::new(HttpErrorKind::Unsupported, detail)
}

/// Whether an entry of `NO_PROXY` stands for this host: `*`, a name for itself and all below it, an address or a block of
/// them (`10.0.0.0/8`), each but the last with a port or without.
fn matches_exception(entry: &str, host: &str, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    let address = bare(host).parse::<IpAddr>().ok();
    if let (Some((network, bits)), Some(address)) = (entry.split_once('/'), address) {
        return is_in_block(network, bits, address);
    }
    let name = match entry.rsplit_once(':') {
        // An IPv6 address has colons of its own.
        Some((name, digits)) if !name.contains(':') || name.ends_with(']') => {
            if digits.parse() != Ok(port) {
                return false;
            }
            name
        }
        _ => entry,
    };
    match address {
        Some(address) => bare(name).parse() == Ok(address),
        None => is_below(name.strip_prefix('*').unwrap_or(name).trim_start_matches('.'), host),
    }
}

/// Whether it is this name or ends with it, label by label.
fn is_below(name: &str, host: &str) -> bool {
    let Some(at) = host.len().checked_sub(name.len()) else { return false };
    let is_end = host.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(name));
    !name.is_empty() && is_end && (at == 0 || host.get(..at).is_some_and(|before| before.ends_with('.')))
}

fn is_in_block(network: &str, bits: &str, address: IpAddr) -> bool {
    let Ok(bits) = bits.parse::<u32>() else { return false };
    match (bare(network).parse(), address) {
        (Ok(IpAddr::V4(network)), IpAddr::V4(address)) if bits <= 32 => {
            let differing = u32::from(network) ^ u32::from(address);
            differing.checked_shr(32 - bits).unwrap_or_default() == 0
        }
        (Ok(IpAddr::V6(network)), IpAddr::V6(address)) if bits <= 128 => {
            let differing = u128::from(network) ^ u128::from(address);
            differing.checked_shr(128 - bits).unwrap_or_default() == 0
        }
        _ => false,
    }
}

fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STS: &str = "https://sts.eu-west-1.amazonaws.com/";
    const PLAIN: &str = "http://sts.eu-west-1.amazonaws.com/";
    const A: &str = "http://a:1";

    fn proxy(variables: &[(&str, &str)], url: &str) -> Result<Option<String>, HttpErrorKind> {
        let environment = Environment::from_vars(variables.iter().copied());
        of(&environment, &url.parse().unwrap()).map_err(|error| error.kind())
    }

    /// Each but those marked as botocore 1.44.8 has it.
    #[test]
    fn variables() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, Option<&'a str>);
        let cases: &[Case<'_>] = &[
            (&[], STS, None),
            (&[("HTTPS_PROXY", A)], STS, Some(A)),
            (&[("https_proxy", A)], STS, Some(A)),
            (&[("https_proxy", A), ("HTTPS_PROXY", "http://b:1")], STS, Some(A)),
            (&[("HTTPS_PROXY", "")], STS, None),
            (&[("HTTP_PROXY", A)], STS, None),
            (&[("HTTP_PROXY", A)], PLAIN, Some(A)),
            (&[("HTTPS_PROXY", A)], PLAIN, None),
            (&[("HTTP_PROXY", A), ("REQUEST_METHOD", "GET")], PLAIN, None),
            (&[("http_proxy", A), ("REQUEST_METHOD", "GET")], PLAIN, Some(A)),
            (&[("HTTPS_PROXY", "a:1")], STS, Some(A)),
            (&[("HTTPS_PROXY", "http://user:pass@a:1")], STS, Some("http://user:pass@a:1")),
            // As the SDK for Rust; botocore does not know it.
            (&[("ALL_PROXY", A)], STS, Some(A)),
            (&[("all_proxy", A)], PLAIN, Some(A)),
            (&[("ALL_PROXY", A), ("HTTPS_PROXY", "http://b:1")], STS, Some("http://b:1")),
        ];
        for (variables, url, expected) in cases {
            assert_eq!(proxy(variables, url), Ok(expected.map(str::to_owned)), "{variables:?} {url}");
        }
    }

    #[test]
    fn exceptions() {
        const OTHER_PORT: &str = "https://sts.eu-west-1.amazonaws.com:8443/";
        for (no_proxy, url, direct) in [
            ("", STS, false),
            (",", STS, false),
            ("*", STS, true),
            ("other.example.com", STS, false),
            ("amazonaws.com", STS, true),
            (".amazonaws.com", STS, true),
            ("AMAZONAWS.COM", STS, true),
            ("com", STS, true),
            ("aws.com", STS, false),
            ("other.example.com, sts.eu-west-1.amazonaws.com ", STS, true),
            ("sts.eu-west-1.amazonaws.com.evil.example.com", STS, false),
            ("amazonaws.com:8443", OTHER_PORT, true),
            ("amazonaws.com:8443", STS, false),
            ("127.0.0.1", "http://127.0.0.1:4566/", true),
            ("localhost", "http://127.0.0.1:4566/", false),
            ("10.0.0.1", "http://10.0.0.10/", false),
            ("[::1]", "http://[::1]:4566/", true),
            // As Go and the SDK for Rust; botocore does not know blocks, stars within names and default ports.
            ("127.0.0.0/8", "http://127.0.0.1:4566/", true),
            ("127.0.0.0/8", "http://128.0.0.1:4566/", false),
            ("0.0.0.0/0", "http://128.0.0.1/", true),
            ("10.1.2.3/32", "http://10.1.2.3/", true),
            ("10.1.2.3/33", "http://10.1.2.3/", false),
            ("10.1.2.3/x", "http://10.1.2.3/", false),
            ("fd00::/8", "http://[fd00:ec2::23]/", true),
            ("fd00::/8", "http://[fe80::1]/", false),
            ("::/0", "http://[fe80::1]/", true),
            ("::1", "http://[::1]:4566/", true),
            ("[::1]:4566", "http://[::1]:4566/", true),
            ("[::1]:1", "http://[::1]:4566/", false),
            ("*.amazonaws.com", STS, true),
            ("amazonaws.com:443", STS, true),
            // botocore takes a piece of an address for a name.
            ("0.1", "http://10.0.0.1/", false),
            ("10.0.0.0/8", STS, false),
            ("é", STS, false),
        ] {
            for name in ["NO_PROXY", "no_proxy"] {
                let variables = [("HTTPS_PROXY", A), ("HTTP_PROXY", A), (name, no_proxy)];
                let expected = if direct { None } else { Some(A.to_owned()) };
                assert_eq!(proxy(&variables, url), Ok(expected), "{no_proxy:?} {url}");
            }
        }
    }

    #[test]
    fn what_is_no_proxy_is_an_error_without_its_value() {
        for value in
            ["http://", "://", "http://user:hunter2@", "socks5://user:hunter2@a:1", "http://us er:hunter2@a"]
        {
            let environment = Environment::from_vars([("HTTPS_PROXY", value)]);
            let error = of(&environment, &STS.parse().unwrap()).unwrap_err();
            assert_eq!(error.kind(), HttpErrorKind::Unsupported, "{value}");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
