//! Builds `awsauth-core/src/endpoint/table.rs` from facts about AWS's services.
//!
//! The facts are `signing_names.json` and `host_rules.json` of the folder with the vectors. What they
//! lack, AWS's documentation says: those few entries are listed here with the page.

use core::fmt::Write;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Labels of hosts that the facts do not list, or list wrongly, and where the signing name is documented.
const DOCUMENTED: &[(&str, &str)] = &[
    // "OpenSearch Service endpoints": dual-stack domains end in `aos.REGION.on.aws`.
    ("aos", "es"),
    // "AppSync endpoints and quotas": GraphQL and its real-time companion.
    ("appsync-api", "appsync"),
    ("appsync-realtime-api", "appsync"),
    // "Amazon Managed Service for Prometheus endpoints": the data plane.
    ("aps-workspaces", "aps"),
    // "CloudFront KeyValueStore": the host of the data plane.
    ("cloudfront-kvs", "cloudfront-keyvaluestore"),
    // "AWS Systems Manager endpoints": what its agent speaks to.
    ("ec2messages", "ec2messages"),
    ("ssmmessages", "ssmmessages"),
    // "Setup steps for HTTPS connections to AWS CodeCommit".
    ("git-codecommit", "codecommit"),
    // "AWS IoT Greengrass V1 endpoints": discovery and deployment of a core device.
    ("greengrass-ats.iot", "greengrass"),
    // "AWS IoT endpoints": an account's own host for jobs, `id.jobs.iot`.
    ("jobs.iot", "iot-jobs-data"),
    // "Managing function URLs": `id.lambda-url.REGION.on.aws`.
    ("lambda-url", "lambda"),
    // "Amazon Location Service endpoints"; version 1 shares the hosts, which its paths tell apart.
    ("maps.geo", "geo-maps"),
    ("places.geo", "geo-places"),
    ("routes.geo", "geo-routes"),
    // "Amazon Mechanical Turk endpoints": the sandbox.
    ("mturk-requester-sandbox", "mturk-requester"),
    // "Setting up a WebSocket stream" of Amazon Transcribe.
    ("transcribestreaming", "transcribe"),
    // "SIGv4 authenticated requests for Amazon VPC Lattice".
    ("vpc-lattice-svcs", "vpc-lattice-svcs"),
];

/// Labels that the facts list and that are no service, or whose rule is code.
const LEFT_OUT: &[&str] = &["importexport", "ramus-gov-east-1", "ramus-gov-west-1", "us-gov"];

/// Global endpoints of the commercial partition, by the services' own pages of the *General Reference*.
const DOCUMENTED_GLOBAL: &[&str] = &["autoscaling", "ec2", "elasticmapreduce"];

/// Domains of customers' own endpoints (function URLs, OpenSearch, Aurora DSQL, VPC Lattice).
const CUSTOMER_DOMAINS: &[(&str, &str)] = &[("on.amazonwebservices.com.cn", "aws-cn"), ("on.aws", "aws")];

/// Where the vectors are: the folder in `AWSAUTH_VECTORS`, else `../shared/vectors` beside the project.
pub fn vectors_folder() -> PathBuf {
    std::env::var_os("AWSAUTH_VECTORS").map_or_else(|| project().join("../shared/vectors"), PathBuf::from)
}

/// The checked-in table.
pub fn table_path() -> PathBuf {
    project().join("awsauth-core/src/endpoint/table.rs")
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of the table, from the facts in `folder`.
///
/// # Errors
///
/// A text that names the file that is missing or not of the shape that `vectors/README.md` gives.
pub fn generate(folder: &Path) -> Result<String, String> {
    let names = read(&folder.join("signing_names.json"))?;
    let rules = read(&folder.join("host_rules.json"))?;
    let globals = Globals::read(&rules)?;
    let services = services(&names, &rules, &globals)?;
    render(&services, &globals, &rules)
}

fn read(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

/// Host label -> signing name, with nothing in it that the label behind its first dot says already.
fn services(names: &Value, rules: &Value, globals: &Globals) -> Result<BTreeMap<String, String>, String> {
    let mut services = BTreeMap::new();
    for (prefix, signing_names) in object(names, "by_prefix")? {
        services.insert(prefix.clone(), text(&signing_names[0])?);
    }
    // A host with `api.` may go without it, as most dual-stack hosts do: `api.ecr`, `ecr`.
    for (prefix, name) in services.clone() {
        if let Some(bare) = prefix.strip_prefix("api.") {
            services.entry(bare.to_owned()).or_insert(name);
        }
    }
    // Operations with a host of their own: `sync-` before `states`, `data.` before `iotsitewise`.
    for service in names["services"].as_array().ok_or("signing_names.json: no `services`")? {
        let (label, name) = (text(&service["endpointPrefix"])?, text(&service["signingName"])?);
        for prefix in service["hostPrefixes"].as_array().into_iter().flatten() {
            let prefix = text(prefix)?;
            if !prefix.contains('{') {
                services.entry(format!("{prefix}{label}")).or_insert_with(|| name.clone());
            }
        }
    }
    for (label, name) in object(rules, "host_label_overrides")? {
        if !LEFT_OUT.contains(&label.as_str()) {
            services.insert(label.clone(), text(name)?);
        }
    }
    services.extend(DOCUMENTED.iter().map(|(label, name)| (label.to_string(), name.to_string())));

    let all = services.clone();
    services.retain(|label, name| {
        let behind = label.match_indices('.').find_map(|(dot, _)| all.get(&label[dot + 1..]));
        globals.services.contains(label) || behind != Some(name)
    });
    Ok(services)
}

/// Services with an endpoint that names no region.
struct Globals {
    services: BTreeSet<String>,
    /// Label, domain, region: where that is not the partition's default.
    regions: Vec<(String, String, String)>,
}

impl Globals {
    fn read(rules: &Value) -> Result<Self, String> {
        let mut globals = Self { services: BTreeSet::new(), regions: Vec::new() };
        for (key, region) in object(rules, "global_regions")? {
            let (label, domain) = key.split_once('|').ok_or_else(|| format!("global_regions: {key}"))?;
            let region = text(region)?;
            if region == "*" || LEFT_OUT.contains(&label) && label != "importexport" {
                continue; // a region set is a rule in code
            }
            globals.services.insert(label.to_owned());
            if rules["suffixes"][domain][0][1] != region.as_str() {
                globals.regions.push((label.to_owned(), domain.to_owned(), region));
            }
        }
        globals.services.extend(DOCUMENTED_GLOBAL.iter().map(ToString::to_string));
        globals.regions.sort();
        Ok(globals)
    }
}

fn render(services: &BTreeMap<String, String>, globals: &Globals, rules: &Value) -> Result<String, String> {
    let mut domains: Vec<(String, String)> =
        CUSTOMER_DOMAINS.iter().map(|(d, p)| (d.to_string(), variant(p))).collect();
    let mut defaults = BTreeMap::new();
    for (domain, partitions) in object(rules, "suffixes")? {
        domains.push((domain.clone(), variant(&text(&partitions[0][0])?)));
        for partition in partitions.as_array().into_iter().flatten() {
            defaults.insert(variant(&text(&partition[0])?), text(&partition[1])?);
        }
    }
    domains.sort();

    let entries = services.iter().map(|(label, name)| match label == name {
        true => label.clone(),
        false => format!("{label}={name}"),
    });
    let pair = |(text, partition): &(String, String)| format!("    ({text:?}, Partition::{partition}),\n");

    let mut out = String::from(
        "//! Written by conformance/src/bin/generate-endpoint-table.rs: change that, and run it again.\n\n\
         use super::partition::Partition;\n\n",
    );
    let mut item = |doc: &str, head: &str, body: String| {
        let _ = writeln!(out, "/// {doc}\npub(super) static {head} = {body};\n");
    };
    item(
        "The region that a partition's global services sign for.",
        "DEFAULT_REGIONS: &[(Partition, &str)]",
        slice(
            defaults.iter().map(|(partition, region)| format!("    (Partition::{partition}, {region:?}),\n")),
        ),
    );
    item(
        "Domains of hosts, and the first partition that has them.",
        "DOMAINS: &[(&str, Partition)]",
        slice(domains.iter().map(pair)),
    );
    item(
        "Labels of hosts that name no region.",
        "GLOBAL: &[&str]",
        slice(globals.services.iter().map(|label| format!("    {label:?},\n"))),
    );
    item(
        "Label and domain of hosts that name no region, and do not sign for the partition's default.",
        "GLOBAL_REGIONS: &[(&str, &str, &str)]",
        slice(globals.regions.iter().map(|(l, d, r)| format!("    ({l:?}, {d:?}, {r:?}),\n"))),
    );
    item(
        "Host label, or `label=signing name` where they differ; sorted by label, which is ASCII.",
        "SERVICES: &str",
        paragraph(entries),
    );
    Ok(out.trim_end().to_owned() + "\n")
}

fn slice(rows: impl Iterator<Item = String>) -> String {
    format!("&[\n{}]", rows.collect::<String>())
}

/// A string literal of entries with a space between them, in lines of at most 108 characters.
fn paragraph(entries: impl Iterator<Item = String>) -> String {
    let mut out = String::from("\"\\\n");
    let mut width = 0;
    for (i, entry) in entries.enumerate() {
        if width + entry.len() > 105 {
            out.push_str(" \\\n");
            width = 0;
        } else if i > 0 {
            out.push(' ');
        }
        width += entry.len() + 1;
        out.push_str(&entry);
    }
    out + "\""
}

/// `aws-iso-b` -> `AwsIsoB`
fn variant(partition: &str) -> String {
    let mut start = true;
    partition
        .chars()
        .filter_map(|c| {
            let upper = core::mem::replace(&mut start, c == '-');
            (c != '-').then(|| if upper { c.to_ascii_uppercase() } else { c })
        })
        .collect()
}

fn object<'a>(value: &'a Value, key: &str) -> Result<&'a serde_json::Map<String, Value>, String> {
    value[key].as_object().ok_or_else(|| format!("no object `{key}`"))
}

fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("not a text: {value}"))
}
