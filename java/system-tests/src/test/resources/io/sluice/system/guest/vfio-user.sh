# A drive that sluice serves from the host, under the kernel's own nvme driver. BOOT counts the guests that the server has had.
CONTROLLER=/dev/nvme0
DRIVE=/dev/nvme0n1
SECOND=/dev/nvme0n2
MARK=200

found() {
  [ -b $DRIVE ] && [ -b $SECOND ]
  [ $(blockdev --getsize64 $DRIVE) = 268435456 ] && [ $(blockdev --getss $DRIVE) = 512 ]
  [ $(blockdev --getsize64 $SECOND) = 67108864 ] && [ $(blockdev --getss $SECOND) = 4096 ]
  [ $(cat /sys/class/nvme/nvme0/state) = live ]
}

interrupts() {
  dd if=$DRIVE of=/dev/null bs=4k count=64 iflag=direct
  grep nvme0q1 /proc/interrupts
  grep nvme0q /proc/interrupts | grep -v q0 | awk '{ sum += $2 + $3 } END { exit sum < 32 }'
}

identify() {
  nvme id-ctrl $CONTROLLER >/tmp/id-ctrl
  grep '^sn .*SERVED-1' /tmp/id-ctrl && grep '^mn .*Sluice' /tmp/id-ctrl
  nvme id-ns $DRIVE >/tmp/id-ns
  grep -i '^nsze .*0x80000$' /tmp/id-ns && grep 'in use' /tmp/id-ns
  nvme list-ns $CONTROLLER | grep -c 0x | grep '^2$'
}

logs() {
  nvme smart-log $CONTROLLER >/tmp/smart
  grep '^critical_warning.*: 0$' /tmp/smart && grep '^host_write_commands' /tmp/smart
  nvme error-log $CONTROLLER >/dev/null
  nvme fw-log $CONTROLLER >/dev/null
  nvme get-feature $CONTROLLER --feature-id=7
}

file_system() {
  mkfs.ext4 -q -F $SECOND
  mount $SECOND /mnt
  dd if=/dev/urandom of=/mnt/data bs=1M count=16
  cp /mnt/data /mnt/copy
  umount /mnt
  e2fsck -fn $SECOND
  mount -o ro $SECOND /mnt
  cmp /mnt/data /mnt/copy
  umount /mnt
}

verified() { fio --name=verify --filename=$DRIVE --size=32M --verify=crc32c --ioengine=libaio --direct=1 --fallocate=none "$@"; }

format() {
  dd if=/dev/urandom of=$SECOND bs=1M count=1 conv=fsync
  nvme format $SECOND --force --lbaf=$(sed -n 's/^lbaf *\([0-9]*\).*in use.*/\1/p' /tmp/id-ns-2)
  dd if=$SECOND of=/tmp/formatted bs=1M count=1 iflag=direct
  dd if=/dev/zero of=/tmp/zeroes bs=1M count=1
  cmp /tmp/formatted /tmp/zeroes
}

# A reset forgets queues, and nothing that is stored.
reset() {
  dd if=/dev/urandom of=/tmp/before bs=1M count=1
  dd if=/tmp/before of=$DRIVE bs=1M seek=100 oflag=direct
  nvme reset $CONTROLLER
  dd if=$DRIVE of=/tmp/after bs=1M skip=100 count=1 iflag=direct
  cmp /tmp/before /tmp/after
  [ $(cat /sys/class/nvme/nvme0/state) = live ]
}

# Function level reset by the kernel, which takes the driver off and puts it on again.
rebind() {
  function=$(basename $(readlink -f /sys/class/nvme/nvme0/device))
  echo $function >/sys/bus/pci/drivers/nvme/unbind
  [ ! -e $DRIVE ]
  echo $function >/sys/bus/pci/drivers/nvme/bind
  tries=0
  until [ -b $DRIVE ]; do tries=$((tries + 1)); [ $tries -lt 100 ]; sleep 0.1; done
}

mark() { echo "boot $1" | dd of=$DRIVE bs=512 seek=$((MARK + $1)) count=1 conv=sync oflag=direct; }
marked() { dd if=$DRIVE bs=512 skip=$((MARK + $1)) count=1 iflag=direct | grep "boot $1"; }

step 'the nvme driver finds the controller and its two namespaces' found
if [ $BOOT -gt 1 ]; then step 'what the guest before wrote is there' marked $((BOOT - 1)); fi
step 'completions come by interrupt' interrupts
step 'nvme id-ctrl and id-ns say what was asked for' identify
if [ $BOOT = 1 ]; then
  step 'ext4 is made, filled, checked and read back' file_system
  step 'fio verifies random writes of 4 KiB at depth 32' verified --rw=randwrite --bs=4k --iodepth=32
  step 'fio verifies writes of 512 KiB' verified --rw=write --bs=512k --iodepth=8
  step 'fio verifies mixed sizes' verified --rw=randwrite --bsrange=512-256k --iodepth=16
  nvme id-ns $SECOND >/tmp/id-ns-2
  step 'nvme smart-log, error-log, fw-log and get-feature answer' logs
  step 'nvme format leaves zeroes' format
  step 'nvme reset loses nothing' reset
  step 'the driver is taken off and put on again' rebind
fi
step 'fio reads after all that' fio --name=read --filename=$DRIVE --readonly --size=16M --rw=randread --bs=4k --iodepth=32 --ioengine=libaio --direct=1
step 'a mark is left for the next guest' mark $BOOT
