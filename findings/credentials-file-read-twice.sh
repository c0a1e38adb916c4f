#!/usr/bin/env bash
# botocore 1.44.8 (PyPI) and @aws-sdk/credential-providers 3.1175.0 (npm). No network is used.
#
# Guess: AWS's two SDKs read one credentials file alike.
# Seen:  botocore takes names in capitals and `:` for `=`, the JavaScript SDK has no credentials there. What follows ` #` is a part of
#        the secret for botocore and a comment for the other. A line that is indented goes on with the value, newline and all, for
#        botocore; the other drops it.
#
#   capitals: "secret" | none
#   colon:    "secret" | none
#   comment:  "secret # mine" | "secret"
#   indented: token "first\nsecond" | token "first"
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages botocore==1.44.8
node_packages @aws-sdk/credential-providers@3.1175.0
cat >credentials <<'INI'
[capitals]
AWS_ACCESS_KEY_ID = AKIDEXAMPLE
AWS_SECRET_ACCESS_KEY = secret

[colon]
aws_access_key_id: AKIDEXAMPLE
aws_secret_access_key: secret

[comment]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret # mine

[indented]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret
aws_session_token = first
  second
INI
export AWS_SHARED_CREDENTIALS_FILE=$folder/credentials

botocore() {
    python3 -c 'import botocore.session, json, sys
found = botocore.session.Session(profile=sys.argv[1]).get_credentials()
print(json.dumps(getattr(found, sys.argv[2])))' "$1" "$2"
}
javascript() {
    node -e "import('@aws-sdk/credential-providers').then((m) => m.fromIni({ profile: '$1' })())
        .then((found) => console.log(JSON.stringify(found['$2'])), () => console.log('none'))"
}
both() { echo "$(botocore "$1" "$2") | $(javascript "$1" "$3")"; }
seen capitals '"secret" | none' "$(both capitals secret_key secretAccessKey)"
seen colon '"secret" | none' "$(both colon secret_key secretAccessKey)"
seen comment '"secret # mine" | "secret"' "$(both comment secret_key secretAccessKey)"
seen indented '"first\nsecond" | "first"' "$(both indented token sessionToken)"
