//! The one sink that SigV4's renderers know. Each of them exists once in an image, whether a hasher or a socket takes what it
//! writes, and short pieces cost a copy, not a call.

use super::sink::Sink;

/// Whole blocks of SHA-256: one where stack is scarce, and where it is not as many as make the calls for each few.
const RUN: usize = if cfg!(target_pointer_width = "64") { 256 } else { 64 };

/// Takes what has been gathered.
pub(crate) trait Drain {
    /// Takes the next bytes: whole runs, but for the last ones.
    fn drain(&mut self, run: &[u8]);
}

/// Gathers pieces into runs.
pub(crate) struct Gather<D: ?Sized> {
    filled: usize,
    run: [u8; RUN],
    pub(crate) drain: D,
}

/// A [`Gather`] into anything.
pub(crate) type Writer<'d> = Gather<dyn Drain + 'd>;

impl<D> Gather<D> {
    #[inline]
    pub(crate) const fn new(drain: D) -> Self {
        Self { filled: 0, run: [0; RUN], drain }
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

    /// What has been gathered, to end it in its own way, with room for more.
    pub(crate) fn rest(&mut self) -> (&mut [u8; RUN], usize, &mut D) {
        let filled = core::mem::take(&mut self.filled);
        (&mut self.run, filled, &mut self.drain)
    }

    #[inline(never)]
    fn put_across(&mut self, piece: &[u8]) {
        let Some((head, rest)) = piece.split_at_checked(RUN.saturating_sub(self.filled)) else { return };
        self.put(head);
        self.drain.drain(&self.run);
        self.filled = 0;
        let (runs, tail) = rest.split_at_checked(rest.len() - rest.len() % RUN).unwrap_or_default();
        if !runs.is_empty() {
            self.drain.drain(runs);
        }
        self.put(tail);
    }
}

impl<D: Drain + ?Sized> Sink for Gather<D> {
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

/// Runs `render` into `sink`, which gets few runs instead of many pieces.
pub(crate) fn gather(sink: &mut impl Sink, render: impl FnOnce(&mut Writer<'_>)) {
    let mut gather = Gather::new(IntoSink(sink));
    render(&mut gather);
    let (run, filled, IntoSink(sink)) = gather.rest();
    if let Some(run) = run.get(..filled)
        && filled != 0
    {
        sink.put(run);
    }
}

struct IntoSink<'s, S>(&'s mut S);

impl<S: Sink> Drain for IntoSink<'_, S> {
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
