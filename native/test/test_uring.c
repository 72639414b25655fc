/* Rings, driven here as Java drives them: entries and indices through the mappings. */
#define _GNU_SOURCE
#include "check.h"
#include "sluice.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES 8

struct ring {
    int fd;
    struct sluice_ring_info info;
    unsigned char *words;
    struct io_uring_sqe *entries;
};

static uint32_t *word(const struct ring *ring, uint64_t offset)
{
    return (uint32_t *)(void *)(ring->words + offset);
}

static struct ring make(void)
{
    struct ring ring;

    ring.fd = sluice_ring_setup(ENTRIES, 0, 0, 0, &ring.info);
    CHECK(ring.fd >= 0);
    CHECK_IS(0, sluice_map(ring.fd, SLUICE_RING_OFFSET, ring.info.ring_bytes, SLUICE_READ | SLUICE_WRITE, (void **)&ring.words));
    CHECK_IS(0,
        sluice_map(ring.fd, SLUICE_RING_ENTRIES_OFFSET, ring.info.entries_bytes, SLUICE_READ | SLUICE_WRITE,
            (void **)&ring.entries));
    for (uint32_t i = 0; i < ENTRIES; i++)
        word(&ring, ring.info.submission_array)[i] = i;
    return ring;
}

static void end(struct ring *ring)
{
    CHECK_IS(0, sluice_unmap(ring->words, ring->info.ring_bytes));
    CHECK_IS(0, sluice_unmap(ring->entries, ring->info.entries_bytes));
    CHECK_IS(0, sluice_close(ring->fd));
}

static struct io_uring_sqe *next(struct ring *ring)
{
    uint32_t *tail = word(ring, ring->info.submission_tail);
    struct io_uring_sqe *entry = &ring->entries[*tail & (ENTRIES - 1)];

    memset(entry, 0, sizeof(*entry));
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    return entry;
}

static int result_of(struct ring *ring, uint64_t user_data)
{
    uint32_t *head = word(ring, ring->info.completion_head);
    const struct io_uring_cqe *completion;
    int result;

    CHECK_IS(*head + 1, __atomic_load_n(word(ring, ring->info.completion_tail), __ATOMIC_ACQUIRE));
    completion = (const struct io_uring_cqe *)(const void *)(ring->words + ring->info.completions)
        + (*head & (ring->info.completion_entries - 1));
    CHECK_IS(user_data, completion->user_data);
    result = completion->res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    return result;
}

static void entries_go_and_completions_come(void)
{
    struct ring ring = make();

    CHECK_IS(ENTRIES, ring.info.submission_entries);
    CHECK_IS(2 * ENTRIES, ring.info.completion_entries);
    for (uint64_t i = 0; i < 3 * ENTRIES; i++) {
        next(&ring)->user_data = i;
        CHECK_IS(1, sluice_ring_enter(ring.fd, 1, 1, IORING_ENTER_GETEVENTS, -1));
        CHECK_IS(0, result_of(&ring, i));
    }
    end(&ring);
}

static void waiting_ends_with_the_time(void)
{
    struct ring ring = make();

    CHECK_IS(-ETIME, sluice_ring_enter(ring.fd, 0, 1, IORING_ENTER_GETEVENTS, 1000000));
    CHECK_IS(-ETIME, sluice_ring_enter(ring.fd, 0, 1, IORING_ENTER_GETEVENTS, 0));
    end(&ring);
}

static void registered_file_and_buffer_are_used(void)
{
    struct ring ring = make();
    int file = sluice_memory_create("file", sluice_page_size(), 0);
    int memory = sluice_memory_create("memory", sluice_page_size(), 0);
    struct io_uring_sqe *entry;
    char *buffer;

    CHECK_IS(0, sluice_map(memory, 0, sluice_page_size(), SLUICE_READ | SLUICE_WRITE, (void **)&buffer));
    CHECK_IS(5, pwrite(file, "hello", 5, 0));
    CHECK_IS(0, sluice_ring_register_file(ring.fd, file));
    CHECK_IS(0, sluice_ring_register_buffer(ring.fd, buffer, sluice_page_size()));
    CHECK_IS(-EBUSY, sluice_ring_register_buffer(ring.fd, buffer, sluice_page_size()));
    entry = next(&ring);
    entry->opcode = IORING_OP_READ_FIXED;
    entry->flags = IOSQE_FIXED_FILE;
    entry->fd = 0;
    entry->addr = (uint64_t)(uintptr_t)(buffer + 100);
    entry->len = 5;
    CHECK_IS(1, sluice_ring_enter(ring.fd, 1, 1, IORING_ENTER_GETEVENTS, -1));
    CHECK_IS(5, result_of(&ring, 0));
    CHECK_IS(0, memcmp(buffer + 100, "hello", 5));
    CHECK_IS(0, sluice_ring_unregister_buffer(ring.fd));
    CHECK_IS(-ENXIO, sluice_ring_unregister_buffer(ring.fd));
    CHECK_IS(0, sluice_ring_unregister_file(ring.fd));
    CHECK_IS(-ENXIO, sluice_ring_unregister_file(ring.fd));
    CHECK_IS(0, sluice_unmap(buffer, sluice_page_size()));
    CHECK_IS(0, sluice_close(memory));
    CHECK_IS(0, sluice_close(file));
    end(&ring);
}

static void completions_signal_the_event_descriptor(void)
{
    struct ring ring = make();
    int event = sluice_eventfd_create();
    uint64_t count;

    CHECK_IS(0, sluice_ring_register_event(ring.fd, event));
    CHECK_IS(-EBUSY, sluice_ring_register_event(ring.fd, event));
    CHECK_IS(0, sluice_eventfd_await(event, 0, &count));
    next(&ring)->user_data = 9;
    CHECK_IS(1, sluice_ring_enter(ring.fd, 1, 0, 0, -1));
    CHECK_IS(1, sluice_eventfd_await(event, -1, &count));
    CHECK_IS(0, result_of(&ring, 9));
    CHECK_IS(0, sluice_ring_unregister_event(ring.fd));
    CHECK_IS(-ENXIO, sluice_ring_unregister_event(ring.fd));
    CHECK_IS(0, sluice_close(event));
    end(&ring);
}

static void probe_names_the_old_operations_and_no_impossible_ones(void)
{
    struct ring ring = make();
    uint64_t words[4];

    CHECK_IS(0, sluice_ring_probe(ring.fd, words));
    CHECK(words[0] & UINT64_C(1) << IORING_OP_READ_FIXED);
    CHECK(words[0] & UINT64_C(1) << IORING_OP_FALLOCATE);
    CHECK_IS(0, words[3]);
    end(&ring);
}

static void senseless_arguments_and_wrong_descriptors_are_errors(void)
{
    struct sluice_ring_info info;
    uint64_t words[4];
    int file = sluice_open("/dev/null");
    char byte;

    CHECK_IS(-EINVAL, sluice_ring_setup(0, 0, 0, 0, &info));
    CHECK_IS(-EINVAL, sluice_ring_setup(ENTRIES, 0, 0, 0, NULL));
    CHECK_IS(-EINVAL, sluice_ring_setup(ENTRIES, 1u << 31, 0, 0, &info));
    CHECK_IS(-EINVAL, sluice_ring_setup(1u << 20, 0, 0, 0, &info));
    CHECK_IS(-EBADF, sluice_ring_enter(-1, 0, 0, 0, -1));
    CHECK_IS(-EOPNOTSUPP, sluice_ring_enter(file, 0, 0, 0, -1));
    CHECK_IS(-EBADF, sluice_ring_register_buffer(-1, &byte, 1));
    CHECK_IS(-EINVAL, sluice_ring_register_buffer(-1, &byte, 0));
    CHECK_IS(-EOVERFLOW, sluice_ring_register_buffer(-1, &byte, UINT64_MAX));
    CHECK_IS(-EBADF, sluice_ring_register_file(-1, file));
    CHECK_IS(-EBADF, sluice_ring_register_file(file, -1));
    CHECK_IS(-EBADF, sluice_ring_register_event(-1, file));
    CHECK_IS(-EBADF, sluice_ring_unregister_buffer(-1));
    CHECK_IS(-EBADF, sluice_ring_unregister_file(-1));
    CHECK_IS(-EBADF, sluice_ring_unregister_event(-1));
    CHECK_IS(-EBADF, sluice_ring_probe(-1, words));
    CHECK_IS(-EINVAL, sluice_ring_probe(-1, NULL));
    CHECK_IS(0, sluice_close(file));
}

int main(void)
{
    struct sluice_ring_info info;
    int ring = sluice_ring_setup(1, 0, 0, 0, &info);

    if (ring == -ENOSYS || ring == -EPERM) {
        COULD_NOT_RUN("this kernel does not give io_uring");
        return SKIPPED;
    }
    CHECK_IS(0, sluice_close(ring));
    RUN(entries_go_and_completions_come);
    RUN(waiting_ends_with_the_time);
    RUN(registered_file_and_buffer_are_used);
    RUN(completions_signal_the_event_descriptor);
    RUN(probe_names_the_old_operations_and_no_impossible_ones);
    RUN(senseless_arguments_and_wrong_descriptors_are_errors);
    return 0;
}
