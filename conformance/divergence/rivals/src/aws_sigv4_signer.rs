//! `aws-sigv4`, the signer of AWS's own SDK, with the settings of its S3 and other clients.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign as sign_request,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use awsauth_conformance::divergence::{ACCESS_KEY_ID, Case, REGION, SECRET_ACCESS_KEY, TIME};
use awsauth_core::Timestamp;

use crate::Sent;

pub(crate) fn sign(case: &Case) -> Result<Sent, String> {
    let mut settings = SigningSettings::default();
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    if case.service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let now = Timestamp::parse(TIME).map_err(|error| error.to_string())?;
    let identity: Identity = Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None).into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(&case.service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(now.unix_seconds()))
        .settings(settings)
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let given = case.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request = SignableRequest::new(&case.method, &case.url, given, SignableBody::Bytes(b""))
        .map_err(|error| error.to_string())?;
    let (instructions, _) = sign_request(request, &params).map_err(|error| error.to_string())?.into_parts();
    let (added, _) = instructions.into_parts();
    let (_, host, target) = case.url_parts();
    let mut headers: Vec<_> =
        case.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
    headers.extend(added.iter().map(|header| (header.name().to_owned(), header.value().as_bytes().to_vec())));
    let slash = if target.starts_with('/') { "" } else { "/" };
    Ok(Sent { host: host.to_owned(), target: format!("{slash}{target}"), headers, time: TIME.to_owned() })
}
