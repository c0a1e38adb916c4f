#!/usr/bin/env bash
# botocore 1.44.8 (PyPI) and @aws-sdk/credential-providers 3.1175.0 (npm), each with one server of twenty lines on loopback.
#
# Guess: of a token file that was written by `echo`, the newline at its end is not sent.
# Seen:  for a container's credentials both SDKs raise an error over it, and neither names the file. For a web identity both send it
#        to STS as a part of the token.
#
#   botocore, container: ValueError: Auth token value is not a legal header value
#   JavaScript, container: TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["Authorization"]
#   botocore, web identity: a-token%0A
#   JavaScript, web identity: a-token%0A
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages botocore==1.44.8
node_packages @aws-sdk/credential-providers@3.1175.0
cat >endpoint.py <<'PYTHON'
import http.server, re

KEYS = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>"
NAME = "AssumeRoleWithWebIdentity"


class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        print(re.search("WebIdentityToken=([^&]*)", form)[1], file=open("sent", "w"))
        self.answer(f"<{NAME}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{NAME}Result><Credentials>{KEYS}"
                    f"<Expiration>2040-01-01T00:00:00Z</Expiration></Credentials></{NAME}Result></{NAME}Response>")

    def answer(self, text):
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Endpoint)
print(server.server_port, file=open("port.new", "w"), flush=True)
__import__("os").rename("port.new", "port")
server.serve_forever()
PYTHON
python3 endpoint.py &
server=$!
until [ -e port ]; do sleep 0.1; done
endpoint=http://127.0.0.1:$(cat port)
echo a-token >token

botocore() {
    python3 -c 'import botocore.session
try:
    print(botocore.session.get_session().get_credentials().access_key)
except Exception as error:
    print(f"{type(error).__name__}: {error}")'
}
javascript() {
    node -e "import('@aws-sdk/credential-providers').then((m) => m.$1()())
        .then((found) => console.log(found.accessKeyId), (error) => console.log(error.message))" 2>/dev/null
}
(
    export AWS_CONTAINER_CREDENTIALS_FULL_URI=$endpoint/ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$folder/token
    seen "botocore, container" "ValueError: Auth token value is not a legal header value" "$(botocore)"
    seen "JavaScript, container" \
        'TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["Authorization"]' "$(javascript fromHttp)"
)
export AWS_WEB_IDENTITY_TOKEN_FILE=$folder/token AWS_ROLE_ARN=arn:aws:iam::123456789012:role/name
export AWS_ENDPOINT_URL_STS=$endpoint AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
seen "botocore, web identity" "A a-token%0A" "$(botocore) $(cat sent)"
seen "JavaScript, web identity" "A a-token%0A" "$(javascript fromTokenFile) $(cat sent)"
