use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue};

use super::added_headers::AddedHeaders;
use super::head::RequestHead;
use crate::error::Error;

/// What signing changes in a request. All of it is known before anything is changed.
#[derive(Default)]
pub(crate) struct Changes {
    /// The new path and query, if they differ.
    pub(crate) target: Option<Bytes>,
    /// The new host, if it differs.
    pub(crate) host: Option<ChangedHost>,
    /// New values of the caller's headers, by their positions.
    pub(crate) values: Vec<(usize, HeaderValue)>,
    /// The headers to set.
    pub(crate) headers: AddedHeaders,
    /// The form that replaces the body.
    pub(crate) form: Option<Bytes>,
}

/// How a client is made to send another host.
pub(crate) enum ChangedHost {
    /// By the URL, from which the client makes the `host` header.
    Authority(Box<str>),
    /// By the `host` header.
    Header(HeaderValue),
}

impl Changes {
    pub(crate) fn apply(&mut self, head: &mut impl RequestHead) -> Result<(), Error> {
        let host = usize::from(matches!(self.host, Some(ChangedHost::Header(_))));
        self.headers.make_room(head.headers_mut(), host)?;
        // The last steps that can fail are the first that change anything. The second cannot fail for a URL that has a host.
        if let Some(target) = self.target.take() {
            head.set_target_owned(target)?;
        }
        if let Some(ChangedHost::Authority(authority)) = &self.host {
            head.set_authority(authority)?;
        }
        let headers = head.headers_mut();
        if !self.values.is_empty() {
            self.replace_values(headers);
        }
        self.headers.replace(headers);
        if let Some(ChangedHost::Header(host)) = self.host.take() {
            headers.insert(HOST, host);
        }
        if let Some(form) = &self.form {
            let content_type = HeaderValue::from_static(awsauth_core::sigv2::FORM_CONTENT_TYPE);
            headers.insert(CONTENT_TYPE, content_type);
            if headers.contains_key(CONTENT_LENGTH) {
                headers.insert(CONTENT_LENGTH, form.len().into());
            }
        }
        Ok(())
    }

    /// Must run before any other header is changed, as the positions are those in the original request.
    #[cold]
    fn replace_values(&mut self, headers: &mut HeaderMap) {
        self.values.sort_unstable_by_key(|(position, _)| *position);
        let mut values = self.values.drain(..).peekable();
        for (position, (_, value)) in headers.iter_mut().enumerate() {
            if let Some((_, changed)) = values.next_if(|(next, _)| *next == position) {
                *value = changed;
            }
        }
    }
}
