#!/bin/sh
# Trains in one JVM without Spark; --help lists the flags.
#
#   GRADCAST_JAVA   more options of the JVM, such as -Dgradcast.kernels=scalar
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mvn -q -B -f "$folder/../pom.xml" -pl benchmarks -am -DskipTests -Dspotless.check.skip=true package >&2
# shellcheck disable=SC2086 # GRADCAST_JAVA is words
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$folder/../conf/jvm.options" ${GRADCAST_JAVA:-} \
  -cp "$folder/target/classes:$(cat "$folder/target/classpath")" \
  io.gradcast.benchmarks.LocalTraining "$@"
