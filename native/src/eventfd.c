#define _GNU_SOURCE
#include "checks.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define NANOS_PER_SECOND INT64_C(1000000000)

int sluice_eventfd_create(void)
{
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    return fd < 0 ? -errno : fd;
}

static int64_t now_nanos(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NANOS_PER_SECOND + now.tv_nsec;
}

/* 1 and the count, 0 when the counter is 0. */
static int take(int fd, uint64_t *count)
{
    ssize_t done;

    do {
        done = read(fd, count, sizeof(*count));
    } while (done < 0 && errno == EINTR);
    if (done == (ssize_t)sizeof(*count))
        return 1;
    if (done >= 0)
        return -EINVAL; /* Not an event descriptor: those give 8 bytes or none. */
    return errno == EAGAIN ? 0 : -errno;
}

/* Waits for the rest of the time: 1 readable, 0 not yet (interrupted, or over). deadline < 0: without limit. */
static int wait_readable(int fd, int64_t deadline)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    struct timespec rest, *timeout = NULL;
    int ready;

    if (deadline >= 0) {
        int64_t nanos = deadline - now_nanos();

        if (nanos < 0)
            nanos = 0;
        rest.tv_sec = nanos / NANOS_PER_SECOND;
        rest.tv_nsec = nanos % NANOS_PER_SECOND;
        timeout = &rest;
    }
    ready = ppoll(&wait, 1, timeout, NULL);
    if (ready < 0)
        return errno == EINTR ? 0 : -errno;
    if (ready && (wait.revents & POLLNVAL))
        return -EBADF;
    return ready;
}

int sluice_eventfd_await(int fd, int64_t timeout_nanos, uint64_t *count)
{
    int64_t deadline = -1;
    int result;

    if (!count)
        return -EINVAL;
    /* Looking first makes the common case, an event that is already there, one system call. */
    result = take(fd, count);
    if (result || timeout_nanos == 0)
        return result;
    if (timeout_nanos > 0) {
        int64_t now = now_nanos();

        deadline = timeout_nanos > INT64_MAX - now ? INT64_MAX : now + timeout_nanos;
    }
    for (;;) {
        result = wait_readable(fd, deadline);
        if (result < 0)
            return result;
        if (result) {
            /* Another thread may have been faster; then go on waiting for what is left of the time. */
            result = take(fd, count);
            if (result)
                return result;
        }
        if (deadline >= 0 && now_nanos() >= deadline)
            return 0;
    }
}

int sluice_eventfd_signal(int fd)
{
    const uint64_t one = 1;
    ssize_t done;

    do {
        done = write(fd, &one, sizeof(one));
    } while (done < 0 && errno == EINTR);
    if (done == (ssize_t)sizeof(one))
        return 0;
    if (done >= 0)
        return -EINVAL;
    return errno == EAGAIN ? 0 : -errno;
}
