//! `DefaultChain` and `RoleProfile`: order, roles in profiles, and what is read when.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use awsauth_credentials::{CachedProvider, Environment, ErrorKind, ProvideCredentials};
use awsauth_imds::{DefaultChain, RoleProfile};
use support::fake_imds::FakeImds;
use support::{Reply, SECRET, SESSION_TOKEN, Server, TemporaryFile, document, provide, with_each_driver};

/// STS that names the credentials it gives after the role, and refuses what is not signed by `AKIDBASE` or a role.
fn sts() -> Server {
    Server::start(|request| {
        let form = String::from_utf8_lossy(&request.body).into_owned();
        let value = |name: &str| form.split('&').find_map(|pair| pair.strip_prefix(name)).unwrap_or_default();
        let signer = request.header("authorization").unwrap_or_default();
        let by = |id: &str| signer.contains(&format!("Credential={id}"));
        let action = value("Action=");
        if action == "AssumeRole" && !(by("AKIDBASE") || by("ASIA")) {
            return Reply::status(403);
        }
        let role = value("RoleArn=").rsplit("%2F").next().unwrap_or_default();
        Reply::ok(format!(
            "<{action}Response><Credentials><AccessKeyId>ASIA{role}</AccessKeyId>\
             <SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION_TOKEN}</SessionToken>\
             <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></{action}Response>"
        ))
    })
}

const KEYS: &str =
    "aws_access_key_id = AKIDBASE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n";

/// Every source, each of which can be switched on.
struct World {
    sts: Server,
    container: Server,
    imds: FakeImds,
    config: TemporaryFile,
    token: TemporaryFile,
}

impl World {
    fn new(name: &str, config: &str) -> Self {
        Self {
            sts: sts(),
            container: Server::start(|_| Reply::ok(document("ASIACONTAINER", "2030-01-01T00:00:00Z"))),
            imds: FakeImds::start(),
            config: TemporaryFile::new(&format!("{name}-config"), config.as_bytes()),
            token: TemporaryFile::new(&format!("{name}-token"), b"token"),
        }
    }

    fn environment(&self, more: &[(&str, &str)]) -> Environment {
        let (sts, imds) = (self.sts.url(), self.imds.server.url());
        let mut variables = vec![
            ("AWS_CONFIG_FILE", self.config.path()),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.as_str()),
            ("AWS_ENDPOINT_URL_STS", sts.as_str()),
            ("AWS_REGION", "eu-central-1"),
        ];
        variables.extend(more);
        Environment::from_vars(variables)
    }

    fn profile(&self, name: &str) -> RoleProfile {
        RoleProfile::new(self.environment(&[])).profile(name)
    }
}

#[test]
fn the_first_configured_source_decides() {
    let world = World::new("order", &format!("[default]\n{KEYS}"));
    let container = world.container.url();
    let all = [
        ("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/WEB"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", world.token.path()),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.as_str()),
    ];
    let no_files = ("AWS_CONFIG_FILE", "/nonexistent/awsauth/config");
    for (variables, expected) in [
        (all.to_vec(), "AKIDENVIRONMENT"),
        (all[2..].to_vec(), "ASIAWEB"),
        (all[4..].to_vec(), "AKIDBASE"),
        (vec![all[4], no_files], "ASIACONTAINER"),
        (vec![no_files], "ASIAFIRST"),
    ] {
        for result in with_each_driver(|| DefaultChain::new(world.environment(&variables))) {
            assert_eq!(result.unwrap().access_key_id(), expected);
        }
    }
}

#[test]
fn a_configured_source_that_fails_is_not_passed_over() {
    let world = World::new("failing", &format!("[default]\n{KEYS}"));
    let container = world.container.url();
    let good = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.as_str());
    for (variables, source) in [
        (vec![("AWS_ACCESS_KEY_ID", "AKIDHALF"), good], "environment"),
        (
            vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/awsauth"), ("AWS_ROLE_ARN", "x"), good],
            "web identity",
        ),
        (vec![("AWS_PROFILE", "missing"), good], "profile \"missing\""),
        (
            vec![
                ("AWS_CONFIG_FILE", "/nonexistent/awsauth"),
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/"),
            ],
            "container endpoint",
        ),
    ] {
        for result in with_each_driver(|| DefaultChain::new(world.environment(&variables))) {
            assert_eq!(result.unwrap_err().source_name(), source);
        }
    }
    assert_eq!(world.container.connections() + world.imds.server.connections(), 0);
}

#[test]
fn nothing_anywhere_lists_every_source() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let endpoint = format!("http://{closed}");
    let environment = Environment::from_vars([("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint)]);
    for result in with_each_driver(|| DefaultChain::new(environment.clone())) {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConfigured);
        let tried: Vec<_> = error.tried().iter().map(|error| error.source_name()).collect();
        let expected = [
            "environment",
            "web identity",
            "profile \"default\"",
            "container endpoint",
            "EC2 instance metadata",
        ];
        assert_eq!(tried, expected);
        assert!(error.to_string().contains("not an EC2 instance"), "{error}");
    }
}

#[test]
fn nothing_is_read_before_credentials_are_needed() {
    let reads = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&reads);
    let chain = CachedProvider::new(DefaultChain::new(Environment::from_fn(move |name| {
        counted.fetch_add(1, Ordering::SeqCst);
        (name == "AWS_EC2_METADATA_DISABLED").then(|| "true".into())
    })));
    assert!(chain.ready().is_none());
    assert_eq!(reads.load(Ordering::SeqCst), 0);
    provide(&chain).unwrap_err();
    assert!(reads.load(Ordering::SeqCst) > 0);
    assert!(awsauth_imds::default_chain().ready().is_none());
}

#[test]
fn a_disabled_metadata_service_is_not_asked_by_the_chain() {
    let world = World::new("disabled", "");
    let variables = [("AWS_EC2_METADATA_DISABLED", "true")];
    for result in with_each_driver(|| DefaultChain::new(world.environment(&variables))) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::NotConfigured);
    }
    assert_eq!(world.imds.server.connections(), 0);
}

#[test]
fn roles_in_profiles() {
    let config = format!(
        "[profile base]\n{KEYS}\
         [profile one]\nrole_arn = arn:aws:iam::123456789012:role/ONE\nsource_profile = base\n\
         [profile two]\nrole_arn = arn:aws:iam::123456789012:role/TWO\nsource_profile = one\n\
         [profile self]\nrole_arn = arn:aws:iam::123456789012:role/SELF\nsource_profile = self\n{KEYS}\
         [profile above-self]\nrole_arn = arn:aws:iam::123456789012:role/ABOVE\nsource_profile = self\n\
         [profile instance]\nrole_arn = arn:aws:iam::123456789012:role/INSTANCE\n\
         credential_source = Ec2InstanceMetadata\n\
         [profile web]\nrole_arn = arn:aws:iam::123456789012:role/WEB\nweb_identity_token_file = TOKEN\n"
    );
    let world = World::new("roles", "");
    std::fs::write(world.config.path(), config.replace("TOKEN", world.token.path())).unwrap();
    for (profile, expected, calls) in [
        ("base", "AKIDBASE", 0),
        ("one", "ASIAONE", 1),
        ("two", "ASIATWO", 2),
        ("self", "ASIASELF", 1),
        // Keys of a profile that is a source go before its role.
        ("above-self", "ASIAABOVE", 1),
        ("instance", "ASIAINSTANCE", 1),
        ("web", "ASIAWEB", 1),
    ] {
        world.sts.take_lines();
        let results = with_each_driver(|| world.profile(profile));
        assert_eq!(world.sts.take_lines().len(), calls * results.len(), "{profile}");
        for result in results {
            assert_eq!(result.unwrap().access_key_id(), expected);
        }
    }
}

#[test]
fn a_container_or_the_environment_as_the_source_of_a_role() {
    let config = "[profile container]\nrole_arn = arn:aws:iam::123456789012:role/C\ncredential_source = EcsContainer\n\
                  [profile environment]\nrole_arn = arn:aws:iam::123456789012:role/E\ncredential_source = Environment\n";
    let world = World::new("credential-source", config);
    let container = world.container.url();
    let environment = world.environment(&[
        ("AWS_ACCESS_KEY_ID", "AKIDBASE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.as_str()),
    ]);
    for (profile, expected) in [("container", "ASIAC"), ("environment", "ASIAE")] {
        for result in with_each_driver(|| RoleProfile::new(environment.clone()).profile(profile)) {
            assert_eq!(result.unwrap().access_key_id(), expected);
        }
    }
    // Nothing in the environment: not a reason to look elsewhere.
    for result in with_each_driver(|| world.profile("environment")) {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Incomplete);
    }
}

#[test]
fn settings_of_the_role_are_sent() {
    let config = format!(
        "[profile base]\n{KEYS}\
         [profile full]\nrole_arn = arn:aws:iam::123456789012:role/FULL\nsource_profile = base\n\
         role_session_name = me\nexternal_id = partner/1\nduration_seconds = 900\nregion = eu-west-3\n\
         services = local\n[services local]\nsts =\n  endpoint_url = STS\n"
    );
    let world = World::new("settings", "");
    std::fs::write(world.config.path(), config.replace("STS", &world.sts.url())).unwrap();
    let environment =
        || Environment::from_vars([("AWS_CONFIG_FILE", world.config.path()), ("AWS_PROFILE", "full")]);
    for result in with_each_driver(|| RoleProfile::new(environment())) {
        assert_eq!(result.unwrap().access_key_id(), "ASIAFULL");
    }
    for request in world.sts.seen() {
        let form = String::from_utf8(request.body.clone()).unwrap();
        assert!(form.ends_with("&RoleSessionName=me&DurationSeconds=900&ExternalId=partner%2F1"), "{form}");
        assert!(request.header("authorization").unwrap().contains("/eu-west-3/sts/"));
    }
    assert!(!world.sts.seen().is_empty());
}

#[test]
fn profiles_that_cannot_be_followed() {
    let role = "role_arn = arn:aws:iam::123456789012:role/X\n";
    let config = format!(
        "[profile a]\n{role}source_profile = b\n[profile b]\n{role}source_profile = a\n\
         [profile lost]\n{role}source_profile = nowhere\n\
         [profile own]\n{role}source_profile = own\n\
         [profile odd]\n{role}credential_source = Vault\n\
         [profile mfa]\n{role}source_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n\
         [profile long]\n{role}source_profile = base\nduration_seconds = 1h\n\
         [profile bare]\n{role}\n\
         [profile base]\n{KEYS}\
         [profile sso]\nsso_account_id = 123456789012\nsso_role_name = dev\n\
         [profile hollow]\nregion = eu-central-1\n[profile above-hollow]\n{role}source_profile = hollow\n"
    );
    let world = World::new("unfollowable", &config);
    for (profile, kind, word) in [
        ("a", ErrorKind::Malformed, "circle: a -> b -> a"),
        ("lost", ErrorKind::Incomplete, "no such profile"),
        ("own", ErrorKind::Incomplete, "its own source_profile"),
        ("odd", ErrorKind::Malformed, "`Vault`"),
        ("mfa", ErrorKind::Unsupported, "mfa_serial"),
        ("long", ErrorKind::Malformed, "`1h`"),
        ("bare", ErrorKind::Incomplete, "source_profile"),
        ("sso", ErrorKind::Unsupported, "Identity Center"),
        ("above-hollow", ErrorKind::Incomplete, "no credentials"),
        ("hollow", ErrorKind::NotConfigured, "no credentials"),
    ] {
        for result in with_each_driver(|| world.profile(profile)) {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), kind, "{profile}: {error}");
            assert!(error.detail().contains(word), "{error}");
        }
    }
    assert_eq!(world.sts.connections(), 0);
}

/// An application's own HTTP client, with TLS for instance: one that responds by itself.
#[derive(Debug, Clone, Default)]
struct Stub(Arc<Mutex<Vec<String>>>);

impl awsauth_imds::HttpClient for Stub {
    fn send(
        &self,
        request: awsauth_imds::Request,
        timeout: core::time::Duration,
    ) -> awsauth_imds::HttpFuture<'_> {
        Box::pin(async move { self.send_blocking(request, timeout) })
    }

    fn send_blocking(
        &self,
        request: awsauth_imds::Request,
        _: core::time::Duration,
    ) -> Result<awsauth_imds::Response, awsauth_imds::HttpError> {
        self.0.lock().unwrap().push(request.uri().to_string());
        let body = format!(
            "<R><Credentials><AccessKeyId>ASIASTUB</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>\
             <SessionToken>{SESSION_TOKEN}</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></R>"
        );
        Ok(awsauth_imds::Response::new(body.into_bytes()))
    }
}

#[test]
fn sts_through_a_client_of_the_application() {
    let token = TemporaryFile::new("stub-token", b"token");
    let environment = Environment::from_vars([
        ("AWS_REGION", "cn-north-1"),
        ("AWS_ROLE_ARN", "arn:aws-cn:iam::123456789012:role/x"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path()),
    ]);
    let stub = Stub::default();
    // Works for both styles in any build: the client is the application's.
    let chain = DefaultChain::new(environment).sts_http_client(stub.clone());
    assert_eq!(chain.provide_blocking().unwrap().access_key_id(), "ASIASTUB");
    assert_eq!(support::runtime().block_on(chain.provide()).unwrap().access_key_id(), "ASIASTUB");
    assert_eq!(*stub.0.lock().unwrap(), ["https://sts.cn-north-1.amazonaws.com.cn/"; 2]);
}
