#!/bin/sh
# Measures each kernel and whole steps by JMH. Arguments choose benchmarks by regular expressions of
# their names, such as Convolution or Step; none for all, which takes some five minutes.
#
#   GRADCAST_JAVA   more options of the JVM, such as -Dgradcast.kernels=256
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mvn -q -B -f "$folder/../pom.xml" -pl benchmarks -am -DskipTests -Dspotless.check.skip=true package >&2
# shellcheck disable=SC2086 # GRADCAST_JAVA is words
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$folder/../conf/jvm.options" ${GRADCAST_JAVA:-} \
  -cp "$folder/target/classes:$(cat "$folder/target/classpath")" \
  io.gradcast.benchmarks.KernelReport "$@"
