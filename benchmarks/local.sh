#!/bin/sh
# Trains in one JVM without Spark; --help lists the flags, java.sh what it takes from the environment.
set -eu
exec "$(dirname -- "$0")/java.sh" LocalTraining "$@"
