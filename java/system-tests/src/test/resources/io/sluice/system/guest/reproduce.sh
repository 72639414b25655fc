# The tables, measured on a drive of the machine: 04 is the drive, 05 another one that is in use.
DRIVE=0000:00:04.0
USED=0000:00:05.0
RAW=/tmp/top/target/report/device/raw

# C1 alone, for what it starts too: there is one emulated processor, and no figure of these is looked at.
export JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1
reproduce() { jvm io.sluice.reproduce.Reproduce --top /tmp/top --jar none --quick "$@"; }
contents() { dd if=$(node $1) bs=1M count=8 2>/dev/null | md5sum; }
driver() { basename $(readlink /sys/bus/pci/devices/$1/driver); }
of() { sed 's/ *$//' /sys/bus/pci/devices/$1/nvme/nvme*/$2; }

# Every figure of a table's file, by the number of them; no failure.
figures() { [ "$(grep -c '"value"' $RAW/$1.json)" = $2 ] && ! grep '"error"' $RAW/$1.json; }
