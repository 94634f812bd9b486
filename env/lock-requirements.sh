#!/bin/sh
# Writes requirements.txt and requirements-docs.txt, what pip installs with --require-hashes, from the files *.in: run it
# after a change of these. Needs uv (pip install uv) and PyPI. Versions that are in the files stay; with --upgrade they are
# the newest. (requirements-gpaw.txt has none: what baderkit needs is Debian's, as far as Debian has it.)
set -eu
cd "$(dirname "$0")"
for name in requirements requirements-docs; do
    uv pip compile "$name.in" --universal --python-version 3.12 --generate-hashes --no-emit-index-url --quiet "$@" \
        --custom-compile-command env/lock-requirements.sh --output-file "$name.txt"
done
