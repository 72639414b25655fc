/* What VFIO's answers may look like when somebody lies: tables of bytes instead of a device. */
#include "check.h"
#include "sluice.h"

#include "../src/capabilities.h"

#include <errno.h>
#include <string.h>

struct iommu_answer {
    struct vfio_iommu_type1_info fixed;
    struct vfio_iommu_type1_info_dma_avail available;
    uint32_t padding;
    struct vfio_iommu_type1_info_cap_iova_range iova;
    struct vfio_iova_range ranges[2];
};

static struct iommu_answer good_iommu(void)
{
    struct iommu_answer answer = {
        .fixed = {
            .argsz = sizeof(answer),
            .flags = VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS,
            .iova_pgsizes = 0x40201000,
            .cap_offset = offsetof(struct iommu_answer, available),
        },
        .available = {
            .header = {VFIO_IOMMU_TYPE1_INFO_DMA_AVAIL, 1, offsetof(struct iommu_answer, iova)},
            .avail = 65535,
        },
        .iova = {.header = {VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, 1, 0}, .nr_iovas = 2},
        .ranges = {{0, 0xfedfffff}, {0xfef00000, 0x7fffffffffff}},
    };

    return answer;
}

static void iommu_ranges_are_found_behind_other_capabilities(void)
{
    struct iommu_answer answer = good_iommu();
    struct sluice_iommu_info info;
    struct sluice_range ranges[4];

    CHECK_IS(2, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 4));
    CHECK_IS(0x40201000, info.page_sizes);
    CHECK_IS(65535, info.maps_available);
    CHECK_IS(0xfedfffff, ranges[0].last);
    CHECK_IS(0xfef00000, ranges[1].first);
    /* A short array takes what it holds; the number says how many there are. */
    ranges[1].first = 1;
    CHECK_IS(2, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 1));
    CHECK_IS(1, ranges[1].first);
}

static void kernel_without_capabilities_says_nothing_of_ranges(void)
{
    struct vfio_iommu_type1_info answer = {.argsz = 16, .flags = VFIO_IOMMU_INFO_PGSIZES, .iova_pgsizes = 0x1000};
    struct sluice_iommu_info info;

    CHECK_IS(0, sluice_read_iommu_info(&answer, 16, &info, NULL, 0));
    CHECK_IS(0x1000, info.page_sizes);
    CHECK(info.maps_available == UINT64_MAX);
}

static void every_cut_of_an_answer_is_an_error_or_has_no_ranges(void)
{
    for (size_t length = 0; length < sizeof(struct iommu_answer); length++) {
        struct iommu_answer answer = good_iommu();
        struct sluice_iommu_info info;
        struct sluice_range ranges[4];
        /* A copy of exactly that length, so that the address sanitizer sees a byte too many. */
        void *cut = malloc(length ? length : 1);
        int result;

        CHECK(cut);
        memcpy(cut, &answer, length);
        result = sluice_read_iommu_info(cut, length, &info, ranges, 4);
        CHECK(result == -EPROTO || result == 0);
        free(cut);
    }
}

static void lying_offsets_and_counts_are_errors(void)
{
    struct iommu_answer answer = good_iommu();
    struct sluice_iommu_info info;
    struct sluice_range ranges[4];

    answer.fixed.cap_offset = 4; /* into the fixed part */
    CHECK_IS(-EPROTO, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 4));
    answer = good_iommu();
    answer.fixed.cap_offset = UINT32_MAX;
    CHECK_IS(-EPROTO, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 4));
    answer = good_iommu();
    answer.available.header.next = offsetof(struct iommu_answer, available); /* a loop */
    CHECK_IS(-EPROTO, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 4));
    answer = good_iommu();
    answer.iova.nr_iovas = UINT32_MAX;
    CHECK_IS(-EPROTO, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 4));
    answer = good_iommu();
    answer.iova.nr_iovas = 3;
    CHECK_IS(-EPROTO, sluice_read_iommu_info(&answer, sizeof(answer), &info, ranges, 4));
}

struct region_answer {
    struct vfio_region_info fixed;
    struct vfio_region_info_cap_sparse_mmap sparse;
    struct vfio_region_sparse_mmap_area areas[2];
};

static struct region_answer good_region(void)
{
    struct region_answer answer = {
        .fixed = {
            .argsz = sizeof(answer),
            .flags = VFIO_REGION_INFO_FLAG_MMAP | VFIO_REGION_INFO_FLAG_CAPS,
            .cap_offset = offsetof(struct region_answer, sparse),
            .size = 0x4000,
            .offset = 0x10000000000,
        },
        .sparse = {.header = {VFIO_REGION_INFO_CAP_SPARSE_MMAP, 1, 0}, .nr_areas = 2},
        .areas = {{0, 0x2000}, {0x3000, 0x1000}},
    };

    return answer;
}

static void sparse_areas_are_found(void)
{
    struct region_answer answer = good_region();
    struct sluice_region_info info;
    struct sluice_area areas[2];

    CHECK_IS(2, sluice_read_region_info(&answer, sizeof(answer), &info, areas, 2));
    CHECK_IS(0x4000, info.size);
    CHECK_IS(0x10000000000, info.offset);
    CHECK_IS(0x3000, areas[1].offset);
    CHECK_IS(0x1000, areas[1].size);
}

static void area_outside_of_its_region_is_an_error(void)
{
    struct region_answer answer = good_region();
    struct sluice_region_info info;
    struct sluice_area areas[2];

    answer.areas[1].size = 0x1001;
    CHECK_IS(-EPROTO, sluice_read_region_info(&answer, sizeof(answer), &info, areas, 2));
    answer.areas[1].offset = UINT64_MAX;
    CHECK_IS(-EPROTO, sluice_read_region_info(&answer, sizeof(answer), &info, areas, 2));
    answer = good_region();
    answer.sparse.nr_areas = 3;
    CHECK_IS(-EPROTO, sluice_read_region_info(&answer, sizeof(answer), &info, areas, 2));
}

int main(void)
{
    RUN(iommu_ranges_are_found_behind_other_capabilities);
    RUN(kernel_without_capabilities_says_nothing_of_ranges);
    RUN(every_cut_of_an_answer_is_an_error_or_has_no_ranges);
    RUN(lying_offsets_and_counts_are_errors);
    RUN(sparse_areas_are_found);
    RUN(area_outside_of_its_region_is_an_error);
    return 0;
}
