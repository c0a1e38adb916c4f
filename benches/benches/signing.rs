//! The contenders of `ratios` under criterion: `cargo bench -p awsauth-benches`.

use std::time::Instant;

use awsauth_benches::{case, contender};
use criterion::{Criterion, criterion_group, criterion_main};

fn signing(criterion: &mut Criterion) {
    for group in case::groups() {
        let field = match contender::field(&group) {
            Ok(field) => field,
            Err(disagreement) => panic!("{disagreement}"),
        };
        let mut benches = criterion.benchmark_group(group.name);
        for mut contender in field {
            benches.bench_function(contender.name(), |bencher| {
                bencher.iter_custom(|jobs| {
                    let mut elapsed = core::time::Duration::ZERO;
                    let mut left = usize::try_from(jobs).unwrap_or(usize::MAX);
                    while left > 0 {
                        let batch = left.min(256);
                        left -= batch;
                        contender.prepare(batch);
                        let start = Instant::now();
                        for _ in 0..batch {
                            contender.run();
                        }
                        elapsed += start.elapsed();
                    }
                    elapsed
                });
            });
        }
    }
}

criterion_group!(benches, signing);
criterion_main!(benches);
