#!/usr/bin/env bash
# A linter from npm reads the interface's document.  tools/check_openapi.sh FANGDING
set -eu
fangding=$(realpath "$1")
cd "$(dirname "$0")/.."
command -v node >/dev/null && command -v npm >/dev/null || { echo "no node and npm"; exit 77; }
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || { echo "node older than 18"; exit 77; }
work=$(mktemp -d)
server=
finish() { [ -z "$server" ] || kill "$server"; wait; rm -rf "$work"; }
trap finish EXIT
cp tools/openapi/package.json tools/openapi/package-lock.json tools/openapi/redocly.yaml "$work"
(cd "$work" && npm ci --no-audit --no-fund --loglevel=error) || { echo "the linter cannot be installed here"; exit 77; }
"$fangding" new "$work/city" --name 示例 --code 000000
"$fangding" serve --city "$work/city" --port 0 --insecure-http >"$work/out" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    base=$(grep -oE 'http://[^ ]+[0-9]/' "$work/out" | head -1) || true
    [ -z "$base" ] || break
    sleep 0.1
done
curl -sS -o "$work/openapi.json" "${base}api/v1/openapi.json"
cd "$work"
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true npx --no-install redocly lint --config redocly.yaml openapi.json
