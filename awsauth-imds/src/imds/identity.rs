use awsauth_credentials::ErrorKind;
use serde::Deserialize;

use super::error::ImdsError;
use crate::region::is_region;
use crate::text;

/// The [instance identity document](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html):
/// the instance's IDs, type and place.
///
/// To verify its signature, take [`as_json`](Self::as_json), and get `/latest/dynamic/instance-identity/rsa2048` with
/// [`Imds::get`](crate::Imds::get).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceIdentity {
    json: String,
    fields: Fields,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    account_id: String,
    architecture: Option<String>,
    availability_zone: Option<String>,
    image_id: Option<String>,
    instance_id: String,
    instance_type: Option<String>,
    private_ip: Option<String>,
    region: String,
}

impl InstanceIdentity {
    pub(super) fn parse(json: String) -> Result<Self, ImdsError> {
        match serde_json::from_str::<Fields>(&json) {
            Ok(fields) if fields.are_names() => Ok(Self { json, fields }),
            _ => {
                let what = text::describe_body(json.as_bytes());
                Err(ImdsError::new(
                    ErrorKind::Malformed,
                    format!("got {what} instead of an identity document"),
                ))
            }
        }
    }

    /// Returns the whole document, byte for byte as it was signed.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// Returns the account that launched the instance: 12 digits.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.fields.account_id
    }

    /// Returns the processor architecture, such as `x86_64` or `arm64`.
    #[must_use]
    pub fn architecture(&self) -> Option<&str> {
        self.fields.architecture.as_deref()
    }

    /// Returns the Availability Zone, such as `eu-central-1a`.
    #[must_use]
    pub fn availability_zone(&self) -> Option<&str> {
        self.fields.availability_zone.as_deref()
    }

    /// Returns the ID of the AMI, such as `ami-5fb8c835`.
    #[must_use]
    pub fn image_id(&self) -> Option<&str> {
        self.fields.image_id.as_deref()
    }

    /// Returns the ID of the instance, such as `i-1234567890abcdef0`.
    #[must_use]
    pub fn instance_id(&self) -> &str {
        &self.fields.instance_id
    }

    /// Returns the type of the instance, such as `t4g.micro`.
    #[must_use]
    pub fn instance_type(&self) -> Option<&str> {
        self.fields.instance_type.as_deref()
    }

    /// Returns the primary private IPv4 address.
    #[must_use]
    pub fn private_ip(&self) -> Option<&str> {
        self.fields.private_ip.as_deref()
    }

    /// Returns the region, such as `eu-central-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.fields.region
    }
}

impl Fields {
    /// Whether all of them are safe in names of hosts and resources, and in logs.
    fn are_names(&self) -> bool {
        let Self { account_id, instance_id, region, .. } = self;
        let Self { architecture, availability_zone, image_id, instance_type, private_ip, .. } = self;
        let optional = [architecture, availability_zone, image_id, instance_type, private_ip];
        let mut all = [account_id, instance_id].into_iter().chain(optional.into_iter().flatten());
        is_region(region)
            && all.all(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()))
    }
}

/// A region ends up in host names.
pub(super) fn read_region(text: &str) -> Result<String, ImdsError> {
    let region = text.trim();
    if is_region(region) {
        return Ok(region.to_owned());
    }
    let what = crate::text::describe_body(text.as_bytes());
    Err(ImdsError::new(ErrorKind::Malformed, format!("got {what} instead of a region")))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of "Retrieve the instance identity document for an EC2 instance", shortened.
    const EXAMPLE: &str = r#"{
    "devpayProductCodes" : null,
    "marketplaceProductCodes" : [ "1abc2defghijklm3nopqrs4tu" ],
    "availabilityZone" : "us-west-2b",
    "privateIp" : "10.158.112.84",
    "version" : "2017-09-30",
    "instanceId" : "i-1234567890abcdef0",
    "instanceType" : "t2.micro",
    "accountId" : "123456789012",
    "imageId" : "ami-5fb8c835",
    "pendingTime" : "2016-11-19T16:32:11Z",
    "architecture" : "x86_64",
    "kernelId" : null,
    "region" : "us-west-2"
}"#;

    #[test]
    fn the_example_of_the_user_guide() {
        let identity = InstanceIdentity::parse(EXAMPLE.to_owned()).unwrap();
        assert_eq!(identity.as_json(), EXAMPLE);
        assert_eq!(identity.account_id(), "123456789012");
        assert_eq!(identity.architecture(), Some("x86_64"));
        assert_eq!(identity.availability_zone(), Some("us-west-2b"));
        assert_eq!(identity.image_id(), Some("ami-5fb8c835"));
        assert_eq!(identity.instance_id(), "i-1234567890abcdef0");
        assert_eq!(identity.instance_type(), Some("t2.micro"));
        assert_eq!(identity.private_ip(), Some("10.158.112.84"));
        assert_eq!(identity.region(), "us-west-2");
    }

    #[test]
    fn what_is_no_identity_document_and_no_region() {
        for text in ["", "<html>", "{}", "{\"region\":\"us-west-2\"", "[]"] {
            assert_eq!(
                InstanceIdentity::parse(text.to_owned()).unwrap_err().kind(),
                ErrorKind::Malformed,
                "{text}"
            );
            assert_eq!(read_region(text).unwrap_err().kind(), ErrorKind::Malformed, "{text}");
        }
        assert_eq!(read_region("us-gov-west-1\n").unwrap(), "us-gov-west-1");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (good, bad) in [
            ("123456789012", "1234\u{7f}56"),
            ("123456789012", ""),
            ("t2.micro", "t2 micro"),
            ("\"us-west-2\"", "\"us-west-2/\""),
        ] {
            let error = InstanceIdentity::parse(EXAMPLE.replace(good, bad)).unwrap_err();
            assert!(error.to_string().contains("instead of an identity document"), "{error}");
        }
    }
}
