use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};

use crate::added_headers::AddedHeaders;
use crate::{Error, RequestHead};

/// What signing changes of a request: all of it is known before anything is changed.
#[derive(Default)]
pub(crate) struct Changes {
    /// Path and query, if they differ.
    pub(crate) target: Option<Bytes>,
    /// The headers to set.
    pub(crate) headers: AddedHeaders,
    /// The form to send in place of the body.
    pub(crate) form: Option<Bytes>,
}

impl Changes {
    pub(crate) fn apply(
        &mut self,
        head: &mut impl RequestHead,
        signed_host: Option<&str>,
    ) -> Result<(), Error> {
        let host = match signed_host {
            Some(host) => Some(HeaderValue::from_str(host).map_err(|_| awsauth_core::Error::MalformedHost)?),
            None => None,
        };
        self.headers.make_room(head.headers_mut())?;
        // The last step that can fail, and the first that changes anything.
        if let Some(target) = self.target.take() {
            head.set_target_owned(target)?;
        }
        let headers = head.headers_mut();
        self.headers.replace(headers);
        if let Some(host) = host {
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
}
