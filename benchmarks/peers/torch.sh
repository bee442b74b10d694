#!/bin/sh
# Sees to it that python3 can import torch, and prints the PYTHONPATH that it takes. Where torch is not
# installed, a wheel from the folder that pip's PIP_FIND_LINKS names is unpacked under benchmarks/target,
# once; without the packages that torch asks for, as training needs only some that most Pythons have.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
wheel=$(dirname "$folder")/target/torch

leave_out() {
  echo "pytorch is left out: $1" >&2
  exit 1
}

imports() {
  PYTHONPATH=$1 python3 -c 'import torch' 2>&1
}

command -v python3 >/dev/null 2>&1 || leave_out "expected a python3 on the PATH, found none"
if imports "${PYTHONPATH:-}" >/dev/null; then
  echo "${PYTHONPATH:-}"
  exit
fi

path=$wheel${PYTHONPATH:+:$PYTHONPATH}
if ! [ -d "$wheel/torch" ]; then
  echo "Unpacking torch for python3" >&2
  rm -rf "$wheel.partly"
  python3 -m pip install -q --root-user-action=ignore --no-index --no-deps \
    --target "$wheel.partly" torch >&2 ||
    leave_out "python3 has no torch; install it, or name a folder with its wheel in PIP_FIND_LINKS"
  rm -rf "$wheel"
  mv "$wheel.partly" "$wheel"
fi
error=$(imports "$path") || leave_out "python3 cannot import torch: $(echo "$error" | tail -n 1)"
echo "$path"
