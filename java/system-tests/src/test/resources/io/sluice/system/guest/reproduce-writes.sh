# By a user who wants that, of a drive that was with vfio-pci, and is afterwards.
overwritten() {
  echo "$(of $DRIVE model) $(of $DRIVE serial)" >/tmp/answer
  sum=$(contents $DRIVE)
  sluice bind $DRIVE
  reproduce --device $DRIVE --allow-writes d:randwrite </tmp/answer
  figures d 24
  [ "$(driver $DRIVE)" = vfio-pci ]
  sluice unbind $DRIVE
  [ "$sum" != "$(contents $DRIVE)" ]
}

step 'what is confirmed overwrites the drive' overwritten
