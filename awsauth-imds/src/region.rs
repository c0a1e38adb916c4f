//! Region names.

/// Whether `name` can be a region. It may end up as a label of a host name, so it must be able to be one.
pub(crate) fn is_region(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=32).contains(&name.len()) && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_label_is_no_region() {
        for good in ["eu-central-1", "us-gov-west-1", "us-isob-east-1"] {
            assert!(is_region(good), "{good}");
        }
        for bad in ["", "x", "eu central", "eu-central-1.example.com/", "EU", "a@b", "eu-central-1\r\n"] {
            assert!(!is_region(bad), "{bad}");
        }
    }
}
