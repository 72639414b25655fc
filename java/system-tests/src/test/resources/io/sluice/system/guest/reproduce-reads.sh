missing() { refuses 'no NVMe drive at this address' reproduce --device 0000:3f:1f.7 c:4K; }

# A mounted partition: fio itself only looks at the device that it is given.
in_use() {
  used=$(node $USED)
  sgdisk -n 1:0:+32M $used
  mkfs.ext4 -q ${used}p1
  mount ${used}p1 /mnt
  echo precious >/mnt/file
  refuses 'is mounted at /mnt' reproduce --device $USED d:randwrite
  echo "$(of $USED model) $(of $USED serial)" >/tmp/answer
  refuses 'is mounted at /mnt' reproduce --device $USED --allow-writes d:randwrite </tmp/answer
  [ "$(driver $USED)" = nvme ]
  umount /mnt
  mount ${used}p1 /mnt
  grep -q precious /mnt/file
  umount /mnt
  e2fsck -fn ${used}p1
}

# What is not confirmed touches nothing: neither the drive, nor what was measured before.
not_confirmed() {
  sum=$(contents $DRIVE)
  mkdir -p $RAW
  for answer in yes "$(of $DRIVE model) $(of $USED serial)"; do
    echo "$answer" >/tmp/answer
    refuses 'nothing was run' reproduce --device $DRIVE --fresh --allow-writes d:randwrite </tmp/answer
    grep -q "serial $(of $DRIVE serial)" /tmp/refusal.log
  done
  [ -d $RAW ]
  [ "$(driver $DRIVE)" = nvme ]
  [ "$sum" = "$(contents $DRIVE)" ]
}

# Killed when it has some figures of fifteen: those stay, the rest follows, the kernel gets the drive back.
killed_while_measuring() {
  sum=$(contents $DRIVE)
  (exec java $JAVA_FLAGS -cp "$CLASSPATH" io.sluice.reproduce.Reproduce --top /tmp/top --jar none --quick --device $DRIVE a:4K) >/tmp/first.log 2>&1 &
  first=$!
  tries=0
  until grep -q '\[  4/15\]' /tmp/first.log; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && [ -d /proc/$first ] || { cat /tmp/first.log; return 1; }
    sleep 0.2
  done
  kill -9 $first
  wait $first || true
  sleep 1
  if pgrep -f StepRunner; then echo 'what it had started goes on'; return 1; fi
  reproduce --device $DRIVE a:4K >/tmp/second.log 2>&1 || { cat /tmp/second.log; return 1; }
  cat /tmp/second.log
  grep -q 'of 15 measurements are there from before' /tmp/second.log
  grep -q '^15 of 15 measurements have a figure' /tmp/second.log
  figures a 15
  [ "$(driver $DRIVE)" = nvme ]
  [ "$sum" = "$(contents $DRIVE)" ]
  [ "$(ls /tmp/top/target/report/device)" = "$(printf 'charts\nconsole.log\nenvironment.json\nlock\nraw\nreport.html\nreport.md')" ]
}

step 'a drive that is not there is named' missing
step 'a drive that is in use is not measured, and nothing on it is lost' in_use
step 'what is not confirmed by model and serial number overwrites nothing' not_confirmed
step 'a run that was killed goes on, reads only, and gives the drive back' killed_while_measuring
