"""OpenStack Swift with its S3 interface (s3api), whole, in one process on 127.0.0.1.

usage: swift_server.py STATE_DIR

Proxy, account, container and object server each listen on a port that the kernel picks; the rings name those ports,
so nothing can race for them. STATE_DIR/swift holds the data and is emptied first. Once a signed request could be
answered, STATE_DIR/swift.env is written: the shell lines that callers evaluate.
"""

import sys

from swift.common.utils import monkey_patch

monkey_patch()

import array
import base64
import hmac
import os
import pathlib
import shutil
import tempfile
import warnings
from email.utils import formatdate

import eventlet
from eventlet import wsgi
from eventlet.green.http import client as http_client

from swift.common.constraints import MAX_REQUEST_LINE
from swift.common.http_protocol import SwiftHttpProtocol
from swift.common.ring.ring import RingData
from swift.common.utils import NullLogger, logs, set_swift_dir
from swift.common.wsgi import RestrictedGreenPool, loadapp

from ready import exports, publish

LOCATION = os.environ.get("AWSAUTH_SWIFT_LOCATION", "us-east-1")
# The last two let a test sign the host names of AWS itself while it connects to loopback.
STORAGE_DOMAINS = ["s3.localhost", "s3.amazonaws.com", f"s3.{LOCATION}.amazonaws.com"]
ACCESS_KEY_ID, SECRET_ACCESS_KEY = "test:tester", "testing"
# A secret with the characters that careless encoders mangle. AWS's documentation prints this one.
ODD_ACCESS_KEY_ID, ODD_SECRET_ACCESS_KEY = "odd:user", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY=="

PROXY = f"""
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = 0
swift_dir = {{root}}
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck proxy-logging listing_formats s3api tempauth bulk slo dlo \
versioned_writes proxy-logging proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
node_timeout = 60
conn_timeout = 5
[filter:s3api]
use = egg:swift#s3api
location = {LOCATION}
storage_domain = {",".join(STORAGE_DOMAINS)}
allowable_clock_skew = 900
[filter:tempauth]
use = egg:swift#tempauth
user_{ACCESS_KEY_ID.replace(":", "_")} = {SECRET_ACCESS_KEY} .admin
user_{ODD_ACCESS_KEY_ID.replace(":", "_")} = {ODD_SECRET_ACCESS_KEY} .admin
""" + "".join(
    f"[filter:{name}]\nuse = egg:swift#{egg}\n"
    for name, egg in [
        ("catch_errors", "catch_errors"), ("gatekeeper", "gatekeeper"), ("healthcheck", "healthcheck"),
        ("proxy-logging", "proxy_logging"), ("listing_formats", "listing_formats"), ("bulk", "bulk"),
        ("slo", "slo"), ("dlo", "dlo"), ("versioned_writes", "versioned_writes"),
    ]
)

BACKEND = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = 0
swift_dir = {root}
devices = {root}/devices
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{egg}
"""


def main():
    state = pathlib.Path(sys.argv[1]).resolve()
    root = state / "swift"
    shutil.rmtree(root, ignore_errors=True)
    (root / "devices" / "sda").mkdir(parents=True)
    (root / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = loopback\n")
    set_swift_dir(str(root))
    warnings.filterwarnings("ignore", message="capitalize_response_headers is disabled")
    logs.get_swift_logger.console_handler4logger = {}  # to standard error, as the log file

    in_memory = os.environ.get("AWSAUTH_SWIFT_MEMORY") == "1" or not keeps_xattrs(root / "devices")
    sockets = {kind: eventlet.listen(("127.0.0.1", 0), backlog=512) for kind in ("account", "container", "object", "proxy")}
    for kind in ("account", "container", "object"):
        write_ring(root / f"{kind}.ring.gz", sockets[kind].getsockname()[1])
        egg = "mem_object" if kind == "object" and in_memory else kind
        (root / f"{kind}.conf").write_text(BACKEND.format(root=root, kind=kind, egg=egg))
    (root / "proxy.conf").write_text(PROXY.format(root=root))

    servers = [eventlet.spawn(serve, root / f"{kind}.conf", listener) for kind, listener in sockets.items()]
    for server in servers:
        server.link(lambda ended: os._exit(1))  # one of four gone: no server at all

    port = sockets["proxy"].getsockname()[1]
    wait_until_answers(port)
    publish(state, "swift", exports(
        AWSAUTH_SWIFT_URL=f"http://127.0.0.1:{port}",
        AWSAUTH_SWIFT_REGION=LOCATION,
        AWSAUTH_SWIFT_ACCESS_KEY_ID=ACCESS_KEY_ID,
        AWSAUTH_SWIFT_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY,
        AWSAUTH_SWIFT_ODD_ACCESS_KEY_ID=ODD_ACCESS_KEY_ID,
        AWSAUTH_SWIFT_ODD_SECRET_ACCESS_KEY=ODD_SECRET_ACCESS_KEY,
        AWSAUTH_SWIFT_STORAGE_DOMAINS=",".join(STORAGE_DOMAINS),
        AWSAUTH_SWIFT_STORE="memory" if in_memory else "disk",
    ))
    for server in servers:
        server.wait()


def keeps_xattrs(folder):
    """Whether the object server can keep its metadata here: it wants up to 64 KiB-ish in `user.` attributes."""
    with tempfile.NamedTemporaryFile(dir=folder) as probe:
        try:
            os.setxattr(probe.name, "user.swift.probe", b"x" * 2048)
        except OSError as refused:
            print(f"{folder}: no user xattrs ({refused}); objects are kept in memory", file=sys.stderr)
            return False
    return True


def write_ring(path, port):
    """One replica, one device, one partition."""
    device = {"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "sda", "weight": 1.0, "meta": ""}
    RingData([array.array("H", [0])], [device], 32).save(str(path))


def serve(conf_path, listener):
    """As swift.common.wsgi.run_server does, which cannot be called: it replaces the event loop of its process."""
    app = loadapp(str(conf_path), global_conf={"log_name": conf_path.stem})
    wsgi.server(
        listener, app, NullLogger(), custom_pool=RestrictedGreenPool(size=1024), protocol=SwiftHttpProtocol,
        socket_timeout=60, capitalize_response_headers=False, url_length_limit=MAX_REQUEST_LINE,
    )


def wait_until_answers(port):
    """A signed listing of buckets passes through all of the proxy and the account server."""
    for _ in range(300):
        date = formatdate(usegmt=True)
        mac = hmac.new(SECRET_ACCESS_KEY.encode(), f"GET\n\n\n{date}\n/".encode(), "sha1")
        signature = base64.b64encode(mac.digest()).decode()
        connection = http_client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/", headers={"Date": date, "Authorization": f"AWS {ACCESS_KEY_ID}:{signature}"})
            if connection.getresponse().status == 200:
                return
        except OSError as refused:
            print(f"not yet: {refused}", file=sys.stderr)
        finally:
            connection.close()
        eventlet.sleep(0.1)
    sys.exit("swift: no answer on its own port")


if __name__ == "__main__":
    main()
