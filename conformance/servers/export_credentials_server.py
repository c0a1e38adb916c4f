"""aws-export-credentials on 127.0.0.1: a strict IMDSv2 and a container credentials endpoint.

usage: export_credentials_server.py STATE_DIR

The request handlers are the program's own; only the listening is done here, on ports that the kernel picks.
"""

import functools
import os
import pathlib
import secrets
import signal
import sys
import threading
import urllib.request
from http.server import ThreadingHTTPServer

from aws_export_credentials.aws_export_credentials import ContainerRequestHandler, IMDSRequestHandler
from boto3 import Session

from ready import exports, publish

# AWS's documentation prints this pair; the token has the characters that careless encoders mangle.
ACCESS_KEY_ID = "ASIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SESSION_TOKEN = "AQoDYXdzEJr1K//example+session+token/EXAMPLE=="
ROLE = "loopback-role"


class NamedSession(Session):
    """The IMDS handler asks STS, once a request, which role it serves. This answers without an STS."""

    def client(self, service):
        return self

    def get_caller_identity(self):
        return {"Arn": f"arn:aws:sts::123456789012:assumed-role/{ROLE}/session"}


def main():
    state = pathlib.Path(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Nothing of the caller's own configuration may be read, or served.
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[variable]
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull,
                      AWS_EC2_METADATA_DISABLED="true")
    session = NamedSession(ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN, region_name="us-east-1")

    authorization = secrets.token_urlsafe()
    imds = listen(functools.partial(IMDSRequestHandler, token=secrets.token_urlsafe(), session=session))
    container = listen(functools.partial(ContainerRequestHandler, token=authorization, session=session))

    token = fetch("PUT", f"{imds}/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "21600"})
    role = fetch("GET", f"{imds}/latest/meta-data/iam/security-credentials/", {"X-aws-ec2-metadata-token": token})
    fetch("GET", f"{container}/creds", {"Authorization": authorization})
    publish(state, "export-credentials", exports(
        AWSAUTH_EXPORT_IMDS_URL=imds,
        AWSAUTH_EXPORT_IMDS_ROLE=role,
        AWSAUTH_EXPORT_CONTAINER_URL=f"{container}/creds",
        AWSAUTH_EXPORT_CONTAINER_TOKEN=authorization,
        AWSAUTH_EXPORT_ACCESS_KEY_ID=ACCESS_KEY_ID,
        AWSAUTH_EXPORT_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY,
        AWSAUTH_EXPORT_SESSION_TOKEN=SESSION_TOKEN,
    ))
    threading.Event().wait()


def listen(handler):
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def fetch(method, url, headers):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(urllib.request.Request(url, method=method, headers=headers), timeout=10) as reply:
        return reply.read().decode()


if __name__ == "__main__":
    main()
