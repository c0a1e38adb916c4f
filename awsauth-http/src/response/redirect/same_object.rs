//! What a URL of AWS's S3 stands for, whichever of S3's hosts it names.

use awsauth_core::{Endpoint, Partition, Scheme};

use super::address::Address;

/// An object or a bucket, with the query of the request.
#[derive(PartialEq, Eq)]
struct Place {
    partition: Partition,
    /// The zone of an Express bucket.
    zone: Option<String>,
    bucket: String,
    key: String,
    query: Vec<String>,
}

/// Whether both are URLs of S3 for the same object. `region` is the one to sign for at the new address.
pub(super) fn is_same(from: &Address<'_>, to: &Address<'_>, region: Option<&str>) -> bool {
    let (Some((here, is_fips)), Some((mut there, stays_fips))) = (Place::of(from), Place::of(to)) else {
        return false;
    };
    // S3's temporary redirects add this parameter.
    if here.query.iter().all(|pair| !pair.starts_with("rk="))
        && there.query.last().is_some_and(|pair| is_key(pair))
    {
        there.query.pop();
    }
    // Clients resolve dot segments, and some clients even escaped ones.
    let dots = here.key.split('/').any(|segment| matches!(segment, "." | ".."));
    here == there
        && (stays_fips || !is_fips)
        && (!dots || from.target == to.target)
        && is_region_of(&to.host, region)
}

/// Whether the host may be in this region.
fn is_region_of(host: &str, region: Option<&str>) -> bool {
    let host = host.to_ascii_lowercase();
    let endpoint = Endpoint::resolve(&host, "");
    let named = endpoint.as_ref().ok().and_then(|endpoint| endpoint.region_name().ok());
    match (named, region) {
        (Some(named), Some(region)) => named == region || !host.contains(named),
        _ => true,
    }
}

/// `rk=e2c69a31`.
fn is_key(pair: &str) -> bool {
    pair.strip_prefix("rk=").is_some_and(|key| {
        (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

impl Place {
    /// The place, and whether the host is a FIPS one. `None` for hosts that are not those of buckets: access points, websites
    /// and VPC endpoints.
    fn of(address: &Address<'_>) -> Option<(Self, bool)> {
        let host = address.host.to_ascii_lowercase();
        let (name, port) = host.split_once(':').unwrap_or((&host, ""));
        let own_port = if address.protocol == "https" { "443" } else { "80" };
        let endpoint = Endpoint::resolve(name, "").ok()?;
        let is_s3 = matches!(endpoint.signing_name(), "s3" | "s3express")
            && Scheme::for_endpoint(&endpoint) == Scheme::Sigv4;
        if !is_s3 || !(port.is_empty() || port == own_port) {
            return None;
        }
        let labels: Vec<&str> = name.split('.').collect();
        let service = labels.iter().rposition(|label| label.starts_with("s3"))?;
        let (before, behind) = labels.split_at_checked(service)?;
        let label = *behind.first()?;
        let other = ["s3-accesspoint", "s3-control"].iter().any(|other| label.starts_with(other));
        if other || behind.contains(&"vpce") {
            return None;
        }
        let (path, query) = address.target.split_once('?').unwrap_or((&address.target, ""));
        let path = normal(path, false);
        let (bucket, key) = match before {
            [] => {
                let path = path.strip_prefix('/')?;
                let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
                (bucket.to_owned(), format!("/{key}"))
            }
            labels => (labels.join("."), if path.is_empty() { "/".to_owned() } else { path }),
        };
        let place = Self {
            partition: endpoint.partition(),
            zone: label.starts_with("s3express").then(|| label.to_owned()),
            bucket: Some(bucket).filter(|bucket| !bucket.is_empty())?,
            key,
            query: query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect(),
        };
        Some((place, label.contains("fips")))
    }
}

fn pair(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    format!("{}={}", normal(name, true), normal(value, true))
}

/// One way of writing what is meant. A bare plus stays apart from an escaped one, and in a path a slash does.
fn normal(text: &str, data: bool) -> String {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut rest = text.as_bytes();
    let mut normal = String::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        rest = tail.get(if escaped.is_some() { 2 } else { 0 }..).unwrap_or_default();
        let byte = escaped.unwrap_or(*first);
        let bare = escaped.is_none() && (matches!(byte, b'+' | b'%') || byte == b'/' && !data);
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => normal.push(byte.into()),
            _ if bare => normal.push(byte.into()),
            _ => normal.push_str(&format!("%{byte:02X}")),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::super::tests::redirect;

    /// Where it leads by `Location`, with a region beside it or not.
    fn is_followed(from: &str, to: &'static str, region: Option<&'static str>) -> bool {
        let mut headers = vec![("location", to)];
        headers.extend(region.map(|region| ("x-amz-bucket-region", region)));
        redirect(from, 307, &headers, "").is_some_and(|redirect| redirect.is_same_object())
    }

    #[test]
    fn the_same_object_may_have_many_urls() {
        for (from, to) in [
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k"),
            ("https://B.S3.amazonaws.com/k", "https://b.s3-eu-west-1.amazonaws.com:443/k"),
            ("https://b.s3.amazonaws.com", "https://b.s3.eu-west-1.amazonaws.com/"),
            ("https://s3.amazonaws.com/b/k", "https://b.s3.eu-west-1.amazonaws.com/k"),
            ("https://s3.amazonaws.com/b", "https://b.s3.eu-west-1.amazonaws.com/"),
            ("https://b.s3.amazonaws.com/", "https://s3.eu-west-1.amazonaws.com/b"),
            ("https://s3.amazonaws.com/b/k", "https://s3.eu-west-1.amazonaws.com/b/k"),
            ("https://a.b.s3.amazonaws.com/k", "https://a.b.s3.dualstack.eu-west-1.amazonaws.com/k"),
            ("https://b.s3-accelerate.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k"),
            (
                "https://b.s3.amazonaws.com/a%2fb%7e?x=%7e&acl",
                "https://b.s3.eu-west-1.amazonaws.com/a%2Fb~?x=~&acl=",
            ),
            ("https://b.s3.amazonaws.com/k=v?x=1/2", "https://b.s3.eu-west-1.amazonaws.com/k%3Dv?x=1%2F2"),
            // AWS: "Making requests using redirection and request routing".
            ("https://b.s3.amazonaws.com/k", "https://b.s3-us-west-2.amazonaws.com/k?rk=e2c69a31"),
            ("https://b.s3.amazonaws.com/k?x=1", "https://b.s3-us-west-2.amazonaws.com/k?x=1&rk=e2c69a31"),
            ("http://b.s3.amazonaws.com/k", "http://b.s3.eu-west-1.amazonaws.com/k"),
            ("http://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.cn-north-1.amazonaws.com.cn/k", "https://b.s3.cn-northwest-1.amazonaws.com.cn/k"),
            ("https://b.s3-fips.us-east-1.amazonaws.com/k", "https://b.s3-fips.us-west-2.amazonaws.com/k"),
        ] {
            assert!(is_followed(from, to, None), "{from} {to}");
        }
    }

    #[test]
    fn everything_else_is_returned_to_the_caller() {
        for (from, to) in [
            // From or to what is none of S3's.
            ("https://files.example.com/b/k", "https://s3.eu-west-1.amazonaws.com/b/k"),
            ("http://127.0.0.1:9000/b/k", "https://s3.eu-west-1.amazonaws.com/b/k"),
            ("https://sqs.eu-west-1.amazonaws.com/b/k", "https://s3.eu-west-1.amazonaws.com/b/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com.evil.example/k"),
            ("https://b.s3.amazonaws.com/k", "https://sqs.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com:8443/k"),
            ("https://b.s3.amazonaws.com:8443/k", "https://b.s3.eu-west-1.amazonaws.com/k"),
            // To plain text.
            ("https://b.s3.amazonaws.com/k", "http://b.s3.eu-west-1.amazonaws.com/k"),
            // To another partition, bucket, key, query.
            ("https://b.s3.amazonaws.com/k", "https://b.s3.cn-north-1.amazonaws.com.cn/k"),
            ("https://b.s3.us-gov-west-1.amazonaws.com/k", "https://b.s3.us-east-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://c.s3.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://s3.eu-west-1.amazonaws.com/c/k"),
            ("https://b.s3.amazonaws.com/k", "https://s3.eu-west-1.amazonaws.com/k"),
            ("https://s3.amazonaws.com/b/k", "https://c.s3.eu-west-1.amazonaws.com/k"),
            ("https://a.b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/a/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/other"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k/"),
            ("https://b.s3.amazonaws.com/K", "https://b.s3.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/a+b", "https://b.s3.eu-west-1.amazonaws.com/a%2Bb"),
            ("https://b.s3.amazonaws.com/a%2Fb", "https://b.s3.eu-west-1.amazonaws.com/a/b"),
            ("https://b.s3.amazonaws.com/a/%2E%2E/k", "https://b.s3.eu-west-1.amazonaws.com/a/../k"),
            ("https://b.s3.amazonaws.com/k?x=1", "https://b.s3.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k?acl"),
            ("https://b.s3.amazonaws.com/k?x=1&y=2", "https://b.s3.eu-west-1.amazonaws.com/k?y=2&x=1"),
            ("https://b.s3.amazonaws.com/k?x=a+b", "https://b.s3.eu-west-1.amazonaws.com/k?x=a%2Bb"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k?rk=1&rk=2"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k?rk=a%26acl"),
            // Of another kind.
            ("https://b.s3.amazonaws.com/k", "https://b.s3-accesspoint.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3-control.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3-object-lambda.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.s3-website.eu-west-1.amazonaws.com/k"),
            ("https://b.s3.amazonaws.com/k", "https://b.bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com/k"),
            (
                "https://b.s3express-usw2-az1.us-west-2.amazonaws.com/k",
                "https://b.s3express-use1-az4.us-east-1.amazonaws.com/k",
            ),
            ("https://b.s3-fips.us-east-1.amazonaws.com/k", "https://b.s3.us-west-2.amazonaws.com/k"),
            ("https://s3.amazonaws.com/", "https://s3.eu-west-1.amazonaws.com/"),
        ] {
            assert!(!is_followed(from, to, None), "{from} {to}");
        }
    }

    /// In the ways other than `Location` in which S3 names a place.
    #[test]
    fn regions_and_endpoints_lead_to_the_same_object() {
        let endpoint =
            |host: &str| format!("<Error><Code>PermanentRedirect</Code><Endpoint>{host}</Endpoint></Error>");
        let region = |region: &str| {
            format!("<Error><Code>AuthorizationHeaderMalformed</Code><Region>{region}</Region></Error>")
        };
        for (from, status, body, same) in [
            ("https://b.s3.amazonaws.com/k?x=1", 301, endpoint("b.s3-eu-west-1.amazonaws.com"), true),
            ("https://b.s3.amazonaws.com/k?x=1", 308, endpoint("b.s3-eu-west-1.amazonaws.com"), true),
            ("https://s3.amazonaws.com/b/k?x=1", 301, endpoint("b.s3-eu-west-1.amazonaws.com"), true),
            ("https://s3.amazonaws.com/b/k?x=1", 301, endpoint("s3.eu-west-1.amazonaws.com"), true),
            ("https://s3.amazonaws.com/b/k?x=1", 301, endpoint("c.s3-eu-west-1.amazonaws.com"), false),
            ("http://127.0.0.1:9000/b/k", 301, endpoint("s3.eu-west-1.amazonaws.com"), false),
            ("https://b.s3.amazonaws.com/k", 400, region("eu-west-1"), true),
            ("https://b.s3.us-west-2.amazonaws.com/k", 400, region("eu-west-1"), true),
            ("https://b.s3.us-west-2.amazonaws.com/k", 400, region("cn-north-1"), false),
            ("https://b.s3-accelerate.amazonaws.com/k", 400, region("eu-west-1"), true),
            ("https://files.example.com/b/k", 400, region("eu-west-1"), false),
        ] {
            let followed =
                redirect(from, status, &[], &body).is_some_and(|redirect| redirect.is_same_object());
            assert_eq!(followed, same, "{from} {body}");
        }
    }

    #[test]
    fn the_region_is_that_of_the_host() {
        let (from, to) = ("https://b.s3.amazonaws.com/k", "https://b.s3.eu-west-1.amazonaws.com/k");
        assert!(is_followed(from, to, Some("eu-west-1")));
        assert!(!is_followed(from, to, Some("us-west-2")));
        assert!(is_followed(
            "https://b.s3.eu-west-1.amazonaws.com/k",
            "https://b.s3.amazonaws.com/k",
            Some("us-west-2")
        ));
    }
}
