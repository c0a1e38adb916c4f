//! The canonical query string, and parameters as every scheme reads them.

use super::encoding::{refuse_controls, uri_decode, uri_encode};
use super::{Plus, Refusal, RepeatedParameters, Request, Settings};

/// A decoded name and value.
pub(super) type Parameter = (Vec<u8>, Vec<u8>);

/// What a signature of SigV4 or SigV4A puts into a query; an old one is dropped before a new one is made.
const AUTHENTICATION: [&str; 10] = [
    "X-Amz-Algorithm",
    "X-Amz-Content-Sha256",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Region-Set",
    "X-Amz-S3session-Token",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// The request's parameters and those of the signature: encoded, sorted by encoded name and then by encoded
/// value, a name without a value as `name=`.
pub(super) fn canonical_query_string(
    request: &Request,
    added: &[(&str, String)],
    settings: &Settings,
) -> Result<String, Refusal> {
    let mut encoded = encoded_parameters(request, added, settings)?;
    encoded.sort();
    Ok(join(&encoded))
}

/// The same as they are sent: sorted by name alone. To the caller the order of the values of one name may mean something.
pub(super) fn wire_query(
    request: &Request,
    added: &[(&str, String)],
    settings: &Settings,
) -> Result<String, Refusal> {
    let mut encoded = encoded_parameters(request, added, settings)?;
    encoded.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(join(&encoded))
}

fn encoded_parameters(
    request: &Request,
    added: &[(&str, String)],
    settings: &Settings,
) -> Result<Vec<(String, String)>, Refusal> {
    let mut parameters = parameters(&request.query, settings.plus)?;
    parameters.retain(|(name, _)| !AUTHENTICATION.iter().any(|old| old.as_bytes() == name));
    if settings.repeated_parameters == RepeatedParameters::Refuse && has_repeated_name(&parameters) {
        return Err(Refusal::RepeatedParameter);
    }
    let own = added.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()));
    parameters.extend(own);
    Ok(parameters.iter().map(|(name, value)| (uri_encode(name), uri_encode(value))).collect())
}

/// Splits at `&` and at the first `=`, drops empty pieces, decodes.
pub(super) fn parameters(query: &[u8], plus: Plus) -> Result<Vec<Parameter>, Refusal> {
    refuse_controls(query)?;
    query
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = halves.next().unwrap_or_default();
            let value = halves.next().unwrap_or_default();
            Ok((uri_decode(name, plus)?, uri_decode(value, plus)?))
        })
        .collect()
}

/// `name=value` joined by `&`.
pub(super) fn join(encoded: &[(String, String)]) -> String {
    let pairs: Vec<String> = encoded.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn has_repeated_name(parameters: &[Parameter]) -> bool {
    let mut names: Vec<&[u8]> = parameters.iter().map(|(name, _)| name.as_slice()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair.first() == pair.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str, service: &str) -> Result<String, Refusal> {
        let request = Request { query: text.into(), ..Request::default() };
        canonical_query_string(&request, &[], &Settings::for_service(service))
    }

    #[test]
    fn reads_a_plus_as_a_space() {
        assert_eq!(query("a=b+c&d=%2b", "sqs").unwrap(), "a=b%20c&d=%2B");
        let request = Request { query: b"a=b+c".to_vec(), ..Request::default() };
        let settings = Settings { plus: Plus::Literal, ..Settings::for_service("sqs") };
        assert_eq!(canonical_query_string(&request, &[], &settings).unwrap(), "a=b%2Bc");
    }

    #[test]
    fn drops_empty_pairs_and_completes_bare_keys() {
        assert_eq!(query("&&acl&=v&a=", "s3").unwrap(), "=v&a=&acl=");
    }

    #[test]
    fn sorts_pairs_not_joined_text() {
        assert_eq!(query("select-type=2&select=", "s3").unwrap(), "select=&select-type=2");
        assert_eq!(query("A=1&%C3=2&a=b&a=a", "sqs").unwrap(), "%C3=2&A=1&a=a&a=b");
    }

    #[test]
    fn sends_the_values_of_one_name_as_they_came() {
        let request = Request { query: b"step=resize&b=1&step=crop".to_vec(), ..Request::default() };
        let wire = wire_query(&request, &[], &Settings::for_service("sqs"));
        assert_eq!(wire.unwrap(), "b=1&step=resize&step=crop");
        assert_eq!(query("step=resize&b=1&step=crop", "sqs").unwrap(), "b=1&step=crop&step=resize");
    }

    #[test]
    fn refuses_a_repeated_parameter_of_s3() {
        assert_eq!(query("a=1&%61=2", "s3"), Err(Refusal::RepeatedParameter));
        assert_eq!(query("a=1&a=2", "sqs").unwrap(), "a=1&a=2");
    }

    #[test]
    fn drops_old_authentication() {
        let old = "X-Amz-Signature=0&X-Amz-Date=20130524T000000Z&X-Amz-Meta=1";
        assert_eq!(query(old, "s3").unwrap(), "X-Amz-Meta=1");
    }

    #[test]
    fn refuses_malformed_queries() {
        assert_eq!(query("a=%zz", "sqs"), Err(Refusal::BadPercentEscape));
        assert_eq!(query("a=\r\n", "sqs"), Err(Refusal::ControlCharacter));
        assert_eq!(query("a=%0D%0A", "sqs").unwrap(), "a=%0D%0A");
    }
}
