#!/bin/sh
# Measures each kernel and whole steps by JMH. Arguments choose benchmarks by regular expressions of
# their names, such as Convolution or Step; none for all, which takes some five minutes. java.sh says
# what it takes from the environment.
set -eu
exec "$(dirname -- "$0")/java.sh" KernelReport "$@"
