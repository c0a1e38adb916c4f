//! The one sink of SigV4's renderers. Each renderer exists once in an image, whether it writes to a hasher or a socket,
//! and short pieces cost a copy, not a call.

use core::mem::take;
use core::ops::Range;

use super::sink::ByteSink;

/// Whole blocks of SHA-256: one where stack is scarce, and where it is not more than most requests have.
const RUN: usize = if cfg!(target_pointer_width = "64") { 8 * BLOCK } else { BLOCK };
const BLOCK: usize = 64;

/// Takes the gathered bytes.
pub(crate) trait Drain {
    /// Takes the next bytes: whole blocks, but for the last ones.
    fn drain(&mut self, run: &[u8]);
}

/// Gathers pieces into runs.
pub(crate) struct Gather<D: ?Sized> {
    filled: usize,
    /// How much of the run has been drained: nothing where a run is one block.
    #[cfg(target_pointer_width = "64")]
    drained: usize,
    /// How much is gathered before any of it is drained.
    #[cfg(target_pointer_width = "64")]
    patience: usize,
    run: [u8; RUN],
    pub(crate) drain: D,
}

/// A [`Gather`] into anything.
pub(crate) type Writer<'d> = Gather<dyn Drain + 'd>;

impl<D> Gather<D> {
    /// Creates a gatherer for what is best called seldom: a run is drained when it is full.
    #[inline]
    pub(crate) const fn new(drain: D) -> Self {
        Self::with_patience(usize::MAX, drain)
    }

    /// Creates a gatherer for a hasher, which is kept busy: [`advance`](Gather::advance) drains what is there.
    #[inline]
    pub(crate) const fn eager(drain: D) -> Self {
        Self::with_patience(2 * BLOCK, drain)
    }

    #[inline(always)]
    const fn with_patience(patience: usize, drain: D) -> Self {
        let _ = patience;
        Self {
            filled: 0,
            #[cfg(target_pointer_width = "64")]
            drained: 0,
            #[cfg(target_pointer_width = "64")]
            patience,
            run: [0; RUN],
            drain,
        }
    }
}

impl<D: Drain + ?Sized> Gather<D> {
    /// Takes a piece whose length is known to the compiler.
    #[inline]
    pub(crate) fn put_literal<const N: usize>(&mut self, piece: &[u8; N]) {
        // On small processors each copy is a call, which is better made in one place.
        if cfg!(target_pointer_width = "64")
            && let Some(place) = self.run.get_mut(self.filled..).and_then(<[u8]>::first_chunk_mut)
        {
            *place = *piece;
            self.filled += N;
            return;
        }
        self.put(piece);
    }

    /// Takes some pieces one after the other: at once, if there is room for all of them.
    #[inline(always)]
    pub(crate) fn put_all<const N: usize>(&mut self, pieces: [&[u8]; N]) {
        match self.run.get_mut(self.filled..).and_then(|free| fill(free, pieces)) {
            Some(left) => self.filled = RUN - left,
            None => self.put_each(&pieces),
        }
    }

    /// Takes a canonical header.
    #[inline(always)]
    pub(crate) fn put_line(&mut self, name: &[u8], value: &[u8]) {
        if cfg!(target_pointer_width = "64") {
            self.put_all([name, b":", value, b"\n"]);
            return self.advance();
        }
        self.put(name);
        self.put_byte(b':');
        self.put(value);
        self.put_byte(b'\n');
    }

    #[inline(never)]
    fn put_each(&mut self, pieces: &[&[u8]]) {
        pieces.iter().for_each(|piece| self.put(piece));
    }

    /// Lets a hasher go on with the blocks before the last one. They were written some time ago, so that it need not wait for
    /// them, and a processor does what comes next beside it.
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        #[cfg(target_pointer_width = "64")]
        if self.filled.wrapping_sub(self.drained) >= self.patience {
            self.drain_older();
        }
    }

    #[cfg(target_pointer_width = "64")]
    #[inline(never)]
    fn drain_older(&mut self) {
        let end = self.filled.saturating_sub(BLOCK) / BLOCK * BLOCK;
        if let Some(older) = self.run.get(self.drained..end) {
            self.drain.drain(older);
            self.drained = end;
        }
    }

    /// How many bytes have been gathered since the last run was full.
    #[inline]
    pub(crate) fn filled(&self) -> usize {
        self.filled
    }

    /// What has been gathered, to end it in its own way, with room for more. It begins and ends at these places.
    #[inline]
    pub(crate) fn rest(&mut self) -> (&mut [u8; RUN], Range<usize>, &mut D) {
        let undrained = self.take_drained()..take(&mut self.filled);
        (&mut self.run, undrained, &mut self.drain)
    }

    #[inline(always)]
    fn take_drained(&mut self) -> usize {
        #[cfg(target_pointer_width = "64")]
        return take(&mut self.drained);
        #[cfg(not(target_pointer_width = "64"))]
        0
    }

    #[inline(never)]
    fn put_across(&mut self, piece: &[u8]) {
        let Some((head, rest)) = piece.split_at_checked(RUN.saturating_sub(self.filled)) else { return };
        self.put(head);
        let drained = self.take_drained();
        self.drain.drain(self.run.get(drained..).unwrap_or_default());
        self.filled = 0;
        let (runs, tail) = rest.split_at_checked(rest.len() - rest.len() % RUN).unwrap_or_default();
        if !runs.is_empty() {
            self.drain.drain(runs);
        }
        self.put(tail);
    }
}

impl<D: Drain + ?Sized> ByteSink for Gather<D> {
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn put(&mut self, piece: &[u8]) {
        match self.run.get_mut(self.filled..).and_then(|free| free.get_mut(..piece.len())) {
            Some(place) => {
                copy(place, piece);
                self.filled += piece.len();
            }
            None => self.put_across(piece),
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline)]
    fn put_byte(&mut self, byte: u8) {
        match self.run.get_mut(self.filled) {
            Some(place) => {
                *place = byte;
                self.filled += 1;
            }
            None => self.put_across(&[byte]),
        }
    }
}

/// Copies the pieces to the beginning of `free`, and says how much of it is left; `None` if it is too short.
#[inline(always)]
fn fill<const N: usize>(mut free: &mut [u8], pieces: [&[u8]; N]) -> Option<usize> {
    for piece in pieces {
        let (place, rest) = free.split_at_mut_checked(piece.len())?;
        copy(place, piece);
        free = rest;
    }
    Some(free.len())
}

/// Runs `render` into `sink`, which gets few runs instead of many pieces.
pub(crate) fn gather(sink: &mut impl ByteSink, render: impl FnOnce(&mut Writer<'_>)) {
    let mut gather = Gather::new(IntoSink(sink));
    render(&mut gather);
    let (run, undrained, IntoSink(sink)) = gather.rest();
    if let Some(run) = run.get(undrained)
        && !run.is_empty()
    {
        sink.put(run);
    }
}

struct IntoSink<'s, S>(&'s mut S);

impl<S: ByteSink> Drain for IntoSink<'_, S> {
    fn drain(&mut self, run: &[u8]) {
        self.0.put(run);
    }
}

/// Copies what is mostly a name, a separator or a short value, without the call that a copy of any length is. Both are of
/// one length.
#[inline(always)]
pub(crate) fn copy(place: &mut [u8], bytes: &[u8]) {
    if cfg!(target_pointer_width = "64") {
        return match bytes.len() {
            8..16 => copy_ends::<8>(place, bytes),
            16..=32 => copy_ends::<16>(place, bytes),
            4..8 => copy_ends::<4>(place, bytes),
            33..=64 => copy_ends::<32>(place, bytes),
            // As good as `copy_from_slice`, whose check of the lengths stays in images that are built for size.
            _ => place.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte),
        };
    }
    // Where words are short, any of these would be a call.
    let (words, tail) = bytes.as_chunks::<4>();
    let (word_places, tail_place) = place.as_chunks_mut::<4>();
    for (place, word) in word_places.iter_mut().zip(words) {
        *place = *word;
    }
    for (place, byte) in tail_place.iter_mut().zip(tail) {
        *place = *byte;
    }
}

/// Copies `N` bytes from either end, which overlap.
#[inline]
fn copy_ends<const N: usize>(place: &mut [u8], bytes: &[u8]) {
    if let (Some(place), Some(bytes)) = (place.first_chunk_mut::<N>(), bytes.first_chunk::<N>()) {
        *place = *bytes;
    }
    if let (Some(place), Some(bytes)) = (place.last_chunk_mut::<N>(), bytes.last_chunk::<N>()) {
        *place = *bytes;
    }
}
