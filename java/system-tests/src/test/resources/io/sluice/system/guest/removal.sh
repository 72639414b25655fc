# A drive in a hot-plug slot that loses its power under load. Closing it takes a minute and more: so long does Linux wait for a
# function to come back from its reset.
SLOT=0000:00:07.0
DRIVE=0000:01:00.0
bind $DRIVE
junit -Dsluice.guest.slot=$SLOT -Dsluice.guest.drives=BLOCKS_512@$DRIVE -- io.sluice.system.guest.VfioRemoval
