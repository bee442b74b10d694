#!/bin/sh
# Compares how fast Gradcast and other systems train the same network on the same data. Each round runs
# every system once, in turn, each in a fresh process that warms up and then measures several passes.
#
#   --systems LIST    of gradcast, pytorch and dl4j (default: all three; dl4j has zhang alone)
#   --network NAME    zhang or lenet5 on MNIST, or vgg-small on random colour images (default: zhang)
#   --batch-size B    samples a minibatch (default: 512)
#   --threads T       that compute (default: 1)
#   --jdk HOME        of the JDK for the systems on the JVM (default: JAVA_HOME, or java on the PATH)
#   --rounds N        runs of each system (default: 3)
#   --json            a line of JSON a run instead of the table
#   --data FOLDER     with MNIST's files (default: MNIST_DIR, or mnist beside submit.sh)
set -eu

folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=$(CDPATH='' cd -- "$folder/../.." && pwd)
target=$home/benchmarks/target
flags="--systems, --network, --batch-size, --threads, --jdk, --rounds, --json, --data or --help"

fail() {
  echo "compare.sh: $1" >&2
  exit "${2:-1}"
}

# A flag's value has to be a whole number from 1 to 60000, the samples that there are.
require_number() {
  case $2 in
    '' | 0* | *[!0-9]* | ??????*) fail "$1: expected a whole number from 1 to 60000, found $2" 2 ;;
  esac
  [ "$2" -le 60000 ] || fail "$1: expected a whole number from 1 to 60000, found $2" 2
}

systems=gradcast,pytorch,dl4j
network=zhang
batch_size=512
threads=1
rounds=3
json=false
data=
while [ $# -gt 0 ]; do
  case $1 in
    --json) json=true && shift && continue ;;
    --help | -h) sed -n '/^set/q; 2,$s/^# \{0,1\}//p' "$0" && exit ;;
    --systems | --network | --batch-size | --threads | --jdk | --rounds | --data) ;;
    *) fail "expected $flags, found $1" 2 ;;
  esac
  [ $# -ge 2 ] || fail "$1: expected a value, found none" 2
  case $1 in
    --systems) systems=$2 ;;
    --network)
      case $2 in
        zhang | lenet5 | vgg-small) network=$2 ;;
        *) fail "--network: expected zhang, lenet5 or vgg-small, found $2" 2 ;;
      esac
      ;;
    --batch-size) require_number "$1" "$2" && batch_size=$2 ;;
    --threads) require_number "$1" "$2" && threads=$2 ;;
    --rounds) require_number "$1" "$2" && rounds=$2 ;;
    --data) data=$2 ;;
    --jdk)
      [ -x "$2/bin/java" ] || fail "$1: expected the home of a JDK, found no bin/java in $2" 2
      export JAVA_HOME="$2"
      ;;
  esac
  shift 2
done
[ -n "$systems" ] || fail "--systems: expected gradcast, pytorch or dl4j, found nothing" 2
systems=$(echo "$systems" | tr , ' ')
for system in $systems; do
  case $system in
    gradcast | pytorch | dl4j) ;;
    *) fail "--systems: expected gradcast, pytorch or dl4j, found $system" 2 ;;
  esac
done

[ "$network" = zhang ] || systems=$(echo "$systems" | sed 's/ *dl4j//')

images=train-images-idx3-ubyte.gz
if [ -z "$data" ]; then
  data=$home/mnist
  [ ! -f "${MNIST_DIR:-}/$images" ] || data=$MNIST_DIR
  [ -f "$data/$images" ] ||
    fail "found MNIST neither in MNIST_DIR nor in $data; get it by ./submit.sh fetch mnist mnist"
fi
for file in $images train-labels-idx1-ubyte.gz; do
  [ -f "$data/$file" ] || fail "--data: expected $file in $data, found none"
done

build() {
  mvn -q -B -f "$home/pom.xml" "$@" -am -DskipTests -Dspotless.check.skip=true package >&2
}

class_path() {
  echo "$1/target/classes:$(cat "$1/target/classpath")"
}

# Says so and fails where a system cannot run.
prepare() {
  case $1 in
    gradcast) ;; # built in any case, for the table
    pytorch) torch=$("$folder/torch.sh") ;;
    dl4j)
      echo "Building dl4j; the first time this fetches some 100 MB" >&2
      build -Pdl4j -pl benchmarks/peers/dl4j 2>"$target/dl4j.log" || {
        echo "dl4j is left out: Maven could not fetch or build it; $target/dl4j.log says why" >&2
        return 1
      }
      ;;
  esac
}

run() {
  case $1 in
    gradcast)
      "$java" "@$options" -cp "$(class_path "$home/benchmarks")" \
        io.gradcast.benchmarks.GradcastRun "$data" "$batch_size" "$threads" "$network"
      ;;
    pytorch)
      PYTHONPATH=$torch \
        python3 "$folder/pytorch.py" "$data" "$batch_size" "$threads" "$network"
      ;;
    dl4j)
      OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads \
        "$java" "@$options" -cp "$(class_path "$folder/dl4j")" \
        io.gradcast.benchmarks.dl4j.Dl4jRun "$data" "$batch_size" "$threads"
      ;;
  esac
}

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
options=$home/conf/jvm.options
build -pl benchmarks || fail "Maven could not build the benchmarks"
able=
for system in $systems; do
  if prepare "$system"; then able="$able $system"; fi
done

lines=
for round in $(seq "$rounds"); do
  for system in $able; do
    echo "Round $round of $rounds: $system" >&2
    log=$target/$system.log
    if line=$(run "$system" 2>"$log"); then
      lines="$lines$line
"
      if [ "$json" = true ]; then echo "$line"; fi
    else
      echo "$system is left out: its run failed; $log says why" >&2
      able=$(echo "$able " | sed "s/ $system / /")
    fi
  done
done
[ -n "$lines" ] || fail "no system could run"
if [ "$json" = false ]; then
  printf %s "$lines" |
    "$java" -cp "$(class_path "$home/benchmarks")" io.gradcast.benchmarks.PeerTable
fi
