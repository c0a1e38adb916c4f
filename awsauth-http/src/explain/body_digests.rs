use sha2::{Digest, Sha256};

/// The hash of a body, and of what clients may make of it.
#[derive(Clone)]
pub(super) struct BodyDigests {
    pub(super) sent: [u8; 32],
    pub(super) other_newlines: Vec<[u8; 32]>,
}

/// Longer bodies are not searched for changed newlines.
const MAX_SEARCHED: usize = 1 << 20;

impl BodyDigests {
    /// Hashes the body once, and once more for each kind of newline that is in it.
    pub(super) fn of(body: &[u8]) -> Self {
        let is_searched = body.len() <= MAX_SEARCHED;
        // Bodies that end earlier or later share the beginning.
        let trimmed = body.trim_ascii_end();
        let shorter = body.strip_suffix(b"\n").unwrap_or(body);
        let mut hasher = Sha256::new_with_prefix(trimmed);
        let mut others = vec![hasher.clone()];
        hasher.update(shorter.get(trimmed.len()..).unwrap_or_default());
        others.push(hasher.clone());
        hasher.update(body.get(shorter.len().max(trimmed.len())..).unwrap_or_default());
        others.extend([&b"\n"[..], b"\r\n"].map(|more| hasher.clone().chain_update(more)));
        if is_searched && body.contains(&b'\r') {
            others.push(with_newlines(body, b"\n"));
        }
        if is_searched && body.contains(&b'\n') {
            others.push(with_newlines(body, b"\r\n"));
        }
        let sent = hasher.finalize().into();
        let mut other_newlines = Vec::new();
        if is_searched {
            other_newlines.extend(others.into_iter().map(|other| <[u8; 32]>::from(other.finalize())));
            other_newlines.retain(|digest| *digest != sent);
        }
        Self { sent, other_newlines }
    }
}

/// The body without any carriage return, and with these newlines.
fn with_newlines(body: &[u8], newline: &[u8]) -> Sha256 {
    let mut hasher = Sha256::new();
    for (at, line) in body.split(|byte| *byte == b'\n').enumerate() {
        if at > 0 {
            hasher.update(newline);
        }
        line.split(|byte| *byte == b'\r').for_each(|run| hasher.update(run));
    }
    hasher
}

#[cfg(test)]
mod tests {
    use awsauth_core::sha256;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn are_those_of_what_clients_make_of_it(body in "[ab \r\n]{0,12}") {
            let digests = BodyDigests::of(body.as_bytes());
            prop_assert_eq!(digests.sent, sha256(body.as_bytes()));
            let unix = body.replace('\r', "");
            let dos = unix.replace('\n', "\r\n");
            let (longer, longer_dos) = (format!("{body}\n"), format!("{body}\r\n"));
            let shorter = body.strip_suffix('\n').unwrap_or(&body);
            for other in [body.trim_end(), shorter, &longer, &longer_dos, &unix, &dos] {
                let digest = sha256(other.as_bytes());
                prop_assert_eq!(digests.other_newlines.contains(&digest), other != body, "{:?} {:?}", body, other);
            }
        }
    }
}
