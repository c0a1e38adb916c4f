//! The table of ratios, and the goals it is held to.
//!
//! `ratios [rounds]`: 300 rounds by default. It fails if a contender signs differently.

use std::process::ExitCode;

use awsauth_benches::case::groups;
use awsauth_benches::contender::{Contender, Disagreement, field};
use awsauth_benches::contenders::stream;
use awsauth_benches::contention::{self, Read};
use awsauth_benches::rounds::{Measured, measure};

#[global_allocator]
static ALLOCATOR: awsauth_benches::allocations::Counting = awsauth_benches::allocations::Counting;

const BATCH: usize = 50;
/// A body of 1 MiB in chunks of 64 KiB.
const CHUNKS: &str = "chunks-1mib";

fn main() -> ExitCode {
    let rounds = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 300,
        Some(Ok(rounds)) if rounds > 0 => rounds,
        Some(_) => {
            eprintln!("usage: ratios [rounds]");
            return ExitCode::FAILURE;
        }
    };
    match measure_all(rounds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(disagreement) => {
            eprintln!("error: {disagreement}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(rounds: usize) -> Result<(), Disagreement> {
    // All are proved before any is timed.
    let groups = groups();
    let mut fields = Vec::new();
    for group in &groups {
        fields.push((group.name, BATCH, rounds, field(group)?));
    }
    fields.push((CHUNKS, 1, rounds.div_ceil(5), stream::field()?));
    let mut table = Table::default();
    let mut notes: Vec<(&str, &str)> = Vec::new();
    println!("group rival ns ns_min allocs ratio_to_awsauth ratio_to_floor");
    for (group, batch, rounds, mut field) in fields {
        let measured = measure(&mut field, rounds, batch);
        for (contender, measured) in field.iter().zip(measured) {
            let name = if group == CHUNKS { group } else { contender.name() };
            if !notes.contains(&(name, contender.note())) {
                notes.push((name, contender.note()));
            }
            table.rows.push(Row::new(group, contender.as_ref(), measured));
        }
        table.print(group);
    }
    let reads = contention::reads(rounds.div_ceil(5));
    for Read { name, median, minimum } in reads {
        println!("credentials {name} {median:.0} {minimum:.0} - - -");
    }
    println!();
    for (name, note) in notes {
        println!("# {name}: {note}");
    }
    println!("# ns: median over {rounds} rounds of {BATCH} jobs; ns_min: the fastest round");
    println!(
        "# ratio_to_floor: to floor for all that derive the key in each job, to floor-cached for the others"
    );
    println!();
    table.hold_to_goals();
    hold_reads_to_goals(reads);
    Ok(())
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
        for group in ["sqs-get", "s3-put", "query-40"] {
            self.at_least(group, "awsauth-http", "aws-sigv4+apply", 6.0);
        }
        let speed = self.median(CHUNKS, "floor") / self.median(CHUNKS, "awsauth");
        println!(
            "goal: {CHUNKS} awsauth >= 0.95 x the throughput of floor: {speed:.3} {}",
            verdict(0.95 - speed)
        );
        let ours = self.rows.iter().filter(|row| row.name == "awsauth-cached" || row.name == "awsauth");
        let ours = ours.filter(|row| row.group != CHUNKS);
        let most = ours.map(|row| row.measured.allocations).max().expect("rows");
        let verdict = if most == 0 { "ok".to_owned() } else { format!("short by {most}") };
        println!("goal: heap allocations in the core 0: {most} {verdict}");
    }

    /// `name` takes at most `factor` times as long as `other`.
    fn at_most(&self, group: &str, name: &str, other: &str, factor: f64) {
        let [ratio, of_minima] = self.ratios(group, name, other);
        println!(
            "goal: {group} {name} <= {factor} x {other}: {ratio:.2} (minima {of_minima:.2}) {}",
            verdict(ratio - factor)
        );
    }

    /// `name` is at least `factor` times as fast as `other`.
    fn at_least(&self, group: &str, name: &str, other: &str, factor: f64) {
        if !self.rows.iter().any(|row| row.name == other) {
            println!("goal: {group} {name} >= {factor} x faster than {other}: not measured, see Cargo.toml");
            return;
        }
        let [ratio, of_minima] = self.ratios(group, other, name);
        println!(
            "goal: {group} {name} >= {factor} x faster than {other}: {ratio:.2} (minima {of_minima:.2}) {}",
            verdict(factor - ratio)
        );
    }

    /// Of medians, and of minima, which other load on the machine moves less.
    fn ratios(&self, group: &str, of: &str, to: &str) -> [f64; 2] {
        let [of, to] = [self.row(group, of), self.row(group, to)];
        [of.median / to.median, of.minimum / to.minimum]
    }

    fn median(&self, group: &str, name: &str) -> f64 {
        self.row(group, name).median
    }

    fn row(&self, group: &str, name: &str) -> Measured {
        let row = self.rows.iter().find(|row| row.group == group && row.name == name);
        row.expect("a row for every goal").measured
    }
}

fn hold_reads_to_goals([_, two, during]: [Read; 3]) {
    for read in [two, during] {
        println!(
            "goal: credentials {} < 100 ns: {:.0} {}",
            read.name,
            read.median,
            verdict(read.median - 100.0)
        );
    }
    let ratio = during.median / two.median;
    println!("goal: credentials flat during a refresh (<= 1.2 x): {ratio:.2} {}", verdict(ratio - 1.2));
}

fn verdict(short: f64) -> String {
    if short <= 0.0 { "ok".to_owned() } else { format!("short by {short:.2}") }
}
