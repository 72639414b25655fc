# A drive in a hot-plug slot that loses its power under load.
SLOT=0000:00:07.0
DRIVE=0000:01:00.0
bind $DRIVE
junit -Dsluice.guest.slot=$SLOT -Dsluice.guest.drives=BLOCKS_512@$DRIVE -- io.sluice.system.guest.VfioRemoval
