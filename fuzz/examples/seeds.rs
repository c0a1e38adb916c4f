//! Writes the first inputs of each target to a folder, by default `fuzz/corpus`: the project's own vectors, the published
//! ones where they exist, and a few documents of each kind.

use std::path::{Path, PathBuf};
use std::{fs, io};

use awsauth_conformance::vectors::{self, Case, Scheme};
use awsauth_core::sha256;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/vectors/own.jsonl");

const CREDENTIALS: &str = r#"{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"secret",
"Token":"token","Expiration":"2030-01-31T23:59:59Z","AccountId":"123456789012"}"#;
const IDENTITY: &str = r#"{"accountId":"123456789012","architecture":"arm64","availabilityZone":"eu-central-1a",
"imageId":"ami-1","instanceId":"i-1","instanceType":"t4g.nano","privateIp":"10.0.0.1","region":"eu-central-1"}"#;
const ASSUMED: &str = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>\
<SessionToken>token</SessionToken><Expiration>2030-01-31T23:59:59Z</Expiration></Credentials>\
<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/demo/s</Arn></AssumedRoleUser>\
</AssumeRoleResult></AssumeRoleResponse>";
const REFUSED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
<Message>no</Message></Error></ErrorResponse>";
const CONFIG: &str = "[default]\nregion = eu-central-1 # Frankfurt\n[profile dev]\nrole_arn = arn:aws:iam::1:role/a\n\
source_profile = default\ns3 =\n  addressing_style = path\n; comment\n[sso-session x]\nsso_region=us-east-1\n";
const SECRETS: &str = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key=abc#d/e\n\n[dev]\naws_session_token =t\n";

/// What is done to signed requests, by `awsauth_fuzz::tampering::Edit`'s place and what it holds.
const EDITS: [&[(u32, &[u8])]; 16] = [
    &[],
    &[(2, &[])],
    &[(4, &[])],
    &[(5, &[])],
    &[(3, &[]), (4, &[])],
    &[(9, &[0, 8])],
    &[(9, &[1, 3])],
    &[(6, &[3, 0])],
    &[(7, &[4, 0])],
    &[(10, &[6])],
    &[(11, &[1])],
    &[(12, &[0, 3]), (18, &[])],
    &[(12, &[9, 8]), (19, &[1, 0])],
    &[(13, &[1])],
    &[(16, &[2]), (20, &[9, 0])],
    &[(0, &[]), (1, &[]), (17, &[])],
];

fn main() -> io::Result<()> {
    let seeds = Seeds(std::env::args_os().nth(1).map_or_else(|| CORPUS.into(), PathBuf::from));
    let mut cases = vectors::read(Path::new(OWN))?.unwrap_or_default();
    cases.extend(vectors::published()?.unwrap_or_default());
    cases.extend(vectors::sample()?.unwrap_or_default());
    for case in cases.iter().filter(|case: &&Case| matches!(case.scheme, Scheme::V4 | Scheme::V4Query)) {
        let signing = signing(case);
        let target = if case.scheme == Scheme::V4 { "header_signature" } else { "presigned_url" };
        for target in [target, "wire_form", "verbatim", "sign_then_verify"] {
            seeds.write(target, &signing)?;
        }
        seeds.write("flipped_bit", &[&[0, 1, 2][..], &signing].concat())?;
    }
    for case in &cases {
        let scheme = match case.scheme {
            Scheme::S3 => 2,
            Scheme::S3Query => 1,
            Scheme::V2Query => 3,
            Scheme::V2Post => 4,
            _ => continue,
        };
        seeds.write(
            "older_schemes",
            &tampered(scheme, u8::from(case.session_token.is_some()), &message(case)),
        )?;
    }
    for scheme in 0..5 {
        for message in [
            "PUT\0b.s3.amazonaws.com\0/k?partNumber=1&uploadId=X\0content-type:text/plain\0x-amz-meta-a:1\0\0",
            "GET\0s3.amazonaws.com\0/b/k%2Fl?acl&versionId=1&prefix=p\0\0",
            "POST\0sdb.amazonaws.com\0/\0content-type:application/x-www-form-urlencoded\0\0Action=List&a=b",
        ] {
            for seed in 0..28 {
                seeds.write("older_schemes", &tampered(scheme, seed, message.as_bytes()))?;
            }
        }
    }
    for message in [
        "PUT\0bucket.s3.eu-central-1.amazonaws.com\0/telemetry/42\0content-type:text/plain\0x-amz-meta-a:1 2\0\021.5",
        "GET\0s3.eu-central-1.amazonaws.com:9000\0/b/?list-type=2&prefix=a%2Fb\0accept:*/*\0x-b:\0\0",
    ] {
        let choices = [&variant(0, 2)[..], &variant(0, 2), &variant(1, 4), &[0, 1, 1, 0, 1, 0]].concat();
        seeds.write("verbatim", &[&choices, message.as_bytes()].concat())?;
    }
    for (index, edits) in EDITS.iter().enumerate() {
        for body in 0..6 {
            for choices in [[0, 0, 0, 0], [1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 1, 1]] {
                let service = variant(u32::from(index % 3 == 2), 2);
                let mut input = [&service[..], &variant(body, 6), &choices].concat();
                for n in 0..3 {
                    let (edit, fields) = edits.get(n).copied().unwrap_or((0, &[]));
                    input.extend([&variant(edit, 22), fields].concat());
                }
                input.extend(
                    b"other.example.com\0GET\0x-amz-acl:public-read\0\
                    PUT\0bucket.example.com\0/a/b%20c?x-id=Put&x=1&y=2%2B\0\
                    content-type:text/plain\0x-amz-meta-a:1  2\0range:bytes=0-9\0\0a body of a few chunks in all",
                );
                seeds.write("meaning", &input)?;
            }
        }
    }
    for kind in 0..3 {
        let kind = variant(kind, 3);
        let body = b"x-amz-checksum-crc32\0sOO8/Q==\0x-amz-meta-b\0two\0a body in a few chunks";
        seeds.write("chunks", &[&kind[..], &[8], &[0, 0, 5, 0, 20, 0, 40, 0], body].concat())?;
        for wire in [
            "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:sOO8/Q==\r\n\r\n".to_owned(),
            format!("3;chunk-signature={0:064}\r\nabc\r\n0;chunk-signature={0:064}\r\n\r\n", 0),
        ] {
            seeds.write(
                "chunk_framing",
                &[&kind[..], &[3, 0], &[0, 0, 2, 0, 4, 0, 6, 0], wire.as_bytes()].concat(),
            )?;
        }
    }
    for host in [
        "bucket.s3.eu-west-1.amazonaws.com\0/key",
        "s3-us-west-2.amazonaws.com",
        "sqs.us-east-1.amazonaws.com",
        "b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
        "abc.execute-api.cn-north-1.amazonaws.com.cn",
        "a1-ats.iot.eu-central-1.amazonaws.com\0/mqtt",
        "bedrock-runtime.us-gov-west-1.api.aws",
        "vpce-1-2.s3.us-east-1.vpce.amazonaws.com",
        "search-x.us-east-1.es.amazonaws.com",
        "iam.amazonaws.com",
        "lambda.dualstack.us-iso-east-1.c2s.ic.gov",
    ] {
        seeds.write("endpoint", host.as_bytes())?;
    }
    for (goal, responses) in [
        (0, vec!["2token".to_owned(), "2role".into(), format!("2{CREDENTIALS}")]),
        (
            0,
            vec![
                "2token".to_owned(),
                "4".into(),
                "2role".into(),
                "1".into(),
                "2token".into(),
                format!("2{CREDENTIALS}"),
            ],
        ),
        (0, vec!["3".to_owned()]),
        (0, vec!["T".to_owned(), "B".into(), "5".into(), "2<html>".into()]),
        (1, vec!["2token".to_owned(), "2eu-central-1".into()]),
        (2, vec!["2token".to_owned(), format!("2{IDENTITY}")]),
        (3, vec![format!("2{CREDENTIALS}")]),
        (3, vec![r#"4{"code":"NoSuchRole","message":"none"}"#.to_owned()]),
        (4, vec![format!("2{ASSUMED}")]),
        (4, vec![format!("3{REFUSED}")]),
    ] {
        seeds.write("imds", &[&variant(goal, 5)[..], &[0], responses.join("\0").as_bytes()].concat())?;
    }
    seeds.write("profiles", format!("{CONFIG}\0{SECRETS}").as_bytes())?;
    seeds.write("profiles", format!("\0{SECRETS}").as_bytes())?;
    let header = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/s3/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={:064}",
        0
    );
    seeds.write(
        "authorization",
        &[&[0, 1, 1, 0, 1][..], format!("AKIDEXAMPLE\0us-east-1\0s3\0{header}").as_bytes()].concat(),
    )
}

/// A case of the vectors, as `awsauth_fuzz::Signing` reads it.
fn signing(case: &Case) -> Vec<u8> {
    let options = &case.options;
    let mut input = Vec::new();
    input.extend(variant(u32::from(case.service != "s3"), 2));
    match (options.double_encode, options.normalize) {
        (Some(double_encode), Some(normalize)) => {
            input.extend(variant(1, 2));
            input.extend([u8::from(double_encode), u8::from(normalize)]);
        }
        _ => input.extend(variant(0, 2)),
    }
    let token = match (&case.session_token, options.omit_session_token, options.s3express) {
        (None, ..) => 0,
        (_, true, _) => 2,
        (_, _, true) => 3,
        _ => 1,
    };
    input.extend(variant(token, 4));
    let unsigned = options.payload.as_deref() == Some("unsigned");
    let scheme = case.url.split_once("://").map_or("https", |(scheme, _)| scheme);
    let choices = [unsigned, options.sha256_header, true, false, true, scheme == "http"];
    input.extend(choices.map(u8::from));
    input.extend(message(case));
    input
}

/// A request of a scheme before Signature Version 4, as `awsauth_fuzz::Tampered` reads it; each seed with other changes.
fn tampered(scheme: u32, seed: u8, message: &[u8]) -> Vec<u8> {
    let mut input = variant(scheme, 5).to_vec();
    input.extend([seed % 2, 0]);
    for (at, change) in [seed, seed.wrapping_mul(5), seed.wrapping_mul(11)].into_iter().enumerate() {
        input.extend(variant(u32::from(change % 14), 14));
        input.extend([change.wrapping_mul(3), 0, seed.wrapping_mul(3).wrapping_add(at as u8)]);
    }
    [&input, message].concat()
}

/// A case of the vectors, as `awsauth_fuzz::Message` reads it.
fn message(case: &Case) -> Vec<u8> {
    let mut input = Vec::new();
    let (_, rest) = case.url.split_once("://").unwrap_or(("", &case.url));
    let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    for piece in [case.method.as_str(), host, target] {
        input.extend([piece.as_bytes(), &[0]].concat());
    }
    for (name, value) in &case.headers {
        input.extend([name.as_bytes(), b":", value.as_bytes(), &[0]].concat());
    }
    input.push(0);
    input.extend(&case.body);
    input
}

/// What `arbitrary` reads as the variant of this index of an enum of so many.
fn variant(index: u32, of: u32) -> [u8; 4] {
    let first = (u64::from(index) << 32).div_ceil(u64::from(of));
    u32::try_from(first).unwrap_or_default().to_le_bytes()
}

/// The folder of the corpora, one a target.
struct Seeds(PathBuf);

impl Seeds {
    fn write(&self, target: &str, input: &[u8]) -> io::Result<()> {
        let folder = self.0.join(target);
        fs::create_dir_all(&folder)?;
        let name: String = sha256(input).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        fs::write(folder.join(format!("seed-{name}")), input)
    }
}
