"""moto on 127.0.0.1: STS, IAM, EC2 and the instance metadata paths.

usage: moto_server.py STATE_DIR [--strict]

Plain moto takes any signature. With --strict it checks SigV4 of every call, over the key pair of a user that it made
beforehand, and also what roles that user may assume.
"""

import json
import pathlib
import signal
import sys
import threading

import boto3
from moto import settings
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from ready import exports, publish

REGION = "us-east-1"
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def main():
    state = pathlib.Path(sys.argv[1])
    app = metadata_404(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    url = f"http://127.0.0.1:{server.server_port}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    if "--strict" in sys.argv[2:]:
        user, role_arn = make_user_and_role(url)
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0  # from here on every call is authenticated
        client(url, "sts", user["AccessKeyId"], user["SecretAccessKey"]).get_caller_identity()
        publish(state, "moto-strict", exports(
            AWSAUTH_MOTO_STRICT_URL=url,
            AWSAUTH_MOTO_STRICT_REGION=REGION,
            AWSAUTH_MOTO_STRICT_ACCESS_KEY_ID=user["AccessKeyId"],
            AWSAUTH_MOTO_STRICT_SECRET_ACCESS_KEY=user["SecretAccessKey"],
            AWSAUTH_MOTO_STRICT_ROLE_ARN=role_arn,
        ))
    else:
        client(url, "sts").get_caller_identity()
        publish(state, "moto", exports(
            AWSAUTH_MOTO_URL=url,
            AWSAUTH_MOTO_REGION=REGION,
            # The constants of moto.instance_metadata.
            AWSAUTH_MOTO_IMDS_ROLE="default-role",
            AWSAUTH_MOTO_IMDS_ACCESS_KEY_ID="test-key",
            AWSAUTH_MOTO_IMDS_SECRET_ACCESS_KEY="test-secret-key",
            AWSAUTH_MOTO_IMDS_SESSION_TOKEN="test-session-token",
        ))
    threading.Event().wait()


def metadata_404(app):
    """moto fails (500) on a metadata path that it does not know; the instance metadata service says 404."""

    def checked(environ, start_response):
        try:
            return app(environ, start_response)
        except NotImplementedError:
            if not environ["PATH_INFO"].startswith("/latest/"):
                raise
            start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]

    return checked


def client(url, service, access_key_id="setup", secret_access_key="setup"):
    return boto3.client(
        service, endpoint_url=url, region_name=REGION,
        aws_access_key_id=access_key_id, aws_secret_access_key=secret_access_key,
    )


def make_user_and_role(url):
    iam = client(url, "iam")
    user_arn = iam.create_user(UserName="signer")["User"]["Arn"]
    iam.put_user_policy(UserName="signer", PolicyName="anything", PolicyDocument=json.dumps(ANYTHING))
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": user_arn}, "Action": "sts:AssumeRole"}],
    }
    role = iam.create_role(RoleName="assumed", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    iam.put_role_policy(RoleName="assumed", PolicyName="anything", PolicyDocument=json.dumps(ANYTHING))
    return iam.create_access_key(UserName="signer")["AccessKey"], role["Arn"]


if __name__ == "__main__":
    main()
