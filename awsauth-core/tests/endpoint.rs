//! Hosts by hand, a few for each rule, from AWS's documentation of each service.

#![allow(clippy::unwrap_used, reason = "a test")]

use awsauth_core::Scheme;
use awsauth_core::endpoint::EndpointError::{
    self, InvalidHost, RegionNotInHost, UnknownHost, UnknownService,
};
use awsauth_core::endpoint::{Endpoint, EndpointRegion, Partition, RegionName};

/// Host, signing name, region.
fn assert_resolve(cases: &[(&str, &str, &str)]) {
    for &(host, signing_name, region) in cases {
        let endpoint = Endpoint::resolve(host, "").unwrap_or_else(|e| panic!("{host}: {e:?}"));
        assert_eq!((endpoint.signing_name(), endpoint.region_name()), (signing_name, Ok(region)), "{host}");
    }
}

fn assert_fail(error: EndpointError, hosts: &[&str]) {
    for host in hosts {
        let result = Endpoint::resolve(host, "").and_then(|e| e.region_name().map(str::to_owned));
        assert_eq!(result, Err(error), "{host}");
    }
}

fn scheme(host: &str) -> Result<Scheme, EndpointError> {
    Endpoint::resolve(host, "").map(|endpoint| Scheme::for_endpoint(&endpoint))
}

#[test]
fn a_label_of_the_host_is_not_always_the_signing_name() {
    assert_resolve(&[
        ("sqs.eu-west-1.amazonaws.com", "sqs", "eu-west-1"),
        ("email.eu-west-1.amazonaws.com", "ses", "eu-west-1"),
        ("bedrock-runtime.us-west-2.amazonaws.com", "bedrock", "us-west-2"),
        ("monitoring.us-east-2.amazonaws.com", "monitoring", "us-east-2"),
        ("aps-workspaces.us-east-2.amazonaws.com", "aps", "us-east-2"),
        ("oidc.us-east-1.amazonaws.com", "sso-oauth", "us-east-1"),
        ("portal.sso.us-east-1.amazonaws.com", "awsssoportal", "us-east-1"),
        ("pinpoint.us-east-1.amazonaws.com", "mobiletargeting", "us-east-1"),
        ("api.tunneling.iot.us-east-1.amazonaws.com", "IoTSecuredTunneling", "us-east-1"),
    ]);
}

#[test]
fn what_stands_before_the_service_is_a_resource() {
    assert_resolve(&[
        ("123456789012.ddb.us-east-1.amazonaws.com", "dynamodb", "us-east-1"),
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com", "ecr", "us-east-1"),
        ("abcdef.data.mediastore.us-west-2.amazonaws.com", "mediastore", "us-west-2"),
        ("runtime.sagemaker.us-east-1.amazonaws.com", "sagemaker", "us-east-1"),
        ("sync-states.us-east-1.amazonaws.com", "states", "us-east-1"),
        ("api.iottwinmaker.us-east-1.amazonaws.com", "iottwinmaker", "us-east-1"),
        ("id.appsync-api.us-east-1.amazonaws.com", "appsync", "us-east-1"),
    ]);
}

#[test]
fn fips_dual_stack_and_vpc_endpoints_are_the_same_service() {
    assert_resolve(&[
        ("kms-fips.us-west-2.amazonaws.com", "kms", "us-west-2"),
        ("fips.eks.us-east-1.amazonaws.com", "eks", "us-east-1"),
        ("api-fips.sagemaker.us-east-1.amazonaws.com", "sagemaker", "us-east-1"),
        ("lambda.us-east-1.api.aws", "lambda", "us-east-1"),
        ("aos.us-east-1.api.aws", "es", "us-east-1"),
        ("efs-fips.us-gov-west-1.api.aws", "elasticfilesystem", "us-gov-west-1"),
        ("vpce-0a1b-2c3d.ec2.us-east-1.vpce.amazonaws.com", "ec2", "us-east-1"),
        ("vpce-0a1b-2c3d-us-east-1a.api.ecr.us-east-1.vpce.amazonaws.com", "ecr", "us-east-1"),
        ("vpce-0a1b-2c3d.execute-api.cn-north-1.vpce.amazonaws.com.cn", "execute-api", "cn-north-1"),
    ]);
}

#[test]
fn every_partition_has_its_domains() {
    for (host, region, partition) in [
        ("ec2.eu-west-1.amazonaws.com", "eu-west-1", Partition::Aws),
        ("ec2.us-gov-east-1.amazonaws.com", "us-gov-east-1", Partition::AwsUsGov),
        ("ec2.cn-north-1.amazonaws.com.cn", "cn-north-1", Partition::AwsCn),
        ("ec2.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1", Partition::AwsCn),
        ("ec2.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", Partition::AwsEusc),
        ("ec2.eusc-de-east-1.api.amazonwebservices.eu", "eusc-de-east-1", Partition::AwsEusc),
        ("ec2.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", Partition::AwsIso),
        ("ec2.us-iso-east-1.api.aws.ic.gov", "us-iso-east-1", Partition::AwsIso),
        ("ec2.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", Partition::AwsIsoB),
        ("ec2.us-isob-east-1.api.aws.scloud", "us-isob-east-1", Partition::AwsIsoB),
        ("ec2.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", Partition::AwsIsoE),
        ("ec2.eu-isoe-west-1.api.cloud-aws.adc-e.uk", "eu-isoe-west-1", Partition::AwsIsoE),
        ("ec2.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", Partition::AwsIsoF),
        ("ec2.us-isof-south-1.api.aws.hci.ic.gov", "us-isof-south-1", Partition::AwsIsoF),
    ] {
        let endpoint = Endpoint::resolve(host, "").unwrap();
        assert_eq!((endpoint.signing_name(), endpoint.region_name()), ("ec2", Ok(region)), "{host}");
        assert_eq!(endpoint.partition(), partition, "{host}");
    }
}

#[test]
fn case_port_and_root_dot_make_no_difference() {
    assert_resolve(&[
        ("SQS.EU-West-1.AmazonAWS.com", "sqs", "eu-west-1"),
        ("sqs.eu-west-1.amazonaws.com:8443", "sqs", "eu-west-1"),
        ("sqs.eu-west-1.amazonaws.com.", "sqs", "eu-west-1"),
        ("KMS-FIPS.US-EAST-1.AMAZONAWS.COM.:443", "kms", "us-east-1"),
    ]);
}

#[test]
fn s3_is_read_from_the_right() {
    assert_resolve(&[
        ("s3.us-west-2.amazonaws.com", "s3", "us-west-2"),
        ("bucket.s3.us-west-2.amazonaws.com", "s3", "us-west-2"),
        ("us-west-2.s3.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
        ("us-west-2.s3.amazonaws.com", "s3", "us-east-1"),
        ("ec2.us-west-2.s3.amazonaws.com", "s3", "us-east-1"),
        ("s3.us-west-2.s3.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
        ("s3-eu-west-1.s3.amazonaws.com", "s3", "us-east-1"),
        ("a.b.c.s3.dualstack.eu-west-1.amazonaws.com", "s3", "eu-west-1"),
        ("bucket.s3-fips.dualstack.us-gov-west-1.amazonaws.com", "s3", "us-gov-west-1"),
        ("bucket.s3-eu-west-1.amazonaws.com", "s3", "eu-west-1"),
        ("s3-fips-us-gov-west-1.amazonaws.com", "s3", "us-gov-west-1"),
        ("s3-external-1.amazonaws.com", "s3", "us-east-1"),
        ("bucket.s3.cn-north-1.amazonaws.com.cn", "s3", "cn-north-1"),
        ("bucket.vpce-0a1b-2c3d.s3.us-east-1.vpce.amazonaws.com", "s3", "us-east-1"),
    ]);
    assert_fail(RegionNotInHost, &["s3.amazonaws.com.cn", "s3.c2s.ic.gov"]);
}

#[test]
fn access_points_and_the_rest_of_the_s3_family() {
    assert_resolve(&[
        ("ap-123456789012.s3-accesspoint.us-west-2.amazonaws.com", "s3", "us-west-2"),
        ("ap-123456789012.s3-accesspoint-fips.dualstack.us-east-1.amazonaws.com", "s3", "us-east-1"),
        ("123456789012.s3-control.us-west-2.amazonaws.com", "s3", "us-west-2"),
        ("ol-123456789012.s3-object-lambda.us-west-2.amazonaws.com", "s3-object-lambda", "us-west-2"),
        ("ap-123456789012.op-01ac.s3-outposts.us-west-2.amazonaws.com", "s3-outposts", "us-west-2"),
        ("s3tables.us-west-2.amazonaws.com", "s3tables", "us-west-2"),
        ("s3vectors.us-west-2.api.aws", "s3vectors", "us-west-2"),
        ("b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com", "s3express", "us-west-2"),
        (
            "b--use1-az4--x-s3.s3express-fips-use1-az4.dualstack.us-east-1.amazonaws.com",
            "s3express",
            "us-east-1",
        ),
        ("s3express-control.us-west-2.amazonaws.com", "s3express", "us-west-2"),
    ]);
    assert_fail(
        RegionNotInHost,
        &["b.s3-accelerate.amazonaws.com", "b.s3-accelerate.dualstack.amazonaws.com"],
    );

    let accelerated = Endpoint::resolve("bucket.s3-accelerate.amazonaws.com", "").unwrap();
    assert_eq!((accelerated.signing_name(), accelerated.region()), ("s3", &EndpointRegion::NotInHost));
}

#[test]
fn hosts_of_customers() {
    assert_resolve(&[
        ("a1b2c3.execute-api.us-east-1.amazonaws.com", "execute-api", "us-east-1"),
        ("participant.connect.us-east-1.amazonaws.com", "execute-api", "us-east-1"),
        ("abcdef.lambda-url.eu-west-1.on.aws", "lambda", "eu-west-1"),
        ("abcdef.dsql.us-east-1.on.aws", "dsql", "us-east-1"),
        ("svc-0a1b.7d67968.vpc-lattice-svcs.us-west-2.on.aws", "vpc-lattice-svcs", "us-west-2"),
        ("search-logs-xyz.us-east-1.es.amazonaws.com", "es", "us-east-1"),
        ("search-logs-xyz.aos.us-east-1.on.aws", "es", "us-east-1"),
        ("a1b2c3.us-east-1.aoss.amazonaws.com", "aoss", "us-east-1"),
        ("doc-films-xyz.us-east-1.cloudsearch.amazonaws.com", "cloudsearch", "us-east-1"),
        ("db.cluster-xyz.us-east-1.neptune.amazonaws.com:8182", "neptune-db", "us-east-1"),
        ("db.xyz.us-east-1.rds.amazonaws.com:5432", "rds-db", "us-east-1"),
        ("us-west-2.queue.amazonaws.com", "sqs", "us-west-2"),
        ("fips-us-east-1.queue.amazonaws.com", "sqs", "us-east-1"),
    ]);
}

#[test]
fn a_few_services_are_told_by_the_path() {
    for (host, path, signing_name) in [
        ("a1b2c3-ats.iot.us-east-1.amazonaws.com", "/topics/a", "iotdata"),
        ("a1b2c3-ats.iot.us-east-1.amazonaws.com", "/mqtt", "iotdevicegateway"),
        ("data-ats.iot.us-east-1.amazonaws.com", "/mqtt", "iotdevicegateway"),
        ("data.iot.us-east-1.amazonaws.com", "/mqtt", "iotdevicegateway"),
        ("data.iot-fips.us-gov-west-1.amazonaws.com", "/mqtt", "iotdevicegateway"),
        ("a1b2c3-ats.iot.us-east-1.amazonaws.com:443", "/mqtt", "iotdevicegateway"),
        ("a1b2c3.ats.iot.cn-north-1.amazonaws.com.cn", "/mqtt", "iotdevicegateway"),
        ("data.ats.iot.cn-north-1.amazonaws.com.cn", "/mqtt", "iotdevicegateway"),
        ("a1b2c3.iot.us-east-1.amazonaws.com", "/mqtt/x", "iotdata"),
        ("iot.us-east-1.amazonaws.com", "/things", "iot"),
        ("a1b2c3.jobs.iot.us-east-1.amazonaws.com", "/things/a/jobs", "iot-jobs-data"),
        ("greengrass-ats.iot.us-east-1.amazonaws.com", "/greengrass/discover", "greengrass"),
        ("maps.geo.us-east-1.amazonaws.com", "/v2/tiles/a/1/2/3", "geo-maps"),
        ("maps.geo.us-east-1.amazonaws.com", "/maps/v0/maps/a/tiles/1/2/3", "geo"),
        ("cp.maps.geo.us-east-1.amazonaws.com", "/maps/v0/maps", "geo"),
        ("transcribestreaming.us-east-1.amazonaws.com:8443", "/stream-transcription-websocket", "transcribe"),
    ] {
        let endpoint = Endpoint::resolve(host, path).unwrap_or_else(|e| panic!("{host}{path}: {e:?}"));
        assert_eq!(endpoint.signing_name(), signing_name, "{host}{path}");
    }
    assert_fail(UnknownService, &["a1b2c3.credentials.iot.us-east-1.amazonaws.com"]);
}

#[test]
fn global_services_sign_for_the_region_of_their_partition() {
    assert_resolve(&[
        ("iam.amazonaws.com", "iam", "us-east-1"),
        ("iam.global.api.aws", "iam", "us-east-1"),
        ("iam.cn-north-1.amazonaws.com.cn", "iam", "cn-north-1"),
        ("iam.amazonaws.com.cn", "iam", "cn-north-1"),
        ("iam.us-gov.amazonaws.com", "iam", "us-gov-west-1"),
        ("sts.amazonaws.com", "sts", "us-east-1"),
        ("route53.amazonaws.com", "route53", "us-east-1"),
        ("route53.amazonaws.com.cn", "route53", "cn-northwest-1"),
        ("route53.us-gov.api.aws", "route53", "us-gov-west-1"),
        ("global.health.amazonaws.com", "health", "us-east-1"),
        ("global.health.us-gov.amazonaws.com", "health", "us-gov-west-1"),
        ("partnercentral-channel-fips.global.api.aws", "partnercentral-channel", "us-east-1"),
        ("ec2.amazonaws.com", "ec2", "us-east-1"),
        ("us-gov-west-1.signin-fips.amazonaws-us-gov.com", "signin", "us-gov-west-1"),
        ("eu-west-1.signin.aws.amazon.com", "signin", "eu-west-1"),
        ("api.sustainability.eu-south-1.api.aws", "sustainability", "us-east-1"),
    ]);
    let partition = |host| Endpoint::resolve(host, "").unwrap().partition();
    assert_eq!(partition("iam.us-gov.amazonaws.com"), Partition::AwsUsGov);
    assert_eq!(partition("iam.amazonaws.com"), Partition::Aws);
    assert_fail(RegionNotInHost, &["sns.amazonaws.com", "lambda.api.aws"]);
}

#[test]
fn the_scheme_is_sigv4_wherever_that_works() {
    for host in [
        "s3.eu-west-1.amazonaws.com",
        "s3.amazonaws.com",
        "sts.amazonaws.com",
        "email.us-east-1.amazonaws.com",
    ] {
        assert_eq!(scheme(host), Ok(Scheme::Sigv4), "{host}");
    }
    for host in ["sdb.amazonaws.com", "sdb.eu-west-1.amazonaws.com", "importexport.amazonaws.com"] {
        assert_eq!(scheme(host), Ok(Scheme::Sigv2), "{host}");
    }
    for (host, signing_name) in [
        ("mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com", "s3"),
        ("123456789012.cloudfront-kvs.global.api.aws", "cloudfront-keyvaluestore"),
        ("abc123.456def.endpoint.events.amazonaws.com", "events"),
    ] {
        assert_eq!(scheme(host), Ok(Scheme::Sigv4a), "{host}");
        let endpoint = Endpoint::resolve(host, "").unwrap();
        assert_eq!((endpoint.signing_name(), endpoint.region()), (signing_name, &EndpointRegion::Set("*")));
    }
    for host in ["b.s3-website-us-east-1.amazonaws.com", "b.s3-website.eu-central-1.amazonaws.com"] {
        assert_eq!(scheme(host), Ok(Scheme::Anonymous), "{host}");
    }
}

#[test]
fn nothing_is_guessed() {
    assert_fail(
        UnknownHost,
        &[
            "example.com",
            "localhost:9000",
            "127.0.0.1",
            "[::1]:9000",
            "files.example.com",
            "s3.eu-west-1.amazonaws.com.example.com",
            "s3.eu-west-1.notamazonaws.com",
            "s3.eu-west-1.amazonaws-fips.com",
            "s3.eu-west-1.amazonaws.fips.com",
            "d111111abcdef8.cloudfront.net",
        ],
    );
    assert_fail(
        UnknownService,
        &[
            "amazonaws.com",
            "us-east-1.amazonaws.com",
            "ec2.us-east-1.signin.aws.amazon.com",
            "nosuchservice.us-east-1.amazonaws.com",
            "s3-nosuch.us-east-1.amazonaws.com",
            "my-lb-1234567890.us-east-1.elb.amazonaws.com",
            "ec2-203-0-113-1.us-west-2.compute.amazonaws.com",
            "cluster.xyz.us-east-1.redshift.amazonaws.com",
        ],
    );
    assert_fail(
        InvalidHost,
        &[
            "",
            ".",
            "s3..amazonaws.com",
            ".s3.amazonaws.com",
            "user@s3.amazonaws.com",
            "user:secret@s3.amazonaws.com",
            "https://s3.amazonaws.com",
            "s3.amazonaws.com/key",
            "s3.amazonaws.com:https",
            "s3.amazonaws.com:80:80",
            "s3 .amazonaws.com",
            "s\u{e9}.amazonaws.com",
        ],
    );
    let long = format!("{}s3.us-east-1.amazonaws.com", "a.".repeat(120));
    assert_fail(InvalidHost, &[&long, &format!("{}.s3.amazonaws.com", "a".repeat(64))]);
}

#[test]
fn the_region_of_an_unknown_service_can_be_read() {
    let region = |host| RegionName::in_host(host).map(|name| name.to_string());
    assert_eq!(region("nosuchservice.EU-West-1.amazonaws.com").as_deref(), Some("eu-west-1"));
    assert_eq!(region("vpce-1.nosuch.us-east-1.vpce.amazonaws.com").as_deref(), Some("us-east-1"));
    assert_eq!(region("my-lb-1.us-east-1.elb.amazonaws.com").as_deref(), Some("us-east-1"));
    assert_eq!(region("id.fips-us-gov-west-1.nosuch.amazonaws.com").as_deref(), Some("us-gov-west-1"));
    assert_eq!(region("iam.amazonaws.com"), None);
    assert_eq!(region("us-west-2.s3.amazonaws.com"), None, "a bucket");
    assert_eq!(region("sqs.eu-west-1.example.com"), None);
}

#[test]
fn the_label_of_an_unknown_service_can_be_shown() {
    for (host, label) in [
        ("nosuchservice.us-east-1.amazonaws.com", Some("nosuchservice")),
        ("NoSuch.EU-West-1.amazonaws.com.:8443", Some("NoSuch")),
        ("id.nosuch-fips.dualstack.us-gov-west-1.amazonaws.com", Some("nosuch-fips")),
        ("vpce-1.nosuch.us-east-1.vpce.amazonaws.com", Some("nosuch")),
        ("my-lb-1.us-east-1.elb.amazonaws.com", Some("elb")),
        ("nosuch.amazonaws.com.cn", Some("nosuch")),
        ("nosuch.global.api.aws", Some("nosuch")),
        ("us-east-1.us-west-2.amazonaws.com", Some("us-east-1")),
        ("us-east-1.amazonaws.com", None),
        ("amazonaws.com", None),
        ("nosuch.example.com", None),
        ("no\u{1b}such.amazonaws.com", None),
        ("user@nosuch.amazonaws.com", None),
    ] {
        assert_eq!(Endpoint::service_label(host), label, "{host}");
    }
}

#[test]
fn every_signing_name_that_a_host_stands_for_is_known() {
    for host in [
        "email.us-east-1.amazonaws.com",
        "b.s3.us-east-1.amazonaws.com",
        "b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
        "id.us-east-1.aoss.amazonaws.com",
        "db.hash.us-east-1.rds.amazonaws.com",
        "importexport.amazonaws.com",
        "us-east-1.signin.aws.amazon.com",
        "id-ats.iot.us-east-1.amazonaws.com",
        "xray.us-east-1.amazonaws.com",
        "id.execute-api.us-east-1.amazonaws.com",
    ] {
        let endpoint = Endpoint::resolve(host, "").unwrap();
        assert!(Endpoint::is_signing_name(endpoint.signing_name()), "{host}");
    }
    for name in ["iotdevicegateway", "geo", "kafka-cluster", "ses", "IngestionService", "s3-outposts"] {
        assert!(Endpoint::is_signing_name(name), "{name}");
    }
    for name in ["", "myapp", "email", "ec2 ecr", "ec2=", "EC2", "monitoring-x", "notes"] {
        assert!(!Endpoint::is_signing_name(name), "{name}");
    }
}

#[test]
fn errors_name_the_setters() {
    assert!(
        UnknownHost.to_string().contains(".service(..)") && UnknownHost.to_string().contains(".region(..)")
    );
    assert!(RegionNotInHost.to_string().contains(".region(..)"));
    assert!(UnknownService.to_string().contains(".service(..)"));
}
