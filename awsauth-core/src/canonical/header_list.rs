/// The names in a list of signed headers, as the header has it (`a;b`) or a URL (`a%3Bb`).
pub(crate) fn listed(list: &str) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(list.as_bytes());
    core::iter::from_fn(move || {
        let list = rest.take()?;
        let separator = |at: usize| match list.get(at..) {
            Some([b';', ..]) => Some((at, 1)),
            Some([b'%', b'3', b'B' | b'b', ..]) => Some((at, 3)),
            _ => None,
        };
        let Some((end, width)) = (0..list.len()).find_map(separator) else { return Some(list) };
        rest = list.get(end + width..);
        list.get(..end)
    })
}

/// Whether a list has this header, whose name may be in any case.
pub(crate) fn lists(list: &str, name: &str) -> bool {
    listed(list).any(|listed| listed.eq_ignore_ascii_case(name.as_bytes()))
}
