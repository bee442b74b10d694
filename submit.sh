#!/bin/sh
# The one way in. Without arguments: trains the base network on the digits in src-test-data, here.
# With --master of a cluster, or where SPARK_HOME or spark-submit is found, through spark-submit;
# otherwise with Spark from the Maven class path, so that a JDK and Maven are all that is needed.
#
#   GRADCAST_SUBMIT   more arguments for spark-submit, such as "--deploy-mode cluster"
#   GRADCAST_LOG      file for Spark's own log (default: runs/spark.log beside this script)
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
target=$home/spark-job/target
jar=$target/gradcast.jar
main=io.gradcast.spark.cli.Gradcast

fail() {
  echo "gradcast: $1" >&2
  exit 1
}

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null 2>&1 || fail "expected a JDK 17 or later in JAVA_HOME or on the PATH, found no java"
properties=$("$java" -XshowSettings:properties -version 2>&1)
version=$(echo "$properties" | sed -n 's/^ *java.specification.version = //p')
case $version in
  1.* | '') fail "expected a JDK 17 or later, found Java ${version:-of an unknown version}" ;;
esac
[ "$version" -ge 17 ] || fail "expected a JDK 17 or later, found Java $version"

# Hadoop differs between the two (see pom.xml), and so does Spark's class path.
classpath_file=$target/spark-classpath
[ "$version" -lt 24 ] || classpath_file=$target/spark-classpath-jdk24

up_to_date() {
  [ -f "$jar" ] && [ -f "$classpath_file" ] || return 1
  # A class path into a Maven repository that was cleared is as good as none.
  [ -f "$(cut -d: -f1 <"$classpath_file")" ] || return 1
  [ -z "$(find "$home/pom.xml" "$home/engine/pom.xml" "$home/spark-job/pom.xml" \
    "$home/engine/src/main" "$home/engine/src/generate" "$home/spark-job/src/main" "$home/conf/networks" \
    -type f -newer "$jar" 2>/dev/null | head -n 1)" ]
}

build() {
  command -v mvn >/dev/null 2>&1 || fail "expected Maven on the PATH to build Gradcast, found no mvn"
  echo "Building Gradcast; the first time this fetches Spark, some 300 MB." >&2
  mkdir -p "$home/target"
  log=$home/target/build.log
  {
    mvn -B -f "$home/pom.xml" -pl spark-job -am -DskipTests -Dspotless.check.skip=true package 2>&1 &&
      status=0 || status=$?
    printf '\nexit %s\n' "$status"
  } | tee "$log" | awk '
    /^\[INFO\] Building Gradcast/ { print "  " $3, $4, $5; fflush() }
    /^(\[INFO\] )?Downloaded / { if (++n % 50 == 0) { print "  " n " files fetched"; fflush() } }' >&2
  if [ "$(tail -n 1 "$log")" != "exit 0" ]; then
    grep -E '^\[ERROR|^\[WARNING.*\.java' "$log" | head -n 20 >&2 || true
    fail "the build failed; all of it is in $log"
  fi
  touch "$jar" "$classpath_file"
}

if [ -t 2 ]; then terminal=true; else terminal=false; fi
log=${GRADCAST_LOG:-$home/runs/spark.log}

run_java() {
  exec "$java" "@$home/conf/jvm.options" "-Dgradcast.home=$home" "-Dgradcast.terminal=$terminal" \
    "-Dgradcast.log=$log" "-Dlog4j2.configurationFile=$home/conf/log4j2.properties" "$@"
}

up_to_date || build

[ $# -gt 0 ] || set -- train

master=
on_spark=false
previous=
for argument in "$@"; do
  case $argument in
    train | retrain | models | rollback | evaluate | predict | pack | inspect) [ -n "$previous" ] || on_spark=true ;;
    --help | -h | --version | -V) on_spark=false && break ;;
    --master=*) master=${argument#--master=} ;;
  esac
  [ "$previous" != --master ] || master=$argument
  previous=$argument
done

submit=
if [ -n "${SPARK_HOME:-}" ] && [ -x "$SPARK_HOME/bin/spark-submit" ]; then
  submit=$SPARK_HOME/bin/spark-submit
elif command -v spark-submit >/dev/null 2>&1; then
  submit=$(command -v spark-submit)
fi

if [ "$on_spark" = false ]; then
  run_java -cp "$jar:$(cat "$classpath_file")" "$main" "$@"
fi
# shellcheck disable=SC2086 # GRADCAST_SUBMIT is words
set -- --properties-file "$home/conf/spark-defaults.conf" ${GRADCAST_SUBMIT:-} \
  --class "$main" "$jar" "$@"
if [ -n "$submit" ]; then
  [ -z "$master" ] || set -- --master "$master" "$@"
  # Spark splits this one at spaces, but for quoted parts.
  exec "$submit" --load-spark-defaults --driver-java-options "\"-Dgradcast.home=$home\" \
    \"-Dgradcast.log=$log\" -Dgradcast.terminal=$terminal \
    \"-Dlog4j2.configurationFile=$home/conf/log4j2.properties\"" "$@"
fi

# Spark's classes as the JVM has them in memory, for this JVM and class path; any other goes on without.
# Parsing and verifying thousands of them takes most of a start.
archive=$target/spark-classes-$(echo "$properties" | grep '^ *java.vm.ve' |
  cat - "$classpath_file" | cksum | cut -d' ' -f1).jsa

# A JVM writes them when it ends. Half a file would bring others down, hence the rename; an empty one
# says that there cannot be any.
archive_classes() (
  folder=$target/archiving-$$
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 130' INT TERM
  rm -f "$target"/spark-classes-*.jsa
  mkdir "$folder"
  echo "Archiving Spark's classes, so that commands start sooner." >&2
  said=$target/archiving.log
  (run_java "-Dgradcast.log=$said" "-XX:ArchiveClassesAtExit=$folder/classes.jsa" \
    -cp "$(cat "$classpath_file")" org.apache.spark.deploy.SparkSubmit --master "local[2]" \
    --class "$main" "$jar" train --epochs 1 --output "$folder/model") >"$said" 2>&1 || {
    echo "That failed, which does no harm; see $said" >&2
    : >"$folder/classes.jsa"
  }
  mv "$folder/classes.jsa" "$archive"
)

case ${master:-local} in
  local*) [ -f "$archive" ] || [ ! -w "$target" ] || archive_classes ;;
esac
[ -s "$archive" ] || archive=
run_java ${archive:+"-XX:SharedArchiveFile=$archive" -Xlog:cds=off -Xlog:cds+dynamic=off} \
  -cp "$(cat "$classpath_file")" org.apache.spark.deploy.SparkSubmit \
  --master "${master:-local[*]}" "$@"
