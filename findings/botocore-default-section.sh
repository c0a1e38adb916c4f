#!/usr/bin/env bash
# botocore 1.44.8 (PyPI) and @aws-sdk/credential-providers 3.1175.0 (npm). No network is used.
#
# Guess: `[DEFAULT]` in a credentials file is a profile of that name, or the profile `default`.
# Seen:  in botocore it is neither: its keys are those of every other profile that has none of its own, and it cannot be used by its
#        name. (Python's configparser, underneath, gives that section this meaning.) In the JavaScript SDK it is a profile.
#
#   botocore, empty: AKIDSHARED
#   botocore, DEFAULT: ProfileNotFound
#   JavaScript, empty: CredentialsProviderError
#   JavaScript, DEFAULT: AKIDSHARED
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages botocore==1.44.8
node_packages @aws-sdk/credential-providers@3.1175.0
cat >credentials <<'INI'
[DEFAULT]
aws_access_key_id = AKIDSHARED
aws_secret_access_key = secret

[empty]
region = us-east-1
INI
export AWS_SHARED_CREDENTIALS_FILE=$folder/credentials

botocore() {
    python3 -c 'import botocore.session, sys
try:
    print(botocore.session.Session(profile=sys.argv[1]).get_credentials().access_key)
except Exception as error:
    print(type(error).__name__)' "$1"
}
javascript() {
    node -e "import('@aws-sdk/credential-providers').then((m) => m.fromIni({ profile: '$1' })())
        .then((found) => console.log(found.accessKeyId), (error) => console.log(error.name))"
}
seen "botocore, empty" AKIDSHARED "$(botocore empty)"
seen "botocore, DEFAULT" ProfileNotFound "$(botocore DEFAULT)"
seen "JavaScript, empty" CredentialsProviderError "$(javascript empty)"
seen "JavaScript, DEFAULT" AKIDSHARED "$(javascript DEFAULT)"
