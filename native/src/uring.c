#define _GNU_SOURCE
#include "checks.h"

#include <linux/io_uring.h>
#include <linux/nvme_ioctl.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* What Java fills in and reads, by these offsets and numbers (RingEntry, Ring). */
_Static_assert(sizeof(struct io_uring_sqe) == 64, "an entry is eight longs");
_Static_assert(offsetof(struct io_uring_sqe, fd) == 4, "long 0: opcode, flags, priority, descriptor");
_Static_assert(offsetof(struct io_uring_sqe, off) == 8, "long 1: offset");
_Static_assert(offsetof(struct io_uring_sqe, addr) == 16, "long 2: address");
_Static_assert(offsetof(struct io_uring_sqe, len) == 24, "long 3: length");
_Static_assert(offsetof(struct io_uring_sqe, rw_flags) == 28, "long 3: and flags of the operation");
_Static_assert(offsetof(struct io_uring_sqe, user_data) == 32, "long 4: user data");
_Static_assert(offsetof(struct io_uring_sqe, buf_index) == 40, "long 5: buffer");
_Static_assert(offsetof(struct io_uring_sqe, addr3) == 48, "long 6: a third address");
_Static_assert(offsetof(struct io_uring_sqe, cmd) == 48, "long 6 on: a command");
_Static_assert(offsetof(struct io_uring_sqe, cmd_op) == 8, "long 1: a command's number");
_Static_assert(IORING_CQ_EVENTFD_DISABLED == 1, "the flag that keeps completions from making events");
_Static_assert(sizeof(struct io_uring_cqe) == 16, "a completion is two longs");
_Static_assert(offsetof(struct io_uring_cqe, res) == 8, "of which the second starts with the result");
_Static_assert(sizeof(struct nvme_uring_cmd) == 72, "fits into an entry of 128 bytes");
_Static_assert(offsetof(struct nvme_uring_cmd, addr) == 24, "long 3 of the command");
_Static_assert(offsetof(struct nvme_uring_cmd, metadata_len) == 32, "long 4 of the command");
_Static_assert(offsetof(struct nvme_uring_cmd, cdw10) == 40, "long 5 of the command");
_Static_assert(offsetof(struct nvme_uring_cmd, timeout_ms) == 64, "long 8 of the command");
_Static_assert(NVME_URING_CMD_IO == 0xc0484e80u, "a command's number");
_Static_assert(NVME_URING_CMD_IO_VEC == 0xc0484e81u, "and that of one whose memory lies in several places");
_Static_assert(IORING_OP_NOP == 0 && IORING_OP_READV == 1 && IORING_OP_WRITEV == 2 && IORING_OP_FSYNC == 3 && IORING_OP_READ_FIXED == 4 && IORING_OP_WRITE_FIXED == 5
        && IORING_OP_FALLOCATE == 17 && IORING_OP_READ == 22 && IORING_OP_WRITE == 23 && IORING_OP_URING_CMD == 46,
    "numbers of operations");
_Static_assert(IORING_OFF_SQ_RING == SLUICE_RING_OFFSET && IORING_OFF_SQES == SLUICE_RING_ENTRIES_OFFSET, "where rings are mapped");

/* Both rings in one mapping (5.4), no completion is ever dropped (5.5), waiting with a timeout (5.11). */
#define NEEDED (IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG)

static void describe(const struct io_uring_params *params, struct sluice_ring_info *info)
{
    uint64_t entry = sizeof(struct io_uring_sqe), completion = sizeof(struct io_uring_cqe);
    uint64_t end;

    if (params->flags & IORING_SETUP_SQE128)
        entry *= 2;
    if (params->flags & IORING_SETUP_CQE32)
        completion *= 2;
    info->features = params->features;
    info->flags = params->flags;
    info->submission_entries = params->sq_entries;
    info->completion_entries = params->cq_entries;
    info->entries_bytes = params->sq_entries * entry;
    info->submission_head = params->sq_off.head;
    info->submission_tail = params->sq_off.tail;
    info->submission_flags = params->sq_off.flags;
    info->submission_array = params->sq_off.array;
    info->completion_head = params->cq_off.head;
    info->completion_tail = params->cq_off.tail;
    info->completions = params->cq_off.cqes;
    info->completion_flags = params->cq_off.flags;
    info->ring_bytes = info->submission_array + params->sq_entries * sizeof(uint32_t);
    end = info->completions + params->cq_entries * completion;
    if (end > info->ring_bytes)
        info->ring_bytes = end;
}

int sluice_ring_setup(uint32_t entries, uint32_t flags, uint32_t cpu, uint32_t idle_millis, struct sluice_ring_info *info)
{
    struct io_uring_params params;
    int fd;

    if (!info || entries == 0)
        return -EINVAL;
    memset(&params, 0, sizeof(params));
    params.flags = flags;
    params.sq_thread_cpu = cpu;
    params.sq_thread_idle = idle_millis;
    /* The kernel sets close-on-exec. */
    fd = (int)syscall(SYS_io_uring_setup, entries, &params);
    if (fd < 0)
        return -errno;
    if ((params.features & NEEDED) != NEEDED) {
        close(fd);
        return -EPROTO;
    }
    describe(&params, info);
    return fd;
}

int sluice_ring_enter(int ring, uint32_t submit, uint32_t complete, uint32_t flags, int64_t timeout_nanos)
{
    struct __kernel_timespec timeout;
    struct io_uring_getevents_arg argument;

    if (timeout_nanos < 0 || !(flags & IORING_ENTER_GETEVENTS))
        return sluice_result((int)syscall(SYS_io_uring_enter, ring, submit, complete, flags, NULL, 0));
    timeout.tv_sec = timeout_nanos / 1000000000;
    timeout.tv_nsec = timeout_nanos % 1000000000;
    memset(&argument, 0, sizeof(argument));
    argument.ts = (uint64_t)(uintptr_t)&timeout;
    return sluice_result((int)syscall(
        SYS_io_uring_enter, ring, submit, complete, flags | IORING_ENTER_EXT_ARG, &argument, sizeof(argument)));
}

static int call_register(int ring, unsigned int what, void *argument, unsigned int count)
{
    /* Newer kernels take -1 for "no ring" in some of these calls. */
    if (ring < 0)
        return -EBADF;
    return sluice_result((int)syscall(SYS_io_uring_register, ring, what, argument, count));
}

int sluice_ring_register_buffer(int ring, void *address, uint64_t bytes)
{
    struct iovec buffer = {.iov_base = address, .iov_len = bytes};
    int result = sluice_check_range((uintptr_t)address, bytes, UINTPTR_MAX);

    return result < 0 ? result : call_register(ring, IORING_REGISTER_BUFFERS, &buffer, 1);
}

int sluice_ring_unregister_buffer(int ring)
{
    return call_register(ring, IORING_UNREGISTER_BUFFERS, NULL, 0);
}

int sluice_ring_register_file(int ring, int fd)
{
    int32_t file = fd;

    /* The kernel would take -1 for an empty place. */
    return fd < 0 ? -EBADF : call_register(ring, IORING_REGISTER_FILES, &file, 1);
}

int sluice_ring_unregister_file(int ring)
{
    return call_register(ring, IORING_UNREGISTER_FILES, NULL, 0);
}

int sluice_ring_register_event(int ring, int eventfd)
{
    int32_t event = eventfd;

    return call_register(ring, IORING_REGISTER_EVENTFD, &event, 1);
}

int sluice_ring_unregister_event(int ring)
{
    return call_register(ring, IORING_UNREGISTER_EVENTFD, NULL, 0);
}

int sluice_ring_probe(int ring, uint64_t *words)
{
    /* The count has eight bits. */
    enum { COUNT = 256 };
    union {
        struct io_uring_probe probe;
        unsigned char room[sizeof(struct io_uring_probe) + COUNT * sizeof(struct io_uring_probe_op)];
    } answer;
    const struct io_uring_probe_op *operation;
    int result;

    if (!words)
        return -EINVAL;
    memset(&answer, 0, sizeof(answer));
    result = call_register(ring, IORING_REGISTER_PROBE, &answer, COUNT);
    if (result < 0)
        return result;
    memset(words, 0, COUNT / 8);
    operation = (const struct io_uring_probe_op *)(const void *)(answer.room + sizeof(struct io_uring_probe));
    for (int i = 0; i < answer.probe.ops_len; i++)
        if (operation[i].flags & IO_URING_OP_SUPPORTED)
            words[operation[i].op / 64] |= UINT64_C(1) << operation[i].op % 64;
    return 0;
}
