#!/bin/sh
# Makes a folder of small PNG files, and measures how fast plain threads read and decode them: what
# packing the same folder is measured by; --help lists the flags, java.sh what it takes from the
# environment.
set -eu
exec "$(dirname -- "$0")/java.sh" DecodingRate "$@"
