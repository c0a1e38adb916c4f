"""rclone's S3 server on 127.0.0.1, over a folder that is empty at each start.

usage: rclone_server.py STATE_DIR
"""

import os
import pathlib
import re
import signal
import subprocess
import sys

import child
from ready import exports, publish

ACCESS_KEY_ID = "rclone-signer"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLE=="


def main():
    state = pathlib.Path(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = child.empty_folder(state / "rclone")
    (folder / "objects").mkdir()
    # Nothing of the caller's own configuration may be read.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RCLONE_")}
    rclone = child.start(
        pathlib.Path(sys.executable).with_name("rclone"), "serve", "s3", folder / "objects",
        "--addr", "127.0.0.1:0", "--auth-key", f"{ACCESS_KEY_ID},{SECRET_ACCESS_KEY}",
        "--config", os.devnull, "--cache-dir", folder / "cache",
        env=clean, stderr=subprocess.PIPE, text=True,
    )
    for line in rclone.stderr:
        print(line, end="")
        if started := re.search(r"Starting s3 server on \[(http://127\.0\.0\.1:\d+)/\]", line):
            publish(state, "rclone", exports(
                AWSAUTH_RCLONE_URL=started[1],
                AWSAUTH_RCLONE_REGION="us-east-1",
                AWSAUTH_RCLONE_ACCESS_KEY_ID=ACCESS_KEY_ID,
                AWSAUTH_RCLONE_SECRET_ACCESS_KEY=SECRET_ACCESS_KEY,
            ))
    sys.exit(f"rclone ended with {rclone.wait()}")


if __name__ == "__main__":
    main()
