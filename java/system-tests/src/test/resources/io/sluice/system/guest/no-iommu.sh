# A machine without an IOMMU: the drive stays with the kernel, or is opened by nobody.
DRIVE=0000:00:04.0
bind_and_open() { sluice bind $DRIVE && sluice identify $DRIVE; }
step 'without an IOMMU the drive is not opened, and the message says what to do' refuses IOMMU bind_and_open
