use awsauth_core::ByteSink;
use bytes::Bytes;

use super::equal::equal;

/// Compares a request's own target with the canonical one while that is written. Nothing is copied as long as they are the
/// same.
pub(crate) struct TargetChange<'r> {
    path: &'r [u8],
    query: &'r [u8],
    same: usize,
    changed: Option<Vec<u8>>,
}

impl<'r> TargetChange<'r> {
    /// `query` is without the `?`, which an empty one does not have.
    pub(crate) fn of(path: &'r str, query: &'r str) -> Self {
        Self { path: path.as_bytes(), query: query.as_bytes(), same: 0, changed: None }
    }

    /// What was written, if it differs from the request's own target.
    pub(crate) fn changed(self) -> Option<Bytes> {
        match self.changed {
            Some(bytes) => Some(bytes.into()),
            None if self.same == self.length() => None,
            None => Some(self.as_far_as_same().into()),
        }
    }

    fn length(&self) -> usize {
        self.parts().iter().map(|part| part.len()).sum()
    }

    fn is_next(&self, mut run: &[u8]) -> bool {
        let mut at = self.same;
        for part in self.parts() {
            let rest = part.get(at..).unwrap_or_default();
            at = at.saturating_sub(part.len());
            let (begins, beyond) = run.split_at_checked(rest.len()).unwrap_or((run, b""));
            if !rest.get(..begins.len()).is_some_and(|rest| equal(rest, begins)) {
                return false;
            }
            run = beyond;
        }
        run.is_empty()
    }

    fn as_far_as_same(&self) -> Vec<u8> {
        // Mostly the same bytes in another order.
        let mut bytes = Vec::with_capacity(self.length());
        for part in self.parts() {
            let end = part.len().min(self.same.saturating_sub(bytes.len()));
            bytes.extend_from_slice(part.get(..end).unwrap_or_default());
        }
        bytes
    }

    fn parts(&self) -> [&'r [u8]; 3] {
        let question_mark: &[u8] = if self.query.is_empty() { b"" } else { b"?" };
        [self.path, question_mark, self.query]
    }
}

impl ByteSink for TargetChange<'_> {
    #[inline]
    fn put(&mut self, run: &[u8]) {
        if let Some(changed) = &mut self.changed {
            changed.extend_from_slice(run);
        } else if self.is_next(run) {
            self.same += run.len();
        } else {
            let mut changed = self.as_far_as_same();
            changed.extend_from_slice(run);
            self.changed = Some(changed);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_what_was_written_unless_that_is_what_was_there(
            path in "/[ab/]{0,6}",
            query in "[ab=&]{0,6}",
            other in "/[ab/]{0,6}(\\?[ab=&]{1,6})?",
            same in any::<bool>(),
            cuts in prop::collection::vec(0_usize..14, 0..4),
        ) {
            let own = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
            let written = if same { own.clone() } else { other };
            let mut change = TargetChange::of(&path, &query);
            let mut from = 0;
            for cut in cuts {
                let to = cut.clamp(from, written.len());
                change.put(&written.as_bytes()[from..to]);
                from = to;
            }
            change.put(&written.as_bytes()[from..]);
            prop_assert_eq!(change.changed(), (written != own).then(|| written.into()));
        }
    }
}
