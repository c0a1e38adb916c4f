use super::text::is_sensitive;

/// A canonical request in its parts: ours, or the one that a service states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Canonical {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    /// Names and values; values may be any bytes.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) signed_headers: String,
    pub(super) payload: String,
}

impl Canonical {
    /// `None` if this is not a canonical request.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut lines = text.split(|byte| *byte == b'\n');
        let mut line = || lines.next();
        let string = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
        let (method, path, query) = (string(line()?), string(line()?), string(line()?));
        let mut headers = Vec::new();
        loop {
            let header = line()?;
            if header.is_empty() {
                break;
            }
            let colon = header.iter().position(|byte| *byte == b':')?;
            let (name, value) = header.split_at_checked(colon)?;
            headers.push((string(name), value.get(1..)?.to_vec()));
        }
        let (signed_headers, payload) = (string(line()?), string(line()?.trim_ascii_end()));
        Some(Self { method, path, query, headers, signed_headers, payload })
    }

    /// The bytes that are hashed.
    pub(super) fn render(&self) -> Vec<u8> {
        let mut text = format!("{}\n{}\n{}\n", self.method, self.path, self.query).into_bytes();
        for (name, value) in &self.headers {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            text.extend_from_slice(value);
            text.push(b'\n');
        }
        text.extend_from_slice(format!("\n{}\n{}", self.signed_headers, self.payload).as_bytes());
        text
    }

    pub(super) fn sha256(&self) -> [u8; 32] {
        awsauth_core::sha256(&self.render())
    }

    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find_map(|(other, value)| (other == name).then_some(value.as_slice()))
    }

    /// The parameters of the query as they are written.
    pub(super) fn parameters(&self) -> Vec<&str> {
        self.query.split('&').filter(|pair| !pair.is_empty()).collect()
    }
}

/// A parameter, without its value if that must not be shown.
pub(super) fn shown_parameter(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) if is_sensitive(name) => format!("{name}=.."),
        _ => pair.to_owned(),
    }
}
