#!/usr/bin/env bash
# botocore 1.44.8 (PyPI) and @aws-sdk/credential-providers 3.1175.0 (npm). No network is used.
#
# Guess: `AWS_SECURITY_TOKEN` is read where there is no `AWS_SESSION_TOKEN`, and `aws_security_token` in a file likewise.
# Seen:  in botocore the older name wins over the newer one, in the environment and in a profile. A variable left over from an old
#        script so gives fresh keys a stale token. The JavaScript SDK does not know the older names.
#
#   botocore, environment: OLDER
#   botocore, profile: OLDER
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages botocore==1.44.8
node_packages @aws-sdk/credential-providers@3.1175.0
cat >credentials <<'INI'
[both]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret
aws_session_token = NEWER
aws_security_token = OLDER
INI

botocore() { python3 -c 'import botocore.session; print(botocore.session.get_session().get_credentials().token)'; }
javascript() {
    node -e "import('@aws-sdk/credential-providers').then(async (m) => console.log((await m.$1()()).sessionToken))"
}
(
    export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=NEWER AWS_SECURITY_TOKEN=OLDER
    seen "botocore, environment" OLDER "$(botocore)"
    seen "JavaScript, environment" NEWER "$(javascript fromEnv)"
)
export AWS_SHARED_CREDENTIALS_FILE=$folder/credentials AWS_PROFILE=both
seen "botocore, profile" OLDER "$(botocore)"
seen "JavaScript, profile" NEWER "$(javascript fromIni)"
