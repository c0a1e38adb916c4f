//! The table of ratios, and the goals it is held to.
//!
//! `ratios [rounds]`: 300 rounds, if not told otherwise. It fails if a contender signs differently.

use std::process::ExitCode;

use awsauth_benches::case::groups;
use awsauth_benches::contender::{Contender, field};
use awsauth_benches::rounds::{Measured, measure};

#[global_allocator]
static ALLOCATOR: awsauth_benches::allocations::Counting = awsauth_benches::allocations::Counting;

const BATCH: usize = 50;

fn main() -> ExitCode {
    let rounds = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 300,
        Some(Ok(rounds)) if rounds > 0 => rounds,
        Some(_) => {
            eprintln!("usage: ratios [rounds]");
            return ExitCode::FAILURE;
        }
    };
    let mut table = Table::default();
    let mut notes: Vec<(&str, &str)> = Vec::new();
    println!("group rival ns ns_min allocs ratio_to_awsauth ratio_to_floor");
    for group in groups() {
        let mut field = match field(&group) {
            Ok(field) => field,
            Err(disagreement) => {
                eprintln!("error: {disagreement}");
                return ExitCode::FAILURE;
            }
        };
        let measured = measure(&mut field, rounds, BATCH);
        for (contender, measured) in field.iter().zip(measured) {
            if !notes.iter().any(|(name, _)| *name == contender.name()) {
                notes.push((contender.name(), contender.note()));
            }
            table.rows.push(Row::new(group.name, contender.as_ref(), measured));
        }
        table.print(group.name);
    }
    println!();
    for (name, note) in notes {
        println!("# {name}: {note}");
    }
    println!("# ns: median over {rounds} rounds of {BATCH} jobs; ns_min: the fastest round");
    println!("# ratio_to_floor: to floor-cached for awsauth-cached, to floor for all that derive the key");
    println!();
    table.hold_to_goals();
    ExitCode::SUCCESS
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
}

struct Row {
    group: &'static str,
    name: &'static str,
    derives: bool,
    measured: Measured,
}

impl Row {
    fn new(group: &'static str, contender: &dyn Contender, measured: Measured) -> Self {
        Self { group, name: contender.name(), derives: contender.derives(), measured }
    }
}

impl Table {
    fn print(&self, group: &str) {
        for row in self.rows.iter().filter(|row| row.group == group) {
            let Measured { median, minimum, allocations } = row.measured;
            let floor = if row.derives { "floor" } else { "floor-cached" };
            println!(
                "{group} {} {median:.0} {minimum:.0} {allocations} {:.2} {:.2}",
                row.name,
                median / self.median(group, "awsauth"),
                median / self.median(group, floor),
            );
        }
    }

    fn hold_to_goals(&self) {
        for group in ["sqs-get", "s3-put", "query-40"] {
            self.at_most(group, "awsauth-cached", "floor-cached", 1.6);
            self.at_least(group, "awsauth-cached", "aws-sigv4", 8.0);
            self.at_least(group, "awsauth-cached", "s3s-sigv4", 3.0);
        }
        for group in ["presign-s3-get", "presign-1000"] {
            self.at_least(group, "awsauth-cached", "aws-sigv4", 8.0);
            self.at_least(group, "awsauth-cached", "rusty-s3", 4.0);
        }
        let ours = self.rows.iter().filter(|row| row.name.starts_with("awsauth"));
        let most = ours.map(|row| row.measured.allocations).max().expect("rows");
        let verdict = if most == 0 { "ok".to_owned() } else { format!("short by {most}") };
        println!("goal: heap allocations in the core 0: {most} {verdict}");
    }

    /// `name` takes at most `factor` times as long as `other`.
    fn at_most(&self, group: &str, name: &str, other: &str, factor: f64) {
        let ratio = self.median(group, name) / self.median(group, other);
        println!("goal: {group} {name} <= {factor} x {other}: {ratio:.2} {}", verdict(ratio - factor));
    }

    /// `name` is at least `factor` times as fast as `other`.
    fn at_least(&self, group: &str, name: &str, other: &str, factor: f64) {
        let ratio = self.median(group, other) / self.median(group, name);
        println!(
            "goal: {group} {name} >= {factor} x faster than {other}: {ratio:.2} {}",
            verdict(factor - ratio)
        );
    }

    fn median(&self, group: &str, name: &str) -> f64 {
        let row = self.rows.iter().find(|row| row.group == group && row.name == name);
        row.expect("a row for every goal").measured.median
    }
}

fn verdict(short: f64) -> String {
    if short <= 0.0 { "ok".to_owned() } else { format!("short by {short:.2}") }
}
