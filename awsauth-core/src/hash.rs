//! SHA-256 and HMAC-SHA-256 over borrowed runs of bytes; the folder has the hashes of older schemes. Nothing else in
//! the crate names RustCrypto.
//!
//! The compression function is RustCrypto's. The buffering is ours, because the public hashers cost what a signer
//! must not pay: a prepared HMAC key here is 64 bytes that are wiped in place, where their clones and by-value
//! finalisation leave copies of the key on the dead stack, and their block buffer brings in panics.

#[cfg(feature = "md5")]
pub(crate) mod md5;
#[cfg(feature = "sha1")]
pub(crate) mod sha1;

use core::mem::take;
use core::ops::Range;
use core::slice;

use sha2::block_api::compress256;
use zeroize::optimization_barrier;

use crate::text::sink::ByteSink;
use crate::text::writer::{Drain, Gather, Writer};

/// A SHA-256 digest.
pub(crate) type Digest = [u8; 32];

const BLOCK: usize = 64;
type State = [u32; 8];

/// FIPS 180-4, section 5.3.3.
const INITIAL: State =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// Returns the SHA-256 of `bytes`, as chunk and event signers take it.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes)
}

/// A running SHA-256.
pub(crate) type Sha256 = Gather<Compression>;

/// The state of a SHA-256, which processes whole blocks.
pub(crate) struct Compression {
    state: State,
    /// The number of blocks processed. Where words are short, that is enough for 256 GiB.
    blocks: usize,
}

/// The SHA-256 of what `render` writes.
pub(crate) fn sha256_of(render: impl FnOnce(&mut Writer<'_>)) -> Digest {
    let mut hasher = Sha256::initial();
    let mut digest = [0; 32];
    render(&mut hasher);
    hasher.finish_into(&mut digest);
    digest
}

impl Sha256 {
    #[inline]
    pub(crate) const fn initial() -> Self {
        Self::eager(Compression { state: INITIAL, blocks: 0 })
    }

    /// The digest of `bytes`.
    pub(crate) fn digest(bytes: &[u8]) -> Digest {
        sha256_of(|hasher| hasher.put(bytes))
    }

    #[inline]
    pub(crate) fn finish(mut self) -> Digest {
        let mut digest = [0; 32];
        self.finish_into(&mut digest);
        digest
    }

    /// Continues, or starts anew, from this state after `blocks` blocks.
    fn resume(&mut self, state: &State, blocks: usize) {
        set(&mut self.drain.state, state);
        self.drain.blocks = blocks;
    }

    pub(crate) fn finish_into(&mut self, digest: &mut Digest) {
        let (run, Range { start: mut drained, end: mut filled }, compression) = self.rest();
        let undrained = filled.wrapping_sub(drained);
        let length = (compression.blocks as u64).wrapping_mul(BLOCK as u64).wrapping_add(undrained as u64);
        let bits = length.wrapping_mul(8).to_be_bytes();
        if filled == run.len() {
            compression.drain(run.get(take(&mut drained)..).unwrap_or_default());
            filled = 0;
        }
        // A constant where a run is one block, which shortens all that follows.
        let mut end = if run.len() == BLOCK { BLOCK } else { (filled / BLOCK + 1) * BLOCK };
        if let Some((marker, rest)) = run.get_mut(filled..end).and_then(<[u8]>::split_first_mut) {
            *marker = 0x80;
            zero(rest);
        }
        // The marker and the length do not both fit: the length goes into a block of its own.
        if end - filled <= 8 {
            if end == run.len() {
                compression.drain(run.get(take(&mut drained)..).unwrap_or_default());
                end = 0;
            }
            zero(run.get_mut(end..end + BLOCK).unwrap_or_default());
            end += BLOCK;
        }
        if let Some(tail) = run.get_mut(..end).and_then(<[u8]>::last_chunk_mut::<8>) {
            *tail = bits;
        }
        compression.drain(run.get(drained..end).unwrap_or_default());
        let (words, _) = digest.as_chunks_mut::<4>();
        for (word, value) in words.iter_mut().zip(&compression.state) {
            *word = value.to_be_bytes();
        }
    }

    /// Wipes a hasher of secrets.
    pub(crate) fn wipe(&mut self) {
        wipe(&mut self.drain.state);
        wipe(self.rest().0);
    }
}

impl Drain for Compression {
    #[inline]
    fn drain(&mut self, run: &[u8]) {
        let (blocks, _) = run.as_chunks::<BLOCK>();
        compress256(&mut self.state, blocks);
        self.blocks = self.blocks.wrapping_add(blocks.len());
    }
}

/// A key prepared for HMAC-SHA-256 (RFC 2104): the two hash states after the padded key, so that each use costs only
/// the message. 64 bytes, wiped on drop; [`SigningKey`](crate::SigningKey) is one with its scope.
#[derive(Clone)]
pub struct HmacKey {
    inner: State,
    outer: State,
}

impl HmacKey {
    /// Prepares `key`, of any length.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self::from_parts(&[key])
    }

    /// Prepares the key that `parts` form together, without making a copy of it.
    #[must_use]
    pub fn from_parts(parts: &[&[u8]]) -> Self {
        Self::made_by(|key, hasher| key.prepare(parts, hasher))
    }

    /// Returns what `make` makes of an empty key, with a hasher that is wiped after it; nothing of either is left
    /// behind.
    #[inline]
    pub(crate) fn made_by(make: impl FnOnce(&mut Self, &mut Sha256)) -> Self {
        let mut key = Self { inner: INITIAL, outer: INITIAL };
        let mut hasher = Sha256::initial();
        make(&mut key, &mut hasher);
        hasher.wipe();
        scrub_dead_stack();
        // What is moved leaves a copy behind, and what is dropped is wiped.
        key.clone()
    }

    /// Returns the HMAC-SHA-256 of `message`.
    #[must_use]
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        self.mac_with(|mac| Writer::put(mac, message))
    }

    /// Computes the HMAC-SHA-256 of the message that `parts` form together into `mac`; no other copy of the result is
    /// left.
    pub fn mac_parts(&self, parts: &[&[u8]], mac: &mut [u8; 32]) {
        self.mac_into(|hasher| parts.iter().for_each(|part| Writer::put(hasher, part)), mac);
    }

    /// The HMAC of what `render` writes.
    #[inline]
    pub(crate) fn mac_with(&self, render: impl FnOnce(&mut Sha256)) -> Digest {
        let mut digest = [0; 32];
        self.mac_into(render, &mut digest);
        digest
    }

    /// As [`mac_with`](Self::mac_with), for results that are keys: only `digest` has them.
    #[inline]
    pub(crate) fn mac_into(&self, render: impl FnOnce(&mut Sha256), digest: &mut Digest) {
        let mut hasher = Sha256::initial();
        self.mac_with_hasher(&mut hasher, render, digest);
        hasher.wipe();
        scrub_dead_stack();
    }

    /// As [`mac_into`](Self::mac_into), with a hasher that may have been used, and that the caller must wipe.
    #[inline]
    pub(crate) fn mac_with_hasher(
        &self,
        hasher: &mut Sha256,
        render: impl FnOnce(&mut Sha256),
        digest: &mut Digest,
    ) {
        hasher.resume(&self.inner, 1);
        render(hasher);
        self.finish_mac(hasher, digest);
    }

    #[inline(never)]
    fn finish_mac(&self, hasher: &mut Sha256, digest: &mut Digest) {
        hasher.finish_into(digest);
        hasher.resume(&self.outer, 1);
        Writer::put(hasher, digest);
        hasher.finish_into(digest);
    }

    /// Replaces this by the key that `parts` form together, with a hasher that may have been used, and that the caller
    /// must wipe.
    #[inline(never)]
    pub(crate) fn prepare(&mut self, parts: &[&[u8]], hasher: &mut Sha256) {
        hasher.resume(&INITIAL, 0);
        parts.iter().for_each(|part| Writer::put(hasher, part));
        let mut length = hasher.filled();
        // A key that is longer than a block stands for its digest.
        if hasher.drain.blocks > 0 || length > BLOCK {
            let mut digest = [0; 32];
            hasher.finish_into(&mut digest);
            length = digest.len();
            Writer::put(hasher, &digest);
            wipe(&mut digest);
        }
        let (run, ..) = hasher.rest();
        let Some(block) = run.first_chunk_mut::<BLOCK>() else { return };
        zero(block.get_mut(length..).unwrap_or_default());
        for (state, mask) in [(&mut self.inner, 0x36), (&mut self.outer, 0x36 ^ 0x5c)] {
            set(state, &INITIAL);
            xor(block, mask);
            compress256(state, slice::from_ref(block));
        }
    }
}

/// In halves: on small processors a copy of 32 bytes is a call, and one of 16 two instructions.
#[inline]
fn set(place: &mut State, state: &State) {
    let (halves, _) = state.as_chunks::<4>();
    let (places, _) = place.as_chunks_mut::<4>();
    for (place, half) in places.iter_mut().zip(halves) {
        *place = *half;
    }
}

/// As `fill`, which on small processors is a call for more bytes than these.
#[inline]
fn zero(bytes: &mut [u8]) {
    if cfg!(target_pointer_width = "64") {
        return bytes.fill(0);
    }
    let (head, words) = bytes.as_rchunks_mut::<4>();
    for byte in head {
        *byte = 0;
        optimization_barrier(byte);
    }
    for word in words {
        *word = [0; 4];
        // It keeps the compiler from making a call of the loop.
        optimization_barrier(word);
    }
}

/// Many bytes at once: one by one they take a third of the time of a compression on small processors.
fn xor(block: &mut [u8; BLOCK], byte: u8) {
    let mask = u128::from_ne_bytes([byte; 16]);
    let (words, _) = block.as_chunks_mut();
    for word in words {
        *word = (u128::from_ne_bytes(*word) ^ mask).to_ne_bytes();
    }
}

/// As `Zeroize` does, but not a byte at a time.
pub(crate) fn wipe<T: Copy + Default, const N: usize>(secret: &mut [T; N]) {
    *secret = [T::default(); N];
    optimization_barrier(secret);
}

/// Overwrites where the last compression spilled the key's state. With few registers it does; where SHA-256 is an
/// instruction it does not.
#[inline(never)]
fn scrub_dead_stack() {
    #[cfg(target_pointer_width = "32")]
    zeroize::zeroize_stack::<320>();
}

impl Drop for HmacKey {
    fn drop(&mut self) {
        wipe(&mut self.inner);
        wipe(&mut self.outer);
    }
}

impl core::fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use sha2::Digest as _;

    /// Where padding and the end of a run meet.
    #[test]
    fn every_length_of_a_run_is_hashed() {
        let bytes: std::vec::Vec<u8> = (0..1200_u32).map(|at| (at * 7) as u8).collect();
        for length in 0..=bytes.len() {
            let (head, _) = bytes.split_at(length);
            let theirs = <[u8; 32]>::from(sha2::Sha256::digest(head));
            assert_eq!(Sha256::digest(head), theirs, "{length}");
            let mut ours = Sha256::initial();
            for piece in head.chunks(40) {
                ours.put(piece);
                ours.advance();
            }
            assert_eq!(ours.finish(), theirs, "{length}");
        }
    }

    proptest! {
        #[test]
        fn sha256_is_rustcryptos_however_it_is_split(
            pieces in vec((prop_oneof![vec(any::<u8>(), 0..70), vec(any::<u8>(), 0..700)], any::<bool>()), 0..12),
        ) {
            let mut ours = Sha256::initial();
            let mut theirs = sha2::Sha256::new();
            for (piece, advances) in &pieces {
                ours.put(piece);
                if *advances {
                    ours.advance();
                }
                theirs.update(piece);
            }
            prop_assert_eq!(ours.finish(), <[u8; 32]>::from(theirs.finalize()));
        }

        #[test]
        fn hmac_is_rustcryptos(key in vec(any::<u8>(), 0..200), message in vec(any::<u8>(), 0..200), cut in 0..200usize) {
            let mut theirs = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
            theirs.update(&message);
            let theirs = <[u8; 32]>::from(theirs.finalize().into_bytes());
            prop_assert_eq!(HmacKey::new(&key).mac(&message), theirs);
            let (head, tail) = key.split_at(cut.min(key.len()));
            let prepared = HmacKey::from_parts(&[head, tail]);
            prop_assert_eq!(prepared.mac(&message), theirs);
            let (head, tail) = message.split_at(cut.min(message.len()));
            let mut mac = [0; 32];
            prepared.mac_parts(&[head, tail], &mut mac);
            prop_assert_eq!(mac, theirs);
        }
    }
}
