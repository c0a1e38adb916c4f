//! Files that hold a bearer token and are renewed by whoever writes them.

use std::fs::File;
use std::io::Read;

use awsauth_credentials::{CredentialsError, ErrorKind};
use zeroize::Zeroizing;

use crate::http_client::MAX_BODY;
use crate::text;

/// The trimmed content of a token file that `variable` names; small enough to be read in place by async callers too.
pub(crate) fn read(
    source: &'static str,
    variable: &str,
    path: &str,
) -> Result<Zeroizing<String>, CredentialsError> {
    let limit = u64::try_from(MAX_BODY).unwrap_or(u64::MAX);
    let mut content = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut content));
    let failed = |kind, detail: String| Err(CredentialsError::new(source, kind, text::printable(&detail)));
    if let Err(error) = read {
        return failed(
            ErrorKind::Incomplete,
            format!("the file {path} of {variable} cannot be read: {error}"),
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
