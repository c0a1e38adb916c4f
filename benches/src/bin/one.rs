//! One contender over and over, for profilers: `valgrind --tool=callgrind one <group> <contender> [jobs]`.

use std::process::ExitCode;

use awsauth_benches::case::groups;
use awsauth_benches::contender::field;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (group, name, jobs) = match words[..] {
        [group, name] => (group, name, Ok(1_000)),
        [group, name, jobs] => (group, name, jobs.parse()),
        _ => ("", "", Ok(0)),
    };
    let groups = groups();
    let group = groups.iter().find(|known| known.name == group);
    let Some((group, jobs)) = group.zip(jobs.ok()) else {
        eprintln!("usage: one <group> <contender> [jobs]");
        return ExitCode::FAILURE;
    };
    let mut field = match field(group) {
        Ok(field) => field,
        Err(disagreement) => {
            eprintln!("error: {disagreement}");
            return ExitCode::FAILURE;
        }
    };
    let Some(contender) = field.iter_mut().find(|contender| contender.name() == name) else {
        eprintln!("error: no contender {name} in this group");
        return ExitCode::FAILURE;
    };
    contender.prepare(jobs);
    for _ in 0..jobs {
        contender.run();
    }
    ExitCode::SUCCESS
}
