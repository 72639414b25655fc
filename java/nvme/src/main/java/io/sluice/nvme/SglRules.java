package io.sluice.nvme;

/**
 * How a controller's sessions use SGLs.
 *
 * @param use {@link SglUse#NEVER} where the controller has none
 * @param mostDescriptors how many the controller wants in one at most
 */
record SglRules(SglUse use, int mostDescriptors) {
    static SglRules of(IdentifyController identify, SglUse wanted) {
        return new SglRules(identify.scatterGatherLists() ? wanted : SglUse.NEVER, identify.mostSglDescriptors());
    }
}
