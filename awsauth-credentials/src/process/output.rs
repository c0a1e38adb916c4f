//! What a command leaves behind: its output and how it ended.

use std::process::ExitStatus;

use zeroize::Zeroizing;

pub(super) const MAX_STDOUT_BYTES: usize = 64 * 1024;
pub(super) const MAX_STDERR_BYTES: usize = 4 * 1024;
const MAX_QUOTED_CHARS: usize = 512;

/// How a command ended.
pub(super) enum Exit {
    Status(ExitStatus),
    /// Stopped by the system for using the terminal, as it is not in the terminal's foreground.
    #[allow(dead_code, reason = "not every system has such terminals")]
    StoppedForTerminal,
}

/// The first bytes of an output stream.
pub(super) struct Output {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) overflowed: bool,
    limit: usize,
}

impl Output {
    /// Allocates all the memory at the start, so that growing leaves no copies behind.
    pub(super) fn new(limit: usize) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(limit)), limit, overflowed: false }
    }

    /// Keeps what there is room for.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.bytes.len());
        self.overflowed |= bytes.len() > room;
        self.bytes.extend(bytes.iter().take(room));
    }

    /// The text to append to an error: bounded and on one line, empty if there is no output.
    pub(super) fn quoted(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let words: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
        if words.is_empty() {
            return String::new();
        }
        let shown: String = words.join(" ").chars().take(MAX_QUOTED_CHARS).collect();
        format!("; it said: {shown}")
    }
}
