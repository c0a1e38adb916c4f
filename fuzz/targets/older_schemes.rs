//! A request of S3's first scheme or of Signature Version 2 that somebody has changed on the way is refused, or a server
//! does the same for it.
#![no_main]

use awsauth_core::PlusSign;
use awsauth_core::verify::Refusal;
use awsauth_fuzz::Tampered;
use awsauth_fuzz::older_meaning::Meaning;

libfuzzer_sys::fuzz_target!(|input: Tampered<'_>| {
    let Ok(signed) = input.sign() else { return };
    match input.verify(&signed) {
        Ok(()) => {}
        // What a signer signs as one, or not at all, its server does not take.
        Err(
            Refusal::HostMismatch
            | Refusal::RepeatedAuthentication(_)
            | Refusal::RepeatedHeader(_)
            | Refusal::UnsignedHeader(_)
            | Refusal::UnsignedParameter
            | Refusal::UnsignedPayloadRefused,
        ) => return,
        Err(refusal) => panic!("{refusal:?}: {signed:?}"),
    }
    let mut changed = signed.clone();
    for change in input.changes {
        changed.change(change);
    }
    if input.verify(&changed) == Ok(()) {
        let meaning = |wire| Meaning::of(wire, input.scheme, input.plus_sign() == PlusSign::Space);
        assert_eq!(meaning(&changed), meaning(&signed), "{signed:?} -> {changed:?}");
    }
});
