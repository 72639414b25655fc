# What the scripts beside this file share. To be sourced; it sets -euo pipefail, `top` (the checkout), `JAVA_HOME`.
# shellcheck shell=bash
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${SLUICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice}

step() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Installs the Debian packages among the arguments that are missing.
need_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || fail "this is not Debian: install what these packages are here, then run $0 again: $*"
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  step "installing ${missing[*]}"
  local log
  log=$(mktemp)
  as_root apt-get update -qq >"$log" 2>&1 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; fail "could not install ${missing[*]}"; }
  rm -f "$log"
}

# A command that the distribution may package under another name, or that is there without its package.
need_command() {   # command package
  PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || need_packages "$2"
}

# Sets JAVA_HOME to a JDK from 17 on, installing Debian's 17 when there is none.
need_jdk() {
  local candidate
  for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac 2>/dev/null || echo /nowhere/bin/javac)")")")" /usr/lib/jvm/java-17-openjdk-*; do
    if [ -x "$candidate/bin/javac" ] && [ -d "$candidate/jmods" ] && [ -f "$candidate/include/jni.h" ]; then
      export JAVA_HOME=$candidate
      return 0
    fi
  done
  need_packages openjdk-17-jdk-headless
  JAVA_HOME=$(echo /usr/lib/jvm/java-17-openjdk-*)
  export JAVA_HOME
}

# The home of an installed JDK of the given major version, empty when there is none.
jdk_of_version() {
  local home
  for home in /usr/lib/jvm/*; do
    if [ -f "$home/release" ] && grep -q "^JAVA_VERSION=\"$1[.\"]" "$home/release" && [ -x "$home/bin/javac" ]; then
      echo "$home"
      return 0
    fi
  done
}

need_build_tools() {
  need_jdk
  need_command mvn maven
  need_command cmake cmake
  need_command gcc gcc
  need_command make make
  need_packages libc6-dev
}

# Maven's output goes to a file, and is shown when it fails.
maven() {
  local log=$top/target/maven.log
  mkdir -p "$top/target"
  (cd "$top" && mvn -B -ntp -q "$@") >"$log" 2>&1 || { tail -n 60 "$log" >&2; fail "the build failed; all of its output is in target/maven.log"; }
}

# Whether a jar is not there, or not newer than all that programs are made of.
is_older() {   # jar
  [ ! -f "$1" ] || [ -n "$(find "$top/pom.xml" "$top/native" "$top/java" -name target -prune -o -newer "$1" -type f -path '*/main/*' -print -o -newer "$1" -type f -path '*/native/*' -print -o -newer "$1" -name pom.xml -print | head -n 1)" ]
}

# Builds the sluice command unless it is newer than all that it is made of.
need_sluice() {
  need_build_tools
  local jar=$top/java/cli/target/sluice.jar
  if is_older "$jar"; then
    step "building (the first time Maven fetches what it needs)"
    maven -P '!error-prone' -Dspotless.check.skip -DskipTests -pl java/cli -am package
    touch "$jar"
  fi
}

# Boots the lab's guest with an NVMe drive of 256 MiB: guest_run SCRIPT SRC:DEST… -- [GUEST_BOOT_OPTION…]. What the script writes to
# /dev/ttyS1 is in $work/results afterwards; $work goes when the caller does.
guest_run() {
  need_command qemu-system-x86_64 qemu-system-x86
  # qboot and the IOMMU's firmware come with it; the rest is what guest/build asks for.
  need_packages cpio kmod binutils xz-utils zstd
  need_sluice
  step "building the guest (kernel, busybox, fio, nvme-cli from Debian's packages, a Java runtime)"
  local image script=$1 files=()
  shift
  while [ "$1" != -- ]; do files+=(--file "$1"); shift; done
  shift
  image=$("$top/vm-images/guest/build" --jdk "$JAVA_HOME" --cache "$cache")
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # Filled, since holes read faster than data.
  head -c 256M /dev/urandom >"$work/drive"
  "$top/vm-images/guest/payload" --out "$work/payload.cpio" --run "$script" "${files[@]}"
  step "booting the guest"
  "$top/vm-images/guest/boot" "$@" --image "$image" --payload "$work/payload.cpio" --results "$work/results" -- \
    -drive "file=$work/drive,format=raw,if=none,id=drive,cache=unsafe" -device nvme,serial=sluice-lab,drive=drive |
    grep -v --line-buffered '^sluice-guest-'
}
