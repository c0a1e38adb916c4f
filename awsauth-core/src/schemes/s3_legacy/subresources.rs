use core::iter;

use crate::text::percent::Decoded;

/// Which query parameters are signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subresources<'a> {
    /// Signed besides those of S3.
    pub(crate) extra: &'a [&'a str],
    /// Not signed, though they are S3's.
    pub(crate) unsigned: &'a [&'a str],
}

impl Subresources<'_> {
    /// Whether the parameter of this decoded name is signed.
    pub(crate) fn have(&self, name: Decoded<'_>) -> bool {
        let is = |other: &&&str| name.clone().eq(other.bytes());
        let is_s3s = S3.binary_search_by(|other| other.bytes().cmp(name.clone())).is_ok();
        (is_s3s || self.extra.iter().any(|other| is(&other))) && !self.unsigned.iter().any(|other| is(&other))
    }

    /// Whether a decoded value holds what would be read as another sub-resource where all of them stand: `&`, one's name,
    /// and then `=`, `&` or the end.
    pub(crate) fn hide_in(&self, value: Decoded<'_>) -> bool {
        let mut rest = value;
        let afters = iter::from_fn(|| rest.find(|byte| *byte == b'&').map(|_| rest.clone()));
        afters.into_iter().any(|after| {
            let matches = |name: &str| {
                let mut after = after.clone();
                name.bytes().all(|byte| after.next() == Some(byte))
                    && matches!(after.next(), None | Some(b'&' | b'='))
            };
            S3.iter().chain(self.extra).any(|name| matches(name))
        })
    }
}

/// Those that S3's own API has and those that signers and stores sign besides, by the order of their bytes.
///
/// AWS's page names 14 of them and S3 has taken this scheme for no bucket since 2020, so servers and signers differ on the
/// rest: RGW signs `encryption`, `policyStatus` and `publicAccessBlock`, MinIO `encryption`, `legal-hold` and `retention`,
/// AWS's SDKs `accelerate`, `analytics`, `inventory`, `metrics` and `replication`. What none signs anybody can add to a
/// signed request.
const S3: [&str; 53] = [
    "abac",
    "accelerate",
    "acl",
    "analytics",
    "annotation",
    "annotationName",
    "attributes",
    "cors",
    "defaultObjectAcl",
    "delete",
    "encryption",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "location",
    "logging",
    "metadataAnnotationTable",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "ownershipControls",
    "partNumber",
    "policy",
    "policyStatus",
    "publicAccessBlock",
    "renameObject",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "retention",
    "select",
    "select-type",
    "session",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PlusSign;

    fn decoded(text: &str) -> Decoded<'_> {
        Decoded::new(text.as_bytes(), PlusSign::Space)
    }

    #[test]
    fn are_sorted() {
        assert!(S3.windows(2).all(|pair| pair.first() < pair.last()));
    }

    #[test]
    fn are_found_by_their_whole_name_in_its_case() {
        let all = Subresources { extra: &["usage"], unsigned: &["retention"] };
        assert!(S3.iter().all(|name| all.have(decoded(name)) != (*name == "retention")));
        for (name, is) in [
            ("usage", true),
            ("%61cl", true),
            ("ACL", false),
            ("ac", false),
            ("acls", false),
            ("", false),
            ("prefix", false),
        ] {
            assert_eq!(all.have(decoded(name)), is, "{name}");
        }
    }

    #[test]
    fn hide_after_an_ampersand_alone() {
        let all = Subresources { extra: &["usage"], unsigned: &[] };
        for (value, hides) in [
            ("1%26uploadId%3DX", true),
            ("1&uploadId=X", true),
            ("1%26acl", true),
            ("1%26acl%26", true),
            ("%26%26%75sage", true),
            ("acl", false),
            ("1%3Facl", false),
            ("attachment; filename=\"Q%26A.txt\"", false),
            ("a%26acls", false),
            ("a%26ac", false),
            ("a%26", false),
            ("a%26ACL", false),
        ] {
            assert_eq!(all.hide_in(decoded(value)), hides, "{value}");
        }
    }
}
