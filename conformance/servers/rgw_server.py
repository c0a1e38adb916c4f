"""Ceph's object gateway on 127.0.0.1, over a cluster of one monitor and one object store in memory.

usage: rgw_server.py STATE_DIR

The programs are the system's (radosgw, ceph-mon, ceph-osd, ceph); nothing is asked of systemd. They are ended with
SIGKILL: ended otherwise they keep their ports for seconds, and there is nothing to be kept.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

import child
from ready import exports, publish

# A user, and another whose secret has what careless encoders mangle.
USERS = {
    "": ("rgw-signer", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"),
    "ODD_": ("RGWODD", "odd/secret+with=all/of+them=="),
}

# Without authentication inside the cluster. The monitor's two times are what starting waits for.
CONFIGURATION = """\
[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{monitor}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
keyring = /dev/null
run dir = {folder}
admin socket =
crash dir = {folder}
log file =
log to stderr = true
debug rocksdb = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
mon allow pool size one = true

[mon]
mon data = {folder}/mon
mon initial members = a
mon cluster log file = /dev/null
paxos propose interval = 0.05
paxos min wait = 0.01

[osd]
osd data = {folder}/osd
osd journal =

[client.rgw]
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{gateway}
rgw thread pool size = 16
"""


def main():
    state = pathlib.Path(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = child.empty_folder(state / "rgw")
    gateway = child.free_port()
    running = cluster(folder, gateway)
    for access_key_id, secret_access_key in USERS.values():
        run("radosgw-admin", "user", "create", "--uid", access_key_id, "--display-name", access_key_id,
            "--access-key", access_key_id, "--secret", secret_access_key)
    running.append(child.start("radosgw", "-f", "-n", "client.rgw"))

    url = f"http://127.0.0.1:{gateway}"
    until_it_answers(url, running)
    variables = {"AWSAUTH_RGW_URL": url, "AWSAUTH_RGW_REGION": "us-east-1"}
    for which, (access_key_id, secret_access_key) in USERS.items():
        variables[f"AWSAUTH_RGW_{which}ACCESS_KEY_ID"] = access_key_id
        variables[f"AWSAUTH_RGW_{which}SECRET_ACCESS_KEY"] = secret_access_key
    publish(state, "rgw", exports(**variables))
    pid, _ = os.wait()
    sys.exit(f"{next(program.args[0] for program in running if program.pid == pid)} ended")


def cluster(folder, gateway):
    """Starts a monitor and an object store, and says where they are to every program started from here on."""
    fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
    for name in ["osd", "rgw"]:
        (folder / name).mkdir()
    monitor = child.free_port()
    configuration = folder / "ceph.conf"
    configuration.write_text(CONFIGURATION.format(fsid=fsid, folder=folder, monitor=monitor, gateway=gateway))
    for variable in [name for name in os.environ if name.startswith("CEPH_")]:
        del os.environ[variable]
    os.environ["CEPH_CONF"] = str(configuration)

    monitors = folder / "monmap"
    run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{monitor}]", monitors)
    run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monitors)
    mon = child.start("ceph-mon", "-f", "-i", "a")
    run("ceph", "--connect-timeout", "30", "osd", "new", osd, "0")
    run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd, "--no-mon-config")
    return [mon, child.start("ceph-osd", "-f", "-i", "0")]


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=45, preexec_fn=child.end_with_parent)


def until_it_answers(url, running):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        for program in running:
            if program.poll() is not None:
                sys.exit(f"{program.args[0]} ended with {program.returncode}")
        try:
            return direct.open(url, timeout=10).close()
        except urllib.error.URLError:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
