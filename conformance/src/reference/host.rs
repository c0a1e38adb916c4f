//! The value of `host` that is signed.

use super::encoding::refuse_controls;
use super::headers::trim;
use super::{Refusal, Request};

/// The `Host` header, else the authority without user information: lower-case, without the scheme's own port.
pub(super) fn canonical_host(request: &Request) -> Result<String, Refusal> {
    let mut given = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let host = match (given.next(), given.next()) {
        (None, _) => request.authority.rsplit('@').next().unwrap_or_default().to_owned(),
        (Some((_, value)), None) => {
            refuse_controls(trim(value))?;
            String::from_utf8(trim(value).to_vec()).map_err(|_| Refusal::BadAuthority)?
        }
        (Some(_), Some(_)) => return Err(Refusal::RepeatedHost),
    };
    let (name, port) = split_port(&host)?;
    let default_port = match request.scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => "",
    };
    let name = name.to_ascii_lowercase();
    if port.is_empty() || port == default_port { Ok(name) } else { Ok(format!("{name}:{port}")) }
}

/// Splits `name:port`; an IPv6 address keeps its brackets.
fn split_port(host: &str) -> Result<(&str, &str), Refusal> {
    let name_end = match host.strip_prefix('[') {
        Some(address) => address.find(']').ok_or(Refusal::BadAuthority)? + 2,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, rest) = host.split_at(name_end);
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let is_name = if name.starts_with('[') { is_ipv6(name) } else { is_reg_name(name) };
    if is_name && port.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok((name, port))
    } else {
        Err(Refusal::BadAuthority)
    }
}

fn is_ipv6(name: &str) -> bool {
    let address = name.trim_start_matches('[').trim_end_matches(']');
    !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
}

fn is_reg_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#@\\[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_of(url: &str) -> Result<String, Refusal> {
        canonical_host(&Request::from_url("GET", url)?)
    }

    #[test]
    fn drops_the_schemes_own_port_only() {
        assert_eq!(host_of("https://EXAMPLE.com:443/").unwrap(), "example.com");
        assert_eq!(host_of("https://example.com:80/").unwrap(), "example.com:80");
        assert_eq!(host_of("http://example.com:80/").unwrap(), "example.com");
        assert_eq!(host_of("http://u:p@example.com:8080/").unwrap(), "example.com:8080");
        assert_eq!(host_of("https://[FD00:ec2::23]:443/").unwrap(), "[fd00:ec2::23]");
        assert_eq!(host_of("https://example.com:/").unwrap(), "example.com");
    }

    #[test]
    fn refuses_what_is_no_host() {
        for url in
            ["https://", "https:///a", "https://:443/", "https://a:b/", "https://[::1/", "https://a b/"]
        {
            assert_eq!(host_of(url), Err(Refusal::BadAuthority), "{url}");
        }
    }

    #[test]
    fn refuses_two_hosts() {
        let mut request = Request::from_url("GET", "https://example.com/").unwrap();
        request.headers = vec![("Host".into(), b"a".to_vec()), ("host".into(), b"a".to_vec())];
        assert_eq!(canonical_host(&request), Err(Refusal::RepeatedHost));
    }
}
