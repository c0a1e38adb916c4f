use std::collections::HashMap;

use crate::explain::canonical::{Canonical, shown_parameter};
use crate::explain::cause::Cause;
use crate::explain::diagnosis::Diagnosis;
use crate::explain::text::{decode, difference, encode, is_sensitive};

/// By what rule the canonical query strings differ, and where.
pub(super) fn diagnose(ours: &Canonical, theirs: &Canonical) -> Diagnosis {
    let (mine, other) = (ours.parameters(), theirs.parameters());
    let (mut sorted_mine, mut sorted_other) = (mine.clone(), other.clone());
    sorted_mine.sort_unstable();
    sorted_other.sort_unstable();
    if sorted_mine == sorted_other {
        return at_first(Cause::QueryOrder, &mine, &other);
    }
    // One side without values: `acl` and `acl=`.
    let bare =
        |pairs: &[&str]| pairs.iter().map(|pair| pair.trim_end_matches('=').to_owned()).collect::<Vec<_>>();
    if bare(&mine) == bare(&other) {
        return at_first(Cause::UnencodedBareKey, &mine, &other);
    }
    if mine.len() == other.len() && !mine.iter().zip(&other).any(|(a, b)| cause_of_pair(a, b).is_none()) {
        let cause = mine.iter().zip(&other).filter(|(a, b)| a != b).find_map(|(a, b)| cause_of_pair(a, b));
        return at_first(cause.unwrap_or(Cause::DifferentQuery), &mine, &other);
    }
    // Reading pluses or escapes otherwise can change the order too.
    if mine.len() == other.len()
        && let Some(diagnosis) = reordered(&mine, &other)
    {
        return diagnosis;
    }
    match (only(&mine, &other).as_slice(), only(&other, &mine).as_slice()) {
        ([], added) => Diagnosis::new(
            Cause::AddedParameter,
            format!("canonical query string: theirs has {}", added.join("&")),
        ),
        (dropped, []) => Diagnosis::new(
            Cause::DroppedParameter,
            format!("canonical query string: ours has {}", dropped.join("&")),
        ),
        _ => at_first(Cause::DifferentQuery, &mine, &other),
    }
}

/// The parameters that one query has and the other has not, or has less often.
fn only(pairs: &[&str], other: &[&str]) -> Vec<String> {
    let mut rest: HashMap<&str, usize> = HashMap::new();
    other.iter().for_each(|pair| *rest.entry(pair).or_default() += 1);
    let mut missing = pairs.to_vec();
    missing.retain(|pair| match rest.get_mut(pair) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    missing.into_iter().map(shown_parameter).collect()
}

/// A diagnosis if each of our parameters has one of theirs that means the same, in another order.
fn reordered(ours: &[&str], theirs: &[&str]) -> Option<Diagnosis> {
    let mut by_meaning: HashMap<Vec<u8>, Vec<&str>> = HashMap::new();
    for pair in theirs {
        let same = by_meaning.entry(meaning(pair)).or_default();
        // More than these say no more.
        if same.len() < MAX_ALIKE {
            same.push(pair);
        }
    }
    let mut changed = None;
    for pair in ours {
        let same = by_meaning.get(&meaning(pair))?;
        let (cause, other) = same.iter().find_map(|other| Some((cause_of_pair(pair, other)?, *other)))?;
        if changed.is_none() && !same.contains(pair) {
            changed = Some((cause, *pair, other));
        }
    }
    Some(match changed {
        Some((cause, pair, other)) => Diagnosis::new(cause, shown(pair, other)),
        None => at_first(Cause::QueryOrder, ours, theirs),
    })
}

/// How many parameters that mean the same are compared with one of ours.
const MAX_ALIKE: usize = 8;

/// What a parameter means, however it is encoded, up to three times. It is the same for all that [`cause_of_pair`] considers
/// the same.
fn meaning(pair: &str) -> Vec<u8> {
    let mut text = decode(pair);
    for _ in 0..3 {
        text = decode(&String::from_utf8_lossy(&text));
    }
    text.iter_mut().filter(|byte| **byte == b' ').for_each(|byte| *byte = b'+');
    text
}

/// Why two parameters that mean the same are written in two ways; `None` if they mean something else.
fn cause_of_pair(ours: &str, theirs: &str) -> Option<Cause> {
    if ours == theirs {
        return Some(Cause::QueryOrder);
    }
    let plus = |pair: &str| pair.replace("%2B", "+").replace("%2b", "+").replace("%20", "+");
    let twice =
        |pair: &str| pair.split('=').map(|half| encode(half.as_bytes())).collect::<Vec<_>>().join("=");
    let decoded = |pair: &str| pair.splitn(2, '=').map(decode).collect::<Vec<_>>();
    if ours.eq_ignore_ascii_case(theirs) && decoded(ours) == decoded(theirs) {
        Some(Cause::QueryEncoding)
    } else if plus(ours) == plus(theirs) {
        Some(Cause::PlusInQuery)
    } else if (ours.contains('%') && twice(ours) == theirs) || (theirs.contains('%') && twice(theirs) == ours)
    {
        Some(Cause::QueryEncodedTwice)
    } else if decoded(ours) == decoded(theirs) {
        Some(Cause::QueryEncoding)
    } else {
        None
    }
}

/// The first parameters that differ.
fn at_first(cause: Cause, ours: &[&str], theirs: &[&str]) -> Diagnosis {
    let same = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let pair = |pairs: &[&str]| pairs.get(same).copied().unwrap_or_default().to_owned();
    Diagnosis::new(cause, shown(&pair(ours), &pair(theirs)))
}

fn shown(ours: &str, theirs: &str) -> String {
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    if is_sensitive(&name(ours)) || is_sensitive(&name(theirs)) {
        return format!(
            "canonical query string: ours {}   theirs {}",
            shown_parameter(ours),
            shown_parameter(theirs)
        );
    }
    difference("canonical query string, in this parameter", ours, theirs)
}
