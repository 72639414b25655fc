# What the machine does not give: locked memory, a group of its own.
DRIVE=0000:00:04.0
echo 'user:x:1000:1000::/tmp:/bin/sh' >>/etc/passwd

# as_user KIB-OF-LOCKED-MEMORY SLUICE-ARGUMENTS…
as_user() { limit=$1; shift; su -s /bin/sh user -c "ulimit -l $limit; exec java $JAVA_FLAGS -cp '$CLASSPATH' io.sluice.cli.Main $*"; }

bind $DRIVE
group=$(basename $(readlink /sys/bus/pci/devices/$DRIVE/iommu_group))
step 'without permission for the group the message names its node' refuses "/dev/vfio/$group" as_user 65536 identify $DRIVE
chown 1000 /dev/vfio/$group
step 'a user with enough locked memory opens the drive' as_user 65536 identify $DRIVE
step 'with too little locked memory the message says memlock' refuses 'memlock' as_user 64 dd if=$DRIVE/n1 of=/dev/null bs=4k count=1

# Two functions behind one bridge to conventional PCI share a group.
first= second=
for device in /sys/bus/pci/devices/*; do
  case $(cat $device/class) in 0x0108*) ;; *) continue ;; esac
  case ${device##*/} in 0000:00:*) continue ;; esac
  if [ -z "$first" ]; then first=${device##*/}; else second=${device##*/}; fi
done
step 'the two functions behind the bridge are found' [ -n "$second" ]
bind $first
step 'a group with a function of another driver is not opened, and the message names it' refuses "$second" sluice identify $first
bind $second
step 'with the whole group on vfio-pci the drive is opened' sluice identify $first
