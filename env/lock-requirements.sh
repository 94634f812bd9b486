#!/bin/sh
# Writes requirements.txt, what pip installs with --require-hashes, from requirements.in: run it after a change of that.
# Needs uv (pip install uv) and PyPI. Versions that are in requirements.txt stay; with --upgrade they are the newest.
set -eu
cd "$(dirname "$0")"
uv pip compile requirements.in --universal --python-version 3.12 --generate-hashes --no-emit-index-url --quiet "$@" \
    --custom-compile-command env/lock-requirements.sh --output-file requirements.txt
