# shellcheck shell=sh
# For the scripts beside it: fetches what other people publish, from the first place that has it.

# fetch FILE (URL SHA256)…: the first of these sources that is there and has its checksum, as FILE.
fetch() {
    fetched=$1
    tried=
    shift
    while [ $# -ge 2 ]; do
        echo "Fetching $1"
        if /usr/lib/apt/apt-helper -o APT::Sandbox::User=root -o Acquire::Retries=1 \
            download-file "$1" "$fetched" "SHA256:$2"; then
            return
        fi
        rm -f "$fetched"*
        tried="$tried
  $1"
        shift 2
    done
    echo "None of these could be fetched, or none had the checksum that env/versions.sh says:$tried" >&2
    return 1
}

# unpack ARCHIVE FOLDER: its files into FOLDER, without the one folder on top that some archives have.
unpack() {
    if [ "$(tar -tzf "$1" | cut -d/ -f1 | sort -u | wc -l)" = 1 ]; then
        tar -xzf "$1" -C "$2" --no-same-owner --strip-components=1
    else
        tar -xzf "$1" -C "$2" --no-same-owner
    fi
}
