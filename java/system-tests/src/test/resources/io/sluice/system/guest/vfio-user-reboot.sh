# Boots of one virtual machine that is never switched off: how many there were stands on the drive.
DRIVE=/dev/nvme0n1
COUNTER=300
BOOTS=3

boot=$(dd if=$DRIVE bs=512 skip=$COUNTER count=1 iflag=direct 2>/dev/null | tr -cd 0-9)
boot=$((${boot:-0} + 1))

works() {
  [ $(cat /sys/class/nvme/nvme0/state) = live ]
  dd if=/dev/urandom of=/tmp/data bs=1M count=2
  dd if=/tmp/data of=$DRIVE bs=1M seek=$((10 * boot)) oflag=direct
  dd if=$DRIVE of=/tmp/back bs=1M skip=$((10 * boot)) count=2 iflag=direct
  cmp /tmp/data /tmp/back
  echo $boot | dd of=$DRIVE bs=512 seek=$COUNTER count=1 conv=sync oflag=direct
}

step "boot $boot of the same machine uses the drive" works
if [ $boot -lt $BOOTS ]; then
  # The controller is left enabled, with requests waiting, as a reset button leaves it.
  dd if=$DRIVE of=/dev/null bs=1M iflag=direct &
  reboot -f
  sleep 60
fi
step 'there were as many boots as there were to be' [ $boot = $BOOTS ]
