#!/usr/bin/env bash
# tools/check_ui.sh PROGRAM: the committed ui/dist comes from the sources (where Node is 20 or newer), and the
# pages work in a browser. 77 = skipped, with the reason on the last line.
set -u
cd "$(dirname "$0")/.."
program=$(realpath "$1")
. tools/setup.sh

missing=""
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
[ -x /usr/bin/chromium ] || missing="$missing chromium"
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || missing="$missing fontconfig fonts-noto-cjk"
if [ -n "$missing" ]; then
    fd_root apt-get -o DPkg::Lock::Timeout=600 update -qq
    # shellcheck disable=SC2086
    fd_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends $missing >/dev/null
fi
command -v node >/dev/null && command -v npm >/dev/null || { echo "Node cannot be installed"; exit 77; }
[ -x /usr/bin/chromium ] || { echo "chromium cannot be installed"; exit 1; }

(cd ui && npm ci --no-audit --no-fund) || { echo "npm ci failed"; exit 1; }
grep -n '"resolved"' ui/package-lock.json && { echo "the lock file holds addresses"; exit 1; }

major=$(node -p 'process.versions.node.split(".")[0]')
if [ "$major" -ge 20 ]; then
    rebuilt=$(mktemp -d)
    (cd ui && npx tsc --noEmit && npx vite build --outDir "$rebuilt" --emptyOutDir) || exit 1
    diff -r ui/dist "$rebuilt" || { echo "ui/dist is not what the sources give: npm run build"; exit 1; }
    rm -rf "$rebuilt"
else
    echo "Node $major: ui/dist is taken as committed"
fi

first=$(cat ui/dist/index.html ui/dist/assets/index-*.js ui/dist/assets/*.css ui/dist/ding.svg | gzip -9 | wc -c)
echo "first view: $first bytes gzipped"
[ "$first" -le 300000 ] || { echo "the first view is too heavy"; exit 1; }

"$program" help serve >/dev/null 2>&1 || { echo "this program has no server"; exit 1; }
node tests/ui/walk.mjs "$program" build/ui-pictures
