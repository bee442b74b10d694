#!/bin/sh
# Measures what an iteration over Spark costs; --help lists the flags, java.sh what it takes from the
# environment. local-cluster[N,cores,MiB] starts N executor processes, for which Spark wants a home.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
SPARK_HOME=$folder/target/spark-home
SPARK_SCALA_VERSION=2.13
export SPARK_HOME SPARK_SCALA_VERSION
mkdir -p "$SPARK_HOME/jars"
GRADCAST_JAVA="-Dlog4j2.configurationFile=$folder/../conf/log4j2.properties \
  -Dgradcast.log=$folder/target/spark.log ${GRADCAST_JAVA:-}"
export GRADCAST_JAVA
exec "$folder/java.sh" ExchangeTraining "$@"
