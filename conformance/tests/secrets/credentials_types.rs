//! Types of `awsauth-credentials` and `awsauth-imds`.

use std::time::SystemTime;

use awsauth_credentials::{
    CachedProvider, Chain, Credentials, EnvProvider, Environment, ProcessProvider, ProfileFiles,
    ProfileProvider, ProfileSet, ProvideCredentials, StaticProvider,
};
use awsauth_imds::{AssumeRole, Container, DefaultChain, Imds, RoleProfile, WebIdentity};

use super::{ID, SECRET, Shown, TOKEN};

const ROLE: &str = "arn:aws:iam::123456789012:role/demo";

pub(super) fn plant(shown: &mut Shown) {
    let credentials = Credentials::new(ID, SECRET).with_session_token(TOKEN).with_expiry(SystemTime::now());
    shown.add("Credentials", &credentials);
    let fixed = StaticProvider::new(credentials.clone());
    shown.add("StaticProvider", &fixed);

    let proxy = format!("http://user:{SECRET}@127.0.0.1:1");
    let environment = Environment::from_vars([
        ("AWS_ACCESS_KEY_ID", ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_SESSION_TOKEN", TOKEN),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", TOKEN),
        ("HTTPS_PROXY", proxy.as_str()),
        ("HTTP_PROXY", proxy.as_str()),
    ]);
    shown.add("Environment", &environment);
    let from_environment = EnvProvider::new(environment.clone());
    shown.add("EnvProvider", &from_environment);
    let chain = Chain::new().then(fixed.clone()).then(from_environment);
    let cached = CachedProvider::new(chain);
    shown.add("Credentials", cached.provide_blocking().unwrap());
    shown.add("CachedProvider", &cached);
    shown.add("Chain", Chain::new().then(cached));

    let keys = format!(
        "[default]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n\
         [process]\ncredential_process = tool --password {SECRET}\n\
         [broken]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n continued\n"
    );
    let profiles = ProfileSet::parse("", &keys).unwrap();
    shown.add("ProfileSet", &profiles);
    for name in ["default", "process"] {
        let profile = profiles.get(name).unwrap();
        shown.add("Profile", profile);
        shown.add("ProfileSource", profile.source().unwrap());
    }
    shown.error("CredentialsError", profiles.get("broken").unwrap().source().unwrap_err());
    shown
        .error("CredentialsError", ProfileSet::parse("", &format!("[default]\nkey : {SECRET}")).unwrap_err());
    shown.error(
        "CredentialsError",
        Credentials::new(ID, format!("{SECRET}\n{SECRET}")).checked("a").unwrap_err(),
    );
    let files = ProfileFiles::new(&environment);
    shown.add("ProfileFiles", &files);
    shown.add("ProfileProvider", ProfileProvider::new(files));

    // It says its secret where no error repeats it: what is not on standard error.
    let process = ProcessProvider::new(format!("echo '{SECRET} {TOKEN}'; exit 1"));
    shown.add("ProcessProvider", &process);
    shown.error("CredentialsError", process.provide_blocking().unwrap_err());
    let process = ProcessProvider::new(format!("echo '{{\"Version\": \"{SECRET}\"}}'"));
    shown.error("CredentialsError", process.provide_blocking().unwrap_err());

    shown.add("Imds", Imds::new(environment.clone()));
    let container = Container::new(environment.clone());
    shown.error("CredentialsError", container.provide_blocking().unwrap_err());
    shown.add("Container", &container);
    let web_identity = WebIdentity::new(environment.clone());
    shown.add("WebIdentity", &web_identity);
    shown.add("RoleProfile", RoleProfile::new(environment.clone()));
    shown.add("DefaultChain", DefaultChain::new(environment.clone()));
    let role = AssumeRole::new(fixed, ROLE).environment(environment).region("eu-west-1").external_id(SECRET);
    shown.add("AssumeRole", &role);
    // Through the proxy, which is not there.
    shown.error("CredentialsError", role.provide_blocking().unwrap_err());
    shown.add("AssumeRole", &role);
}
