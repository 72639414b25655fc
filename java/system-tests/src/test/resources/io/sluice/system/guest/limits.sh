# What the machine does not give: locked memory, a group of its own.
DRIVE=0000:00:04.0
echo 'user:x:1000:1000::/tmp:/bin/sh' >>/etc/passwd

as_user() { setuidgid user sh -c "ulimit -l $1; exec java $JAVA_FLAGS -cp '$CLASSPATH' io.sluice.cli.Main identify $DRIVE"; }

bind $DRIVE
group=$(basename $(readlink /sys/bus/pci/devices/$DRIVE/iommu_group))
step 'without permission for the group the message names its node' refuses "/dev/vfio/$group" as_user 65536
chown 1000 /dev/vfio/$group
step 'a user with enough locked memory opens the drive' as_user 65536
step 'with too little locked memory the message says memlock' refuses 'memlock' as_user 64

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
