use ureq::http::header::HOST;
use ureq::http::{HeaderMap, HeaderValue, Uri};

/// Sets the `host` of a URL with capitals, and tells whether it did: ureq sends these as they are written, and what is
/// signed is in lower case, as servers read it.
pub(crate) fn set_lower_case(headers: &mut HeaderMap, uri: &Uri) -> bool {
    let Some(host) = uri.host().filter(|host| host.bytes().any(|byte| byte.is_ascii_uppercase())) else {
        return false;
    };
    if headers.contains_key(HOST) {
        return false;
    }
    let host = host.to_ascii_lowercase();
    let host = match (uri.port_u16(), uri.scheme_str()) {
        (None, _) | (Some(80), Some("http")) | (Some(443), Some("https")) => host,
        (Some(port), _) => format!("{host}:{port}"),
    };
    HeaderValue::try_from(host).is_ok_and(|host| headers.try_insert(HOST, host).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_it_is_signed() {
        for (url, expected) in [
            ("http://MinIO:9000/b", Some("minio:9000")),
            ("http://MinIO:80/b", Some("minio")),
            ("https://MinIO:443/b", Some("minio")),
            ("https://MinIO:80/b", Some("minio:80")),
            ("http://User@MinIO/b", Some("minio")),
            ("http://[2001:DB8::1]:9000/b", Some("[2001:db8::1]:9000")),
            ("http://minio:9000/b", None),
        ] {
            let mut headers = HeaderMap::new();
            assert_eq!(set_lower_case(&mut headers, &Uri::from_static(url)), expected.is_some(), "{url}");
            assert_eq!(headers.get(HOST).map(|host| host.to_str().unwrap()), expected, "{url}");
            // The caller's own stays.
            let mut own = HeaderMap::from_iter([(HOST, HeaderValue::from_static("own"))]);
            assert!(!set_lower_case(&mut own, &Uri::from_static(url)));
        }
    }
}
