#!/usr/bin/env bash
# boto3 1.44.8 (PyPI); @aws-sdk/client-s3 3.1175.0 with @aws-sdk/s3-request-presigner 3.1169.0 (npm). No network is used.
#
# Guess: a region in capitals is refused, or made lower-case throughout.
# Seen:  both keep the capitals in the credential scope, which is signed. In the host the JavaScript SDK makes them lower-case, boto3
#        does not, and for S3 boto3 takes `US-EAST-1` for the region that needs none in its host.
#
#   boto3 s3: lab.s3.amazonaws.com US-EAST-1
#   boto3 sts: sts.EU-West-1.amazonaws.com EU-West-1
#   JavaScript s3: lab.s3.us-east-1.amazonaws.com US-EAST-1
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages boto3==1.44.8
node_packages @aws-sdk/client-s3@3.1175.0 @aws-sdk/s3-request-presigner@3.1169.0
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret

boto() {
    python3 -c 'import boto3, sys
service, region, operation, parameters = sys.argv[1:]
print(boto3.client(service, region_name=region).generate_presigned_url(operation, eval(parameters)))' "$@"
}
cat >presign.mjs <<'NODE'
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new S3Client({ region: "US-EAST-1" });
console.log(await getSignedUrl(client, new GetObjectCommand({ Bucket: "lab", Key: "key" })));
NODE
host_and_region() { sed -E 's|https://([^/]*)/.*X-Amz-Credential=[^&]*%2F[0-9]+%2F([^&%]*)%2F.*|\1 \2|'; }
seen "boto3 s3" "lab.s3.amazonaws.com US-EAST-1" \
    "$(boto s3 US-EAST-1 get_object '{"Bucket": "lab", "Key": "key"}' | host_and_region)"
seen "boto3 sts" "sts.EU-West-1.amazonaws.com EU-West-1" \
    "$(boto sts EU-West-1 get_caller_identity '{}' | host_and_region)"
seen "JavaScript s3" "lab.s3.us-east-1.amazonaws.com US-EAST-1" "$(node presign.mjs | host_and_region)"
