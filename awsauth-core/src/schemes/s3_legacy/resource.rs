use super::bucket::HostBucket;
use super::subresources::Subresources;
use crate::canonical::parameters::{self, Parameter, Parameters};
use crate::canonical::wire_path::WirePath;
use crate::text::percent::PlusSign;
use crate::text::sink::ByteSink;
use crate::vocabulary::error::Error;

/// What the request is about: bucket, path and sub-resources, and the query to send.
#[derive(Clone)]
pub(super) struct Resource<'a> {
    pub(super) bucket: Option<HostBucket<'a>>,
    pub(super) path: WirePath<'a>,
    query: &'a [u8],
    plus: PlusSign,
    subresources: Parameters<'a>,
    names: Subresources<'a>,
    /// The query holds an old signature.
    presigned: bool,
}

/// What a presigned signature consists of, besides the words that may be the caller's own.
const AUTHENTICATION: [&str; 2] = ["AWSAccessKeyId", "x-amz-security-token"];
/// Parameters that belong to a signature only if there is an `AWSAccessKeyId` too.
const COMMON_WORDS: [&str; 2] = ["Expires", "Signature"];

impl<'a> Resource<'a> {
    pub(super) fn new(
        bucket: Option<HostBucket<'a>>,
        path: WirePath<'a>,
        query: &'a str,
        plus: PlusSign,
        names: Subresources<'a>,
    ) -> Result<Self, Error> {
        let query = query.as_bytes();
        parameters::check(query)?;
        let subresources = Parameters::new(query, plus, |parameter| names.have(parameter.name()))?;
        for parameter in subresources.iter() {
            if parameter.value().any(|byte| byte.is_ascii_control()) {
                return Err(Error::ControlInSubresource);
            }
            if names.hide_in(parameter.value()) {
                return Err(Error::AmbiguousSubresource);
            }
        }
        let presigned = parameters::split(query, plus).any(|parameter| parameter.is("AWSAccessKeyId"));
        Ok(Self { bucket, path, query, plus, subresources, names, presigned })
    }

    /// The same about to be sent: lone dots in the key are escaped, which clients would resolve. What was received is read as
    /// it came.
    pub(super) fn sent(self) -> Self {
        Self { path: self.path.escaping_lone_dots(), ..self }
    }

    /// Whether there is an `x-amz-*` parameter, other than an old token.
    pub(super) fn has_amz_parameter(&self) -> bool {
        self.kept().any(|parameter| {
            let start = parameter.name().take(6).map(|byte| byte.to_ascii_lowercase());
            start.eq(*b"x-amz-")
        })
    }

    /// Whether there is a parameter of the caller's own that a presigned signature needs the name of.
    pub(super) fn has_reserved_parameter(&self) -> bool {
        self.kept().any(|parameter| is_one_of(&COMMON_WORDS, parameter))
    }

    /// The canonicalized resource. Values are decoded, as servers read them.
    pub(super) fn write_to(&self, sink: &mut impl ByteSink) {
        if let Some(bucket) = &self.bucket {
            bucket.write_to(sink);
        }
        self.path.write_to(sink);
        let mut separator: &[u8] = b"?";
        for parameter in self.subresources.iter() {
            sink.put(separator);
            separator = b"&";
            parameter.name().for_each(|byte| sink.put(&[byte]));
            if parameter.value().next().is_some() {
                sink.put(b"=");
                parameter.value().for_each(|byte| sink.put(&[byte]));
            }
        }
    }

    /// Writes path and query as they are sent, without an old signature. Returns the separator before a further
    /// parameter.
    pub(super) fn write_target(&self, sink: &mut impl ByteSink) -> &'static [u8] {
        self.path.write_to(sink);
        let mut separator: &[u8] = b"?";
        for parameter in self.kept() {
            sink.put(separator);
            separator = b"&";
            parameter.write_name(sink);
            // Servers differ on whether an empty value is signed with its `=`, and agree on none.
            let empty = parameter.value().next().is_none() && self.names.have(parameter.name());
            if !parameter.is_bare() && !empty {
                sink.put(b"=");
                parameter.write_value(sink);
            }
        }
        separator
    }

    fn kept(&self) -> impl Iterator<Item = Parameter<'a>> {
        let is_old = |parameter: Parameter<'a>| {
            is_one_of(&AUTHENTICATION, parameter) || self.presigned && is_one_of(&COMMON_WORDS, parameter)
        };
        parameters::split(self.query, self.plus).filter(move |parameter| !is_old(*parameter))
    }
}

fn is_one_of(names: &[&str], parameter: Parameter<'_>) -> bool {
    names.iter().any(|name| parameter.is(name))
}
