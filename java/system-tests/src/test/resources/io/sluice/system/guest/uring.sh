# Sessions over io_uring on the nodes that the kernel's driver makes of 04 (blocks of 512 bytes) and 05 (4096).
G=io.sluice.system.guest
modprobe dm-mod 2>/dev/null || true
junit -- $G.BlockNodeSession $G.LargeBlockNodeSession $G.PassthroughSession $G.LargeBlockPassthroughSession \
  $G.BlockNodeRandom $G.PassthroughRandom $G.BothNodes $G.StuckDevice

node() { for found in /sys/bus/pci/devices/$1/nvme/nvme*/nvme*n1; do echo ${found##*/nvme}; done; }
block=/dev/nvme$(node 0000:00:04.0)
passthrough=/dev/ng$(node 0000:00:04.0)

copies_to() {
  dd if=/dev/urandom of=/tmp/data bs=1M count=3
  sluice dd if=/tmp/data of=$1 bs=96k seek=3 conv=fsync status=none
  busybox dd if=$block of=/tmp/back bs=96k skip=3 count=32 2>/dev/null
  cmp /tmp/data /tmp/back
  sluice dd if=$1 of=/tmp/again bs=96k skip=3 count=32 status=none
  cmp /tmp/data /tmp/again
}
step 'dd to the block device over io_uring is what the kernel reads' copies_to $block
step 'dd to the character device over io_uring is what the kernel reads' copies_to $passthrough

verified() { sluice bench $1 --rw randwrite --bs 4k --iodepth 16 --bytes 2M --verify --yes-destroy-data; }
step 'bench verifies what it wrote to the block device' verified $block
step 'bench verifies what it wrote to the character device' verified $passthrough

mkfs.ext4 -q $block
mount $block /mnt
step 'a mounted block device is not written, and the message names the mount point' refuses 'mounted at /mnt' sluice dd if=/dev/zero of=$block bs=4k count=1
step 'nor is its character device' refuses 'mounted at /mnt' sluice dd if=/dev/zero of=$passthrough bs=4k count=1
both_read() { sluice dd if=$block of=/dev/null bs=4k count=4; sluice dd if=$passthrough of=/dev/null bs=4k count=4; }
step 'both are read' both_read
dd if=/dev/urandom of=/mnt/file bs=1M count=4
step 'a file of a file system on the drive is a device' verified file:/mnt/file
umount /mnt

large=/dev/nvme$(node 0000:00:05.0)
mkfs.ext4 -q $large
mount $large /mnt
dd if=/dev/zero of=/mnt/file bs=1M count=8
junit -Dsluice.guest.file=/mnt/file -- $G.FileOnLargeBlocks
umount /mnt

echo 'user:x:1000:1000::/tmp:/bin/sh' >>/etc/passwd
dd if=/dev/urandom of=/tmp/small bs=64k count=16
chown 1000 /tmp/small
little_locked_memory() {
  su -s /bin/sh user -c "ulimit -l 64; exec java $JAVA_FLAGS -cp '$CLASSPATH' io.sluice.cli.Main dd if=file:/tmp/small of=/tmp/copy bs=64k" 2>/tmp/said
  cat /tmp/said
  grep -q 'ulimit -l' /tmp/said
  cmp /tmp/small /tmp/copy
}
step 'with too little locked memory a file is read all the same, and that is said' little_locked_memory
