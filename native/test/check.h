/* What the tests need: an assertion that stays in release builds and says what it compared, and skipping by name. */
#ifndef SLUICE_CHECK_H
#define SLUICE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

/* ctest's SKIP_RETURN_CODE. */
#define SKIPPED 77

#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);       \
            abort();                                                                      \
        }                                                                                 \
    } while (0)

#define CHECK_IS(expected, actual)                                                        \
    do {                                                                                  \
        long long expected_ = (long long)(expected), actual_ = (long long)(actual);       \
        if (expected_ != actual_) {                                                       \
            fprintf(stderr, "%s:%d: %s is %lld and not %s (%lld)\n", __FILE__, __LINE__, #actual, actual_, #expected, \
                expected_);                                                               \
            abort();                                                                      \
        }                                                                                 \
    } while (0)

#define COULD_NOT_RUN(what) fprintf(stderr, "could not run here: %s\n", what)

/* Runs one test and says its name, so that a failure under ctest --output-on-failure has one. */
#define RUN(test)                                                                         \
    do {                                                                                  \
        fprintf(stderr, "%s\n", #test);                                                   \
        test();                                                                           \
    } while (0)

#endif
