//! Resolves hosts: `{"host": .., "path": ..}` lines in, `{"host": .., "signing_name": .., "region": ..}`
//! or `{"host": .., "error": ..}` lines out.

use std::io::{BufRead, Write};

use awsauth_core::endpoint::Endpoint;
use serde_json::{Value, json};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", answer(&serde_json::from_str(&line)?))?;
        }
    }
    out.flush()
}

fn answer(case: &Value) -> Value {
    let host = case["host"].as_str().unwrap_or_default();
    let path = case["path"].as_str().unwrap_or_default();
    let resolved = Endpoint::resolve(host, path)
        .and_then(|endpoint| Ok((endpoint.signing_name(), endpoint.region_name()?.to_owned())));
    match resolved {
        Ok((signing_name, region)) => json!({"host": host, "signing_name": signing_name, "region": region}),
        Err(error) => json!({"host": host, "error": format!("{error:?}: {error}")}),
    }
}
