# Hands a function to vfio-pci, as an operator's script would.
bind() {
  echo vfio-pci >/sys/bus/pci/devices/$1/driver_override
  [ ! -e /sys/bus/pci/devices/$1/driver ] || echo $1 >/sys/bus/pci/devices/$1/driver/unbind
  echo $1 >/sys/bus/pci/drivers/vfio-pci/bind
}

# The kernel's block device of a function, once it is there.
node() {
  tries=0
  while [ $tries -lt 100 ]; do
    for found in /sys/bus/pci/devices/$1/nvme/nvme*/nvme*n1; do
      if [ -e $found ] && [ -b /dev/${found##*/} ]; then echo /dev/${found##*/}; return; fi
    done
    tries=$((tries + 1)); sleep 0.1
  done
  echo "no block device of $1 appears" >&2; return 1
}

# One compiler, no verifier and a small heap: these programs are short, and everything here runs under emulation.
JAVA_FLAGS='-XX:TieredStopAtLevel=1 -XX:-BytecodeVerificationRemote -XX:+UseSerialGC -Xmx512m -XX:ErrorFile=/dev/console'
jvm() { java $JAVA_FLAGS -cp "$CLASSPATH" "$@"; }

sluice() { jvm io.sluice.cli.Main "$@"; }

# junit JVM_ARGUMENTS… -- CLASSES…
junit() {
  arguments=
  while [ "$1" != -- ]; do arguments="$arguments $1"; shift; done
  shift
  jvm -Xcheck:jni $arguments io.sluice.system.guest.GuestMain "$@"
}

# step NAME COMMAND…: a test of its own; it passes when the command succeeds, and its output is the stack trace.
step() {
  name=$1; shift
  start=$(cut -d. -f1 /proc/uptime)
  # Not as a condition: there the shell would go on after a command that fails.
  (set -ex; "$@") >/tmp/step.log 2>&1
  if [ $? = 0 ]; then status=PASSED; else status=FAILED; cat /tmp/step.log; fi
  millis=$((($(cut -d. -f1 /proc/uptime) - start) * 1000))
  printf 'sluice-test\tscript\t%s\t%s\t%s\t%s\n' "$name" $status $millis "$(tail -c 6000 /tmp/step.log | base64 | tr -d '\n')" >$SLUICE_RESULTS
}

# Holds when the command fails and says something.
refuses() {
  expected=$1; shift
  if "$@" >/tmp/refusal.log 2>&1; then cat /tmp/refusal.log; echo "was not refused: $*"; return 1; fi
  cat /tmp/refusal.log
  grep -q -e "$expected" /tmp/refusal.log || { echo "does not say: $expected"; return 1; }
}
