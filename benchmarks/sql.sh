#!/bin/sh
# Measures the function of Spark SQL beside training; --help lists the flags, java.sh what it takes
# from the environment.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
GRADCAST_JAVA="-Dlog4j2.configurationFile=$folder/../conf/log4j2.properties \
  -Dgradcast.log=$folder/target/spark.log ${GRADCAST_JAVA:-}"
export GRADCAST_JAVA
exec "$folder/java.sh" SqlPrediction "$@"
