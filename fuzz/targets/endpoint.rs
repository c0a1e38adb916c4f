//! Every host resolves or is refused, and case, port and a trailing dot make no difference.
#![no_main]

use awsauth_core::endpoint::{Endpoint, EndpointRegion, RegionName};
use awsauth_fuzz::Pieces;

/// The regions of hosts that name none.
const DEFAULTS: [&str; 5] = ["us-east-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1", "us-iso-east-1"];

libfuzzer_sys::fuzz_target!(|input: Pieces<'_, 2>| {
    let Some([host, path]) = input.texts() else { return };
    let _ = RegionName::in_host(host);
    let Ok(endpoint) = Endpoint::resolve(host, path) else { return };
    assert_eq!(Endpoint::resolve(&host.to_ascii_uppercase(), path), Ok(endpoint));
    if !host.contains(':') {
        assert_eq!(Endpoint::resolve(&format!("{host}:8443"), path), Ok(endpoint));
    }
    if !host.contains(':') && !host.ends_with('.') {
        assert_eq!(Endpoint::resolve(&format!("{host}."), path), Ok(endpoint));
    }
    if let EndpointRegion::Named(name) = endpoint.region() {
        let name = name.as_str();
        assert!(host.to_ascii_lowercase().contains(name) || DEFAULTS.contains(&name), "{name}");
    }
});
