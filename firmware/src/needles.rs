//! What must not be left on the stack: the secret, the keys of every step, and the states of HMAC that stand for them.

use sha2::block_api::compress256;

/// Steps of the derivation, the secret among them.
const KEYS: usize = 5;
/// The key, its two padded blocks, its two hash states.
const FORMS: usize = 5;

/// All that is looked for.
#[derive(Debug)]
pub struct Needles {
    /// As many bytes of each as count.
    bytes: [[[u8; 64]; FORMS]; KEYS],
    lengths: [[usize; FORMS]; KEYS],
}

/// So many bytes in a row are a copy: no chance puts them there.
const PIECE: usize = 8;

impl Needles {
    /// Of the chain from `secret_access_key` to the key of this date, region and service.
    #[must_use]
    pub fn new(secret_access_key: &str, date: &str, region: &str, service: &str) -> Self {
        let mut needles = Self { bytes: [[[0; 64]; FORMS]; KEYS], lengths: [[0; FORMS]; KEYS] };
        let mut key = [0; 64];
        let mut length = 4 + secret_access_key.len();
        for (place, byte) in key.iter_mut().zip(b"AWS4".iter().chain(secret_access_key.as_bytes())) {
            *place = *byte;
        }
        let steps: [&[u8]; KEYS] =
            [date.as_bytes(), region.as_bytes(), service.as_bytes(), b"aws4_request", b""];
        let chain = needles.bytes.iter_mut().zip(&mut needles.lengths).zip(steps);
        for ((forms, lengths), step) in chain {
            let [inner_block, outer_block] = [0x36, 0x5c].map(|pad| key.map(|byte| byte ^ pad));
            let [inner, outer] = [inner_block, outer_block].map(|block| {
                let mut state = INITIAL;
                compress256(&mut state, &[block]);
                state
            });
            *forms = [key, inner_block, outer_block, bytes(inner), bytes(outer)];
            *lengths = [length, length, length, 32, 32];
            let inner_hash = bytes(after(inner, step));
            key = bytes(after(outer, inner_hash.first_chunk::<32>().unwrap_or(&[0; 32])));
            length = 32;
        }
        needles
    }

    /// How many of them are on `stack`, whole or in part, in either byte order.
    #[must_use]
    pub fn found(&self, stack: &[u8]) -> u32 {
        let mut found = 0;
        for_each(self, |needle| found += u32::from(occurs(needle, stack)));
        found
    }

    /// Places of those that are found, for a person: step (0 is the secret) times 10, and form.
    pub fn each_found(&self, stack: &[u8], mut visit: impl FnMut(u32)) {
        let mut number = 0;
        for_each(self, |needle| {
            if occurs(needle, stack) {
                visit(number / FORMS as u32 * 10 + number % FORMS as u32);
            }
            number += 1;
        });
    }

    /// How many there are.
    #[must_use]
    pub const fn count(&self) -> u32 {
        (KEYS * FORMS) as u32
    }

    /// A piece of one of them, to show that it is found.
    #[must_use]
    pub fn sample(&self, number: u32) -> Option<[u8; PIECE]> {
        let mut at = 0;
        let mut sample = None;
        for_each(self, |needle| {
            if at == number {
                sample = needle.get(PIECE..).and_then(<[u8]>::first_chunk::<PIECE>).copied();
            }
            at += 1;
        });
        sample
    }
}

fn for_each<'n>(needles: &'n Needles, mut visit: impl FnMut(&'n [u8])) {
    for (forms, lengths) in needles.bytes.iter().zip(&needles.lengths) {
        for (form, length) in forms.iter().zip(lengths) {
            visit(form.get(..*length).unwrap_or_default());
        }
    }
}

/// Whether `PIECE` bytes of `needle`, from any word of it on, are anywhere on `stack`, as they are or as words the
/// other way round.
fn occurs(needle: &[u8], stack: &[u8]) -> bool {
    (0..needle.len()).step_by(4).any(|start| {
        let Some(piece) = needle.get(start..).and_then(<[u8]>::first_chunk::<PIECE>) else { return false };
        let [a, b, c, d, e, f, g, h] = *piece;
        let turned = [d, c, b, a, h, g, f, e];
        stack.windows(PIECE).any(|window| window == piece || window == turned)
    })
}

/// The state after the block of a key and a last block of at most 55 bytes.
fn after(mut state: [u32; 8], message: &[u8]) -> [u32; 8] {
    let mut block = [0; 64];
    for (place, byte) in block.iter_mut().zip(message.iter().chain(&[0x80])) {
        *place = *byte;
    }
    if let Some(tail) = block.last_chunk_mut::<8>() {
        *tail = (8 * (64 + message.len()) as u64).to_be_bytes();
    }
    compress256(&mut state, &[block]);
    state
}

/// As a digest, and then nothing.
fn bytes(state: [u32; 8]) -> [u8; 64] {
    let mut bytes = [0; 64];
    for (place, byte) in bytes.iter_mut().zip(state.iter().flat_map(|word| word.to_be_bytes())) {
        *place = byte;
    }
    bytes
}

/// FIPS 180-4, section 5.3.3.
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
