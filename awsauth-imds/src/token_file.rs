//! Files that hold a bearer token, which their writer renews.

use std::fs::File;
use std::io::Read;

use awsauth_credentials::{CredentialsError, ErrorKind};
use zeroize::Zeroizing;

use crate::text;

const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// The trimmed content of a token file that `variable` names, up to 64 KiB; small enough for async callers to read it in
/// place too.
pub(crate) fn read(
    source: &'static str,
    variable: &str,
    path: &str,
) -> Result<Zeroizing<String>, CredentialsError> {
    let limit = u64::try_from(MAX_TOKEN_BYTES).unwrap_or(u64::MAX);
    // With room for all of it from the start, growing leaves no copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(MAX_TOKEN_BYTES + 1));
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut content));
    let failed = |kind, detail: String| Err(CredentialsError::new(source, kind, text::printable(&detail)));
    if let Err(error) = read {
        return failed(
            ErrorKind::Incomplete,
            format!("the file {path} of {variable} cannot be read: {error}"),
        );
    }
    if content.len() > MAX_TOKEN_BYTES {
        return failed(
            ErrorKind::Malformed,
            format!("the file {path} of {variable} has more than 64 KiB: it must hold a token alone"),
        );
    }
    match core::str::from_utf8(&content).map(str::trim) {
        Ok("") => failed(ErrorKind::Incomplete, format!("the file {path} of {variable} is empty")),
        Ok(token) if token.chars().any(char::is_control) => failed(
            ErrorKind::Malformed,
            format!("the file {path} of {variable} holds line breaks or control characters inside the token"),
        ),
        Ok(token) => Ok(Zeroizing::new(token.to_owned())),
        Err(_) => failed(ErrorKind::Malformed, format!("the file {path} of {variable} is not text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_whole_or_an_error() {
        let path = std::env::temp_dir().join(format!("awsauth-imds-token-length-{}", std::process::id()));
        for (length, is_whole) in
            [(1, true), (MAX_TOKEN_BYTES, true), (MAX_TOKEN_BYTES + 1, false), (2 * MAX_TOKEN_BYTES, false)]
        {
            std::fs::write(&path, vec![b'a'; length]).unwrap();
            let read = read("test", "VARIABLE", path.to_str().unwrap());
            assert_eq!(read.as_ref().map_or(0, |token| token.len()), if is_whole { length } else { 0 });
            assert!(
                read.is_ok() || read.is_err_and(|error| error.kind() == ErrorKind::Malformed),
                "{length}"
            );
        }
        std::fs::remove_file(&path).unwrap();
    }
}
