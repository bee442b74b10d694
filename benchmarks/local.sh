#!/bin/sh
# Trains in one JVM without Spark; --help lists the flags.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mvn -q -B -f "$folder/../pom.xml" -pl benchmarks -am -DskipTests -Dspotless.check.skip=true package >&2
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
  -cp "$folder/target/classes:$(cat "$folder/target/classpath")" \
  io.gradcast.benchmarks.LocalTraining "$@"
