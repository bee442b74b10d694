#!/bin/sh
# Builds the benchmarks and runs one of their classes; local.sh and kernels.sh say which.
#
#   GRADCAST_JAVA   more options of the JVM, such as -Dgradcast.kernels=scalar
set -eu
class=io.gradcast.benchmarks.$1
shift
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mvn -q -B -f "$folder/../pom.xml" -pl benchmarks -am -DskipTests -Dspotless.check.skip=true package >&2
# shellcheck disable=SC2086 # GRADCAST_JAVA is words
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$folder/../conf/jvm.options" ${GRADCAST_JAVA:-} \
  -cp "$folder/target/classes:$(cat "$folder/target/classpath")" \
  "$class" "$@"
