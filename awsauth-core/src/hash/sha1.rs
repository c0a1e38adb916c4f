//! HMAC-SHA-1, buffered here for the same reasons as SHA-256.

use sha1::block_api::compress;
use zeroize::Zeroize;

use super::BLOCK;
use crate::text::sink::ByteSink;

/// FIPS 180-4, section 5.3.1.
const INITIAL: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];

/// A running SHA-1. Wiped on drop, as its first block may be a key.
pub(crate) struct Sha1 {
    state: [u32; 5],
    block: [u8; BLOCK],
    filled: usize,
    length: u64,
}

/// The HMAC-SHA-1 (RFC 2104) under `key`, of any length, of what `render` writes.
pub(crate) fn hmac_sha1(key: &[u8], render: impl FnOnce(&mut Sha1)) -> [u8; 20] {
    let mut block = [0; BLOCK];
    if key.len() <= BLOCK {
        for (place, byte) in block.iter_mut().zip(key) {
            *place = *byte;
        }
    } else if let Some(place) = block.first_chunk_mut::<20>() {
        let mut hasher = Sha1::new();
        hasher.put(key);
        hasher.finish_into(place);
    }
    let mut digest = [0; 20];
    block.iter_mut().for_each(|byte| *byte ^= 0x36);
    let mut inner = Sha1::new();
    inner.put(&block);
    render(&mut inner);
    inner.finish_into(&mut digest);
    block.iter_mut().for_each(|byte| *byte ^= 0x36 ^ 0x5c);
    let mut outer = Sha1::new();
    outer.put(&block);
    outer.put(&digest);
    outer.finish_into(&mut digest);
    block.zeroize();
    digest
}

impl Sha1 {
    const fn new() -> Self {
        Self { state: INITIAL, block: [0; BLOCK], filled: 0, length: 0 }
    }

    fn finish_into(&mut self, digest: &mut [u8; 20]) {
        let bits = self.length.wrapping_mul(8).to_be_bytes();
        self.put(&[0x80]);
        if self.filled > BLOCK - 8 {
            self.pad();
            compress(&mut self.state, &[self.block]);
            self.filled = 0;
        }
        self.pad();
        if let Some(tail) = self.block.last_chunk_mut::<8>() {
            *tail = bits;
        }
        compress(&mut self.state, &[self.block]);
        let (words, _) = digest.as_chunks_mut::<4>();
        for (word, value) in words.iter_mut().zip(self.state) {
            *word = value.to_be_bytes();
        }
    }

    fn pad(&mut self) {
        self.block.get_mut(self.filled..).unwrap_or_default().fill(0);
    }
}

impl ByteSink for Sha1 {
    fn put(&mut self, bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u64);
        let mut rest = bytes;
        loop {
            let free = self.block.get_mut(self.filled..).unwrap_or_default();
            let Some((head, tail)) = rest.split_at_checked(free.len()) else {
                for (place, byte) in free.iter_mut().zip(rest) {
                    *place = *byte;
                }
                self.filled += rest.len();
                return;
            };
            free.copy_from_slice(head);
            compress(&mut self.state, &[self.block]);
            self.filled = 0;
            rest = tail;
        }
    }
}

impl Drop for Sha1 {
    fn drop(&mut self) {
        self.state.zeroize();
        self.block.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hmac_is_rustcryptos(key in vec(any::<u8>(), 0..200), pieces in vec(vec(any::<u8>(), 0..150), 0..5)) {
            let mut theirs = Hmac::<sha1::Sha1>::new_from_slice(&key).unwrap();
            pieces.iter().for_each(|piece| theirs.update(piece));
            let ours = hmac_sha1(&key, |sink| pieces.iter().for_each(|piece| sink.put(piece)));
            prop_assert_eq!(ours, <[u8; 20]>::from(theirs.finalize().into_bytes()));
        }
    }
}
