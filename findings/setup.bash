# What the scripts here share. Sourced; needs python3 with venv, and node with npm where a script asks for it.
set -euo pipefail

folder=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" && wait "$server" || true; fi
    rm -rf "$folder"
}
trap finish EXIT
cd "$folder"

# Nothing of the caller's own configuration, credentials or proxies.
for variable in $(compgen -e | grep -E '^(AWS|RCLONE)_|_(proxy|PROXY)$' || true); do unset "$variable"; done
export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
export RCLONE_CONFIG=/dev/null NODE_NO_WARNINGS=1 PYTHONDONTWRITEBYTECODE=1

# python_packages NAME==VERSION..: into a venv that is first in PATH.
python_packages() {
    python3 -m venv venv
    venv/bin/pip install --quiet --disable-pip-version-check "$@"
    PATH=$folder/venv/bin:$PATH
}

# node_packages NAME@VERSION..
node_packages() {
    echo '{"private": true}' >package.json
    npm install --silent --no-audit --no-fund --no-update-notifier "$@" >/dev/null
}

# serve_rclone: `rclone serve s3` of the venv, over an empty folder, with a bucket `bucket`. Tells its address and keys to
# programs in $ENDPOINT, $AWS_ACCESS_KEY_ID and $AWS_SECRET_ACCESS_KEY.
serve_rclone() {
    export AWS_ACCESS_KEY_ID=finder AWS_SECRET_ACCESS_KEY=finders-secret AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
    mkdir -p objects/bucket
    : >rclone.log
    rclone serve s3 objects --addr 127.0.0.1:0 --auth-key "$AWS_ACCESS_KEY_ID,$AWS_SECRET_ACCESS_KEY" \
        --cache-dir "$folder/cache" >rclone.log 2>&1 &
    server=$!
    local _
    for _ in $(seq 100); do
        ENDPOINT=$(sed -n 's|.*Starting s3 server on \[\(http://127[^]]*\)/\].*|\1|p' rclone.log)
        if [ -n "$ENDPOINT" ]; then
            export ENDPOINT
            return
        fi
        sleep 0.1
    done
    cat rclone.log >&2
    return 1
}

# seen WHAT EXPECTED ACTUAL
seen() {
    if [ "$2" = "$3" ]; then
        printf '%s: %s\n' "$1" "$3"
    else
        printf '%s: CHANGED\n  was: %s\n  is:  %s\n' "$1" "$2" "$3" >&2
        exit 1
    fi
}
