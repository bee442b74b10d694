#!/bin/sh
# Measures how fast a model is applied to images in files, and what memory that takes:
#
#   benchmarks/predict.sh [IMAGES [MASTER]]
#
# trains zhang on as many synthetic images for one epoch, then predicts them in each format and evaluates
# them. A rate is that of what comes on top of the same command on 1,000 images, so without the start of
# the JVM and of Spark. GRADCAST_BENCHMARK_DATA is a folder for the images; they are made if not there.
set -eu
images=${1:-1000000}
master=${2:-local[2]}
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
data=${GRADCAST_BENCHMARK_DATA:-$home/benchmarks/target/predict}
mkdir -p "$data"

# Runs a command; prints its seconds and the largest memory that its JVM had, in MiB.
measure() {
  start=$(date +%s%N)
  "$home/submit.sh" "$@" >"$data/out" 2>"$data/err" &
  peak=0
  while kill -0 $! 2>/dev/null; do
    now=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$!/status" 2>/dev/null || true)
    peak=${now:-$peak}
    sleep 0.2
  done
  wait $! || { cat "$data/err" >&2; exit 1; }
  echo "$(($(date +%s%N) - start)) $((peak / 1024))"
}

make() {
  [ -d "$data/$1" ] || "$home/submit.sh" synth --no-gzip --train "$1" --test "$1" --output "$data/$1" >/dev/null
}

make "$images"
make 1000
"$home/submit.sh" train --master "$master" --data "$data/$images" --epochs 1 --batch-size 512 \
  --output "$data/model" --overwrite 2>/dev/null | grep Training
for what in "predict csv" "predict parquet" "predict json" evaluate; do
  command=${what% *}
  set -- --master "$master" --model "$data/model"
  if [ "$command" = predict ]; then
    set -- "$@" --output "$data/predictions" --overwrite --output-format "${what#* }"
  fi
  short=$(measure "$command" "$@" --data "$data/1000")
  long=$(measure "$command" "$@" --data "$data/$images")
  awk -v what="$what" -v n="$images" -v short="${short% *}" -v long="${long% *}" -v peak="${long#* }" \
    'BEGIN { printf "%-16s %d images in %.1f s: %d images/s, at most %d MiB\n",
             what, n, long / 1e9, (n - 1000) / (long - short) * 1e9, peak }'
done
