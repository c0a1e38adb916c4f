//! Signs three requests, holds them to known answers, and measures the first of them, by either signer:
//!
//! - `put_stack_bytes`, `verbatim_..`: the most that it takes below its caller, with tokens of 1, 256 and 4096 bytes.
//! - `put_instructions`, `put_instructions_cached`, `verbatim_..`: of one request with the token of 256 bytes; SysTick's
//!   ticks over `REPEATS` of each, in the instructions per tick that a loop of known length takes.
//! - `secret_copies`: how many of `needles` are left below the caller after any of the jobs.
#![no_std]
#![no_main]

#[path = "../entry.rs"]
mod entry;

use core::hint::black_box;

use awsauth_core::{Error, SigningKey};
use awsauth_firmware::board::{self, DeadStack};
use awsauth_firmware::jobs::{
    REGION, SECRET_ACCESS_KEY, Sent, put, put_with, scope, upload, verbatim, verbatim_with, websocket,
};
use awsauth_firmware::needles::Needles;
use awsauth_firmware::report::decimal;

/// So that what is lost to SysTick's 40 instructions a tick is little.
const REPEATS: u32 = 16;
/// Instructions of the loop that calibrates SysTick.
const CALIBRATION: u32 = 4_000_000;
/// SysTick runs at 25 MHz on this board, and `-icount shift=0` makes an instruction a nanosecond.
const INSTRUCTIONS_PER_TICK: u32 = 40;

const TOKEN: &str = match core::str::from_utf8(&[b'T'; 4096]) {
    Ok(token) => token,
    Err(_) => "",
};
const USUAL_TOKEN: &str = TOKEN.split_at(256).0;
const TOKENS: [&str; 3] = [TOKEN.split_at(1).0, USUAL_TOKEN, TOKEN];
const BODY: [u8; 2_500] = [b'a'; 2_500];

/// Of `known/make`, which shares no code with awsauth.
const KNOWN: [&[u8]; 4] = [
    include_bytes!("../../known/put.txt"),
    include_bytes!("../../known/put.txt"),
    include_bytes!("../../known/websocket.txt"),
    include_bytes!("../../known/upload.txt"),
];

/// The job that is measured, by one of the signers.
struct Measured {
    stack_bytes: &'static [u8],
    instructions: &'static [u8],
    instructions_cached: &'static [u8],
    sign: fn(&str, &str, &mut Sent) -> Result<(), Error>,
    sign_with: fn(&SigningKey<'_>, &str, &mut Sent) -> Result<(), Error>,
}

const MEASURED: [Measured; 2] = [
    Measured {
        stack_bytes: b"put_stack_bytes",
        instructions: b"put_instructions",
        instructions_cached: b"put_instructions_cached",
        sign: put,
        sign_with: put_with,
    },
    Measured {
        stack_bytes: b"verbatim_stack_bytes",
        instructions: b"verbatim_instructions",
        instructions_cached: b"verbatim_instructions_cached",
        sign: verbatim,
        sign_with: verbatim_with,
    },
];

fn run() -> bool {
    let mut sent = Sent::new();
    let mut left = DeadStack::new();
    let answers = known_answers(&mut sent);
    let calibrated = calibrate();
    let copies = copies(&mut left, &mut sent);
    let measured =
        MEASURED.iter().all(|job| stack(job, &mut left, &mut sent) && instructions(job, &mut sent));
    answers && calibrated && copies && measured
}

fn known_answers(sent: &mut Sent) -> bool {
    let secret = black_box(SECRET_ACCESS_KEY);
    let mut right = true;
    for (job, known) in KNOWN.iter().enumerate() {
        sent.clear();
        let signed = match job {
            0 => put(secret, USUAL_TOKEN, sent),
            1 => verbatim(secret, USUAL_TOKEN, sent),
            2 => websocket(secret, USUAL_TOKEN, sent),
            _ => upload(secret, &BODY, 1024, sent),
        };
        if signed.is_err() || sent.as_bytes() != *known {
            board::write(b"error: another answer than the known one:\n");
            board::write(sent.as_bytes());
            right = false;
        }
    }
    right
}

fn calibrate() -> bool {
    let ticks = board::ticks(&mut || board::spin(CALIBRATION / 2));
    let expected = CALIBRATION / INSTRUCTIONS_PER_TICK;
    let right = ticks.abs_diff(expected) <= expected / 1000;
    if !right {
        report(b"error: SysTick does not count 40 instructions a tick: calibration_ticks", ticks);
    }
    right
}

/// Fails if a copy that was planted is not found.
fn copies(left: &mut DeadStack, sent: &mut Sent) -> bool {
    let secret = black_box(SECRET_ACCESS_KEY);
    let mut found = 0;
    let Ok(s3) = scope("s3") else { return false };
    let needles = Needles::new(secret, s3.date().as_str(), REGION, "s3");
    for number in 0..needles.count() {
        let Some(sample) = needles.sample(number) else { return false };
        board::on_painted_stack(left, &mut || {
            black_box(sample);
        });
        if needles.found(left.bytes()) == 0 {
            report(b"error: a planted copy is not found: needle", number);
            return false;
        }
    }
    board::on_painted_stack(left, &mut || sent.clear());
    if needles.found(left.bytes()) != 0 {
        board::write(b"error: copies are found where no job ran\n");
        return false;
    }
    let key = SigningKey::derive(secret, s3);
    for job in 0..7 {
        sent.clear();
        board::on_painted_stack(left, &mut || {
            let _ = black_box(match job {
                0 => put(secret, USUAL_TOKEN, sent),
                1 => put_with(&key, USUAL_TOKEN, sent),
                2 => verbatim(secret, USUAL_TOKEN, sent),
                3 => verbatim_with(&key, USUAL_TOKEN, sent),
                4 => upload(secret, &BODY, 1024, sent),
                5 => {
                    black_box(&SigningKey::derive(secret, s3));
                    Ok(())
                }
                _ => websocket(secret, USUAL_TOKEN, sent),
            });
        });
        let service = if job == 6 { "iotdevicegateway" } else { "s3" };
        let needles = Needles::new(secret, s3.date().as_str(), REGION, service);
        needles.each_found(left.bytes(), |needle| report(b"copy_of", needle));
        found += needles.found(left.bytes());
    }
    report(b"secret_copies", found);
    true
}

fn stack(job: &Measured, left: &mut DeadStack, sent: &mut Sent) -> bool {
    let secret = black_box(SECRET_ACCESS_KEY);
    let mut deepest = 0;
    for token in TOKENS {
        sent.clear();
        let mut signed = Ok(());
        board::on_painted_stack(left, &mut || signed = (job.sign)(secret, token, sent));
        if signed.is_err() || left.depth() == left.bytes().len() {
            board::write(b"error: the stack is deeper than what is painted, or the job fails\n");
            return false;
        }
        deepest = deepest.max(left.depth());
    }
    report(job.stack_bytes, deepest as u32);
    true
}

fn instructions(job: &Measured, sent: &mut Sent) -> bool {
    let secret = black_box(SECRET_ACCESS_KEY);
    let Ok(s3) = scope("s3") else { return false };
    let key = SigningKey::derive(secret, s3);
    let mut signed = true;
    let derived = board::ticks(&mut || {
        for _ in 0..REPEATS {
            sent.clear();
            signed &= (job.sign)(secret, black_box(USUAL_TOKEN), sent).is_ok();
        }
    });
    let cached = board::ticks(&mut || {
        for _ in 0..REPEATS {
            sent.clear();
            signed &= (job.sign_with)(&key, black_box(USUAL_TOKEN), sent).is_ok();
        }
    });
    report(job.instructions, derived * INSTRUCTIONS_PER_TICK / REPEATS);
    report(job.instructions_cached, cached * INSTRUCTIONS_PER_TICK / REPEATS);
    signed
}

fn report(name: &[u8], number: u32) {
    let (digits, start) = decimal(number.into());
    board::write(name);
    board::write(b"=");
    board::write(digits.get(start..).unwrap_or_default());
    board::write(b"\n");
}
