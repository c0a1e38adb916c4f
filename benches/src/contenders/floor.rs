//! What no signer can save: the compressions of SHA-256 over just the bytes of this request, laid out beforehand.

use core::hint::black_box;

use sha2::block_api::compress256;

use super::awsauth;
use crate::case::{Case, REGION, SECRET_ACCESS_KEY, TIME};
use crate::contender::{Contender, Proof, Turns};

/// Whether the derivation of the signing key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Four HMACs and a prepared key before the signature.
    Derived,
    /// It is there, prepared.
    Prepared,
}

/// The compressions, and nothing else.
#[derive(Debug)]
pub struct Floor<'c> {
    turns: Turns<'c>,
    key: Key,
    padded: Vec<Padded>,
}

type Block = [u8; 64];

/// Padded to blocks, as FIPS 180-4 has it.
#[derive(Debug)]
struct Padded {
    canonical_request: Vec<Block>,
    string_to_sign: Vec<Block>,
    /// Of the secret, and what each step of the derivation hashes after its key.
    secret: Vec<Block>,
    steps: [Vec<Block>; 4],
}

impl<'c> Floor<'c> {
    /// Under these cases.
    #[must_use]
    pub fn new(cases: &'c [Case], key: Key) -> Self {
        let padded = cases.iter().map(Padded::new).collect();
        Self { turns: Turns::new(cases), key, padded }
    }
}

impl Contender for Floor<'_> {
    fn name(&self) -> &'static str {
        match self.key {
            Key::Derived => "floor",
            Key::Prepared => "floor-cached",
        }
    }

    fn note(&self) -> &'static str {
        match self.key {
            Key::Derived => "only SHA-256's compressions for derivation, canonical request and signature",
            Key::Prepared => "only SHA-256's compressions for canonical request and signature",
        }
    }

    fn derives(&self) -> bool {
        self.key == Key::Derived
    }

    fn run(&mut self) {
        let (place, _) = self.turns.next();
        let padded = black_box(&self.padded[place]);
        let mut hash = INITIAL;
        compress256(&mut hash, &padded.canonical_request);
        let mut key = [black_box(INITIAL); 2];
        if self.key == Key::Derived {
            prepare(&mut key, &padded.secret);
            for step in &padded.steps {
                let mut block = [[0; 64]];
                mac(&key, step, &mut block);
                prepare(&mut key, &block);
            }
        }
        let mut signature = [[0; 64]];
        mac(&key, &padded.string_to_sign, &mut signature);
        black_box((hash, signature));
    }

    fn proof(&mut self) -> Option<Proof> {
        None
    }
}

/// Two compressions.
fn prepare([inner, outer]: &mut [[u32; 8]; 2], key: &[Block]) {
    [*inner, *outer] = [INITIAL; 2];
    compress256(inner, key);
    compress256(outer, key);
}

/// One compression for each block of the message, and one for the inner hash.
fn mac([inner, outer]: &[[u32; 8]; 2], message: &[Block], mac: &mut [Block; 1]) {
    let [mut inner, mut outer] = [*inner, *outer];
    compress256(&mut inner, message);
    spread(inner, mac);
    compress256(&mut outer, mac);
    spread(outer, mac);
}

fn spread(state: [u32; 8], block: &mut [Block; 1]) {
    for (bytes, word) in block[0].chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}

impl Padded {
    fn new(case: &Case) -> Self {
        let [canonical_request, string_to_sign] = awsauth::hashed(case);
        let steps = [&TIME.as_bytes()[..8], REGION.as_bytes(), case.service.as_bytes(), b"aws4_request"];
        let mut secret = [0; 64];
        secret[..SECRET_ACCESS_KEY.len()].copy_from_slice(SECRET_ACCESS_KEY.as_bytes());
        Self {
            canonical_request: pad(&canonical_request, 0),
            string_to_sign: pad(&string_to_sign, 64),
            secret: vec![secret],
            steps: steps.map(|step| pad(step, 64)),
        }
    }
}

/// `message` in blocks, after `before` bytes that are compressed already.
fn pad(message: &[u8], before: usize) -> Vec<Block> {
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    while bytes.len() % 64 != 56 {
        bytes.push(0);
    }
    bytes.extend_from_slice(&(8 * (before + message.len()) as u64).to_be_bytes());
    bytes.as_chunks().0.to_vec()
}

const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
