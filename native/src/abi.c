#include "sluice.h"

uint32_t sluice_abi(void)
{
    return SLUICE_ABI;
}
