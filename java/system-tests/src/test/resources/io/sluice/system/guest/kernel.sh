# Sluice and the kernel's own driver on the same drives. 04 changes hands; 05 is what the kernel uses.
DRIVE=0000:00:04.0
USED=0000:00:05.0

sluice_writes_kernel_reads() {
  dd if=/dev/urandom of=/tmp/data bs=1M count=6
  sluice bind $DRIVE
  sluice dd if=/tmp/data of=$DRIVE/n1 bs=96k seek=3 conv=fsync status=none
  sluice unbind $DRIVE
  dd if=$(node $DRIVE) of=/tmp/back bs=96k skip=3 count=64 2>/dev/null
  cmp /tmp/data /tmp/back
}

kernel_writes_sluice_reads() {
  dd if=/dev/urandom of=/tmp/data bs=1M count=6
  dd if=/tmp/data of=$(node $DRIVE) bs=1M seek=2 conv=fsync
  sluice bind $DRIVE
  sluice dd if=$DRIVE/n1 of=/tmp/back bs=1M skip=2 count=6 status=none
  cmp /tmp/data /tmp/back
}

# Starts a JVM that writes to the drive for a long time; sets jvm once it has the drive open.
start_writing() {
  # exec, so that $! is the JVM itself.
  (exec java $JAVA_FLAGS -cp "$CLASSPATH" io.sluice.cli.Main bench $DRIVE --rw write --bs 64k --iodepth 16 --runtime 120 --yes-destroy-data) >/tmp/bench.log 2>&1 &
  jvm=$!
  tries=0
  until ls -l /proc/$jvm/fd | grep -q 'vfio-device\|vfio/devices'; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] && [ -d /proc/$jvm/fd ] || { cat /tmp/bench.log; return 1; }
    sleep 0.2
  done
}

killed_while_writing() {
  start_writing
  # Its writes begin now.
  sleep 2
  kill -9 $jvm
  wait $jvm || true
  sluice dd if=$DRIVE/n1 of=/dev/null bs=1M count=4 status=none
}

step 'what Sluice writes the kernel reads' sluice_writes_kernel_reads
step 'a drive of the kernel driver is not opened, and the message says bind' refuses 'sluice bind' sluice identify $DRIVE
step 'what the kernel writes Sluice reads' kernel_writes_sluice_reads
opened_by_another_process() {
  start_writing
  # The other process is ended whatever comes of this one.
  if refuses 'another process' sluice identify $DRIVE; then said=0; else said=1; fi
  kill -9 $jvm
  wait $jvm || true
  return $said
}

step 'a drive that another process has open is not opened, and the message says so' opened_by_another_process
step 'after kill -9 of a writing JVM the next open works' killed_while_writing

used=$(node $USED)
mounted() { mkfs.ext4 -q $used; mount $used /mnt; refuses /mnt sluice bind $USED; [ -b $used ]; umount /mnt; }
swapping() { mkswap $used; swapon $used; refuses swap sluice bind $USED; swapoff $used; }
mapped() { wipefs -qa $used; echo "0 2048 linear $used 0" | dmsetup create held; refuses held sluice bind $USED; dmsetup remove held; }
raided() { modprobe raid0; yes | mdadm --create /dev/md0 --run --level=0 --force --raid-devices=1 $used; refuses 'md0\|RAID' sluice bind $USED; mdadm --stop /dev/md0; }
step 'a mounted drive is not taken from the kernel' mounted
step 'a drive with swap is not taken from the kernel' swapping
step 'a drive under device-mapper is not taken from the kernel' mapped
step 'a drive under RAID is not taken from the kernel' raided
