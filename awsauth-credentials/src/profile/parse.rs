//! The syntax of the shared files: lines to sections. The meaning of sections is the concern of `set`.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// The properties of one section, by lower-case name.
pub(super) type Properties = BTreeMap<String, Zeroizing<String>>;

/// One `[header]` with what follows it; sections may repeat.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// `profile` in `[profile dev]`; empty in `[dev]`.
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) properties: Properties,
}

/// A line that cannot be read, counted from 1. Does not hold the line, which can hold a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) line: usize,
    pub(super) problem: &'static str,
}

pub(super) fn parse(text: &str) -> Result<Vec<Section<'_>>, SyntaxError> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    // The property that an indented line continues.
    let mut open: Option<OpenProperty> = None;
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let error = |problem| Err(SyntaxError { line: index + 1, problem });
        let trimmed = line.trim_matches(BLANK);
        if trimmed.is_empty() || trimmed.starts_with(COMMENT) {
            continue;
        }
        if line.starts_with('[') {
            let Some(section) = parse_header(trimmed) else {
                return error("the profile definition does not end with ']'");
            };
            sections.push(section);
            open = None;
            continue;
        }
        let Some(section) = sections.last_mut() else {
            return error("expected a profile definition such as [default] first");
        };
        if line.starts_with(BLANK) {
            let Some(open) = &open else {
                return error(
                    "an indented line continues a property, and there is none before it; remove the indent",
                );
            };
            if open.has_sub_properties
                && let Err(problem) = parse_property(trimmed)
            {
                return error(problem);
            }
            if let Some(value) = section.properties.get_mut(&open.name) {
                value.push('\n');
                value.push_str(trimmed);
            }
        } else {
            let (name, value) = match parse_property(trimmed) {
                Ok(property) => property,
                Err(problem) => return error(problem),
            };
            let name = name.to_ascii_lowercase();
            open = Some(OpenProperty { name: name.clone(), has_sub_properties: value.is_empty() });
            section.properties.insert(name, Zeroizing::new(value.to_owned()));
        }
    }
    Ok(sections)
}

/// The `name = value` lines below a property without a value of its own, such as `s3 =`. As in every continued line,
/// what looks like a comment is part of the value.
pub(super) fn sub_properties(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = value.strip_prefix('\n').unwrap_or_default().lines();
    lines.filter_map(|line| {
        let (name, value) = line.split_once('=')?;
        Some((name.trim_matches(BLANK), value.trim_matches(BLANK)))
    })
}

/// Names of profiles and properties; others are ignored with all they hold.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte))
}

const BLANK: [char; 2] = [' ', '\t'];
const COMMENT: [char; 2] = ['#', ';'];

struct OpenProperty {
    name: String,
    has_sub_properties: bool,
}

/// A comment may stand next to a header.
fn parse_header(line: &str) -> Option<Section<'_>> {
    let line = line.split(COMMENT).next()?.trim_matches(BLANK);
    let header = line.strip_prefix('[')?.strip_suffix(']')?.trim_matches(BLANK);
    let (kind, name) = match header.split_once(BLANK) {
        Some((kind, name)) => (kind, name.trim_matches(BLANK)),
        None => ("", header),
    };
    Some(Section { kind, name, properties: Properties::new() })
}

/// In a property, only what stands after white space is a comment: `#` and `;` occur in values.
fn parse_property(line: &str) -> Result<(&str, &str), &'static str> {
    let starts_comment =
        |(at, _): &(usize, &str)| line.get(..*at).is_some_and(|before| before.ends_with(BLANK));
    let end = line.match_indices(COMMENT).find(starts_comment).map_or(line.len(), |(at, _)| at);
    let line = line.get(..end).unwrap_or(line);
    let (name, value) =
        line.split_once('=').ok_or("expected an '=' between the property's name and its value")?;
    let (name, value) = (name.trim_matches(BLANK), value.trim_matches(BLANK));
    if name.is_empty() { Err("the property has no name before its '='") } else { Ok((name, value)) }
}
