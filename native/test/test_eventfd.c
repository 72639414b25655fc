#define _GNU_SOURCE
#include "check.h"
#include "sluice.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define MILLI INT64_C(1000000)

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 * MILLI + time.tv_nsec;
}

static int make(void)
{
    int fd = sluice_eventfd_create();

    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    return fd;
}

static void event_before_the_wait_ends_it_at_once(void)
{
    int fd = make();
    uint64_t count = 0;

    CHECK_IS(0, sluice_eventfd_signal(fd));
    CHECK_IS(0, sluice_eventfd_signal(fd));
    CHECK_IS(1, sluice_eventfd_await(fd, -1, &count));
    CHECK_IS(2, count);
    CHECK_IS(0, sluice_eventfd_await(fd, 0, &count));
    CHECK_IS(0, sluice_close(fd));
}

static void wait_ends_when_the_time_is_over(void)
{
    int fd = make();
    uint64_t count;
    int64_t begin = now();

    CHECK_IS(0, sluice_eventfd_await(fd, 20 * MILLI, &count));
    CHECK(now() - begin >= 20 * MILLI);
    CHECK_IS(0, sluice_eventfd_await(fd, 1, &count));
    CHECK_IS(0, sluice_close(fd));
}

static void *signal_later(void *fd)
{
    usleep(20000);
    CHECK_IS(0, sluice_eventfd_signal(*(int *)fd));
    return NULL;
}

static void event_of_another_thread_ends_the_longest_wait(void)
{
    int fd = make();
    uint64_t count;
    pthread_t thread;

    CHECK_IS(0, pthread_create(&thread, NULL, signal_later, &fd));
    /* A time that would wrap when added to the clock. */
    CHECK_IS(1, sluice_eventfd_await(fd, INT64_MAX, &count));
    CHECK_IS(0, pthread_join(thread, NULL));
    CHECK_IS(0, sluice_close(fd));
}

static void nothing(int number)
{
    (void)number;
}

static pthread_t waiting;

static void *interrupt_often(void *unused)
{
    for (int i = 0; i < 10; i++) {
        usleep(2000);
        pthread_kill(waiting, SIGUSR1);
    }
    return unused;
}

static void signals_neither_end_nor_prolong_the_wait(void)
{
    int fd = make();
    uint64_t count;
    pthread_t thread;
    struct sigaction action = {.sa_handler = nothing};
    int64_t begin = now();

    CHECK_IS(0, sigaction(SIGUSR1, &action, NULL));
    waiting = pthread_self();
    CHECK_IS(0, pthread_create(&thread, NULL, interrupt_often, NULL));
    CHECK_IS(0, sluice_eventfd_await(fd, 50 * MILLI, &count));
    CHECK(now() - begin >= 50 * MILLI);
    CHECK_IS(0, pthread_join(thread, NULL));
    CHECK_IS(0, sluice_close(fd));
}

static void full_counter_stays_full_and_wakes(void)
{
    int fd = make();
    uint64_t most = UINT64_MAX - 1, count;

    CHECK_IS(sizeof(most), write(fd, &most, sizeof(most)));
    CHECK_IS(0, sluice_eventfd_signal(fd));
    CHECK_IS(1, sluice_eventfd_await(fd, 0, &count));
    CHECK(count == most);
    CHECK_IS(0, sluice_close(fd));
}

static void wrong_descriptors_are_errors(void)
{
    uint64_t count;
    int ends[2];

    CHECK_IS(-EBADF, sluice_eventfd_await(-1, 0, &count));
    CHECK_IS(-EBADF, sluice_eventfd_await(-1, -1, &count));
    CHECK_IS(-EBADF, sluice_eventfd_signal(-1));
    CHECK_IS(-EINVAL, sluice_eventfd_await(0, 0, NULL));
    CHECK_IS(0, pipe2(ends, O_CLOEXEC | O_NONBLOCK));
    CHECK_IS(3, write(ends[1], "abc", 3));
    CHECK_IS(-EINVAL, sluice_eventfd_await(ends[0], 0, &count));
    CHECK_IS(0, sluice_close(ends[0]));
    CHECK_IS(0, sluice_close(ends[1]));
}

int main(void)
{
    RUN(event_before_the_wait_ends_it_at_once);
    RUN(wait_ends_when_the_time_is_over);
    RUN(event_of_another_thread_ends_the_longest_wait);
    RUN(signals_neither_end_nor_prolong_the_wait);
    RUN(full_counter_stays_full_and_wakes);
    RUN(wrong_descriptors_are_errors);
    return 0;
}
