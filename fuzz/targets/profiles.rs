//! Profile files parse or are refused; what was read, written down again, reads the same.
#![no_main]

use awsauth_credentials::ProfileSet;
use awsauth_fuzz::Pieces;

libfuzzer_sys::fuzz_target!(|input: Pieces<'_, 2>| {
    let Some([config, credentials]) = input.texts() else { return };
    let Ok(set) = ProfileSet::parse(config, credentials) else { return };
    for profile in set.iter() {
        let _ = (
            profile.source(),
            profile.static_credentials(),
            profile.nested_setting("s3", "addressing_style"),
        );
    }
    if config.contains('\r') || credentials.contains('\r') {
        return;
    }
    let windows = |text: &str| text.replace('\n', "\r\n");
    for other in [(written(&set), String::new()), (windows(config), windows(credentials))] {
        let again = ProfileSet::parse(&other.0, &other.1).expect("it was read once");
        assert_eq!(written(&again), written(&set));
    }
});

/// As a config file; each line of a value after its first is indented.
fn written(set: &ProfileSet) -> String {
    let mut text = String::new();
    for profile in set.iter() {
        text.push_str(&format!("[profile {}]\n", profile.name()));
        for name in profile.setting_names() {
            if let Some(value) = profile.get(name) {
                text.push_str(&format!("{name}={}\n", value.replace('\n', "\n\t")));
            }
        }
    }
    text
}
