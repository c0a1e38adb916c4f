//! What hostile requests cost before a key is looked up, at one length and at four times that:
//! `cargo bench -p awsauth-benches --bench verifying`. The program `linear` holds the same to its goals.

use awsauth_benches::hostile::requests;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn verifying(criterion: &mut Criterion) {
    let mut benches = criterion.benchmark_group("claim");
    for kib in [64, 256] {
        for request in requests(kib << 10) {
            let headers = request.headers();
            benches.throughput(Throughput::Bytes(request.bytes() as u64));
            benches.bench_function(BenchmarkId::new(request.name, kib), |bencher| {
                bencher.iter(|| request.claim(&headers));
            });
        }
    }
}

criterion_group!(benches, verifying);
criterion_main!(benches);
