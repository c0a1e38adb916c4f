//! Timing in rounds: every contender has its turn in every round, so that a slow moment hits all alike.

use std::time::Instant;

use crate::allocations;
use crate::contender::Contender;

/// What was measured of one contender, per job.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// The median round, in nanoseconds.
    pub median: f64,
    /// The fastest round, in nanoseconds.
    pub minimum: f64,
    /// Heap allocations of one job.
    pub allocations: u64,
}

/// Measures all of `field`, `rounds` times `batch` jobs each.
#[must_use]
pub fn measure(field: &mut [Box<dyn Contender + '_>], rounds: usize, batch: usize) -> Vec<Measured> {
    let mut times = vec![Vec::with_capacity(rounds); field.len()];
    let warm_up = rounds.div_ceil(10);
    for round in 0..warm_up + rounds {
        // Who goes first changes: the first finds the caches cold.
        for turn in 0..field.len() {
            let at = (turn + round) % field.len();
            let nanoseconds = time(field[at].as_mut(), batch);
            if round >= warm_up {
                times[at].push(nanoseconds);
            }
        }
    }
    field.iter_mut().zip(times).map(|(contender, times)| summarise(contender.as_mut(), times)).collect()
}

/// Nanoseconds per job.
#[allow(clippy::cast_precision_loss)]
fn time(contender: &mut dyn Contender, batch: usize) -> f64 {
    contender.prepare(batch);
    let start = Instant::now();
    for _ in 0..batch {
        contender.run();
    }
    start.elapsed().as_nanos() as f64 / batch as f64
}

fn summarise(contender: &mut dyn Contender, mut times: Vec<f64>) -> Measured {
    times.sort_by(f64::total_cmp);
    contender.prepare(1);
    let allocations = allocations::count(|| contender.run());
    Measured { median: times[times.len() / 2], minimum: times[0], allocations }
}
