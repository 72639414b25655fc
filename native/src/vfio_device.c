#define _GNU_SOURCE
#include "checks.h"

#include "capabilities.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int check_register(uint64_t position, uint32_t width)
{
    if (width != 1 && width != 2 && width != 4 && width != 8)
        return -EINVAL;
    return sluice_check_range(position, width, INT64_MAX);
}

/* A device descriptor moves the bytes as the bus has them; the value is the low bytes of a little-endian word. */
int sluice_register_read(int fd, uint64_t position, uint32_t width, uint64_t *value)
{
    uint64_t word = 0;
    ssize_t done;
    int result = value ? check_register(position, width) : -EINVAL;

    if (result < 0)
        return result;
    do {
        done = pread(fd, &word, width, (off_t)position);
    } while (done < 0 && errno == EINTR);
    if (done < 0)
        return -errno;
    if (done != (ssize_t)width)
        return -EIO;
    *value = le64toh(word);
    return 0;
}

int sluice_register_write(int fd, uint64_t position, uint32_t width, uint64_t value)
{
    uint64_t word = htole64(value);
    ssize_t done;
    int result = check_register(position, width);

    if (result < 0)
        return result;
    do {
        done = pwrite(fd, &word, width, (off_t)position);
    } while (done < 0 && errno == EINTR);
    if (done < 0)
        return -errno;
    return done == (ssize_t)width ? 0 : -EIO;
}

int sluice_vfio_device_info(int device, struct sluice_device_info *info)
{
    struct vfio_device_info answer = {.argsz = sizeof(answer)};
    int result;

    if (!info)
        return -EINVAL;
    result = sluice_result(ioctl(device, VFIO_DEVICE_GET_INFO, &answer));
    if (result < 0)
        return result;
    info->flags = answer.flags;
    info->regions = answer.num_regions;
    info->irqs = answer.num_irqs;
    return 0;
}

int sluice_vfio_region_info(
    int device, uint32_t index, struct sluice_region_info *info, struct sluice_area *areas, uint32_t capacity)
{
    struct vfio_region_info probe = {.argsz = sizeof(probe), .index = index};
    struct vfio_region_info *answer;
    uint32_t length;
    int result;

    if (!info || (capacity && !areas))
        return -EINVAL;
    result = sluice_result(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &probe));
    if (result < 0)
        return result;
    length = probe.argsz;
    if (length <= sizeof(probe))
        return sluice_read_region_info(&probe, sizeof(probe), info, areas, capacity);
    if (length > SLUICE_ANSWER_MAX)
        return -EPROTO;
    answer = calloc(1, length);
    if (!answer)
        return -ENOMEM;
    answer->argsz = length;
    answer->index = index;
    result = sluice_result(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, answer));
    if (result >= 0)
        result = sluice_read_region_info(answer, length, info, areas, capacity);
    free(answer);
    return result;
}

int sluice_vfio_irq_info(int device, uint32_t index, struct sluice_irq_info *info)
{
    struct vfio_irq_info answer = {.argsz = sizeof(answer), .index = index};
    int result;

    if (!info)
        return -EINVAL;
    result = sluice_result(ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &answer));
    if (result < 0)
        return result;
    info->flags = answer.flags;
    info->count = answer.count;
    return 0;
}

int sluice_vfio_irq_set(int device, uint32_t index, uint32_t start, const int32_t *fds, uint32_t count)
{
    /* vfio_irq_set ends in a flexible array; the words behind it are the descriptors. */
    union {
        struct vfio_irq_set head;
        unsigned char bytes[sizeof(struct vfio_irq_set) + SLUICE_IRQ_MAX * sizeof(int32_t)];
    } set;

    if (!fds || count == 0 || count > SLUICE_IRQ_MAX)
        return -EINVAL;
    if (start > UINT32_MAX - count)
        return -EOVERFLOW;
    set.head.argsz = (uint32_t)(sizeof(set.head) + count * sizeof(*fds));
    set.head.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
    set.head.index = index;
    set.head.start = start;
    set.head.count = count;
    memcpy(set.bytes + sizeof(set.head), fds, count * sizeof(*fds));
    return sluice_result(ioctl(device, VFIO_DEVICE_SET_IRQS, &set));
}

static int set_without_data(int device, uint32_t index, uint32_t action, uint32_t count)
{
    struct vfio_irq_set set = {
        .argsz = sizeof(set),
        .flags = VFIO_IRQ_SET_DATA_NONE | action,
        .index = index,
        .start = 0,
        .count = count,
    };

    return sluice_result(ioctl(device, VFIO_DEVICE_SET_IRQS, &set));
}

int sluice_vfio_irq_disable(int device, uint32_t index)
{
    return set_without_data(device, index, VFIO_IRQ_SET_ACTION_TRIGGER, 0);
}

int sluice_vfio_irq_mask(int device, uint32_t index, int masked)
{
    return set_without_data(device, index, masked ? VFIO_IRQ_SET_ACTION_MASK : VFIO_IRQ_SET_ACTION_UNMASK, 1);
}

int sluice_vfio_reset(int device)
{
    return sluice_result(ioctl(device, VFIO_DEVICE_RESET));
}
