package io.sluice.emulator;

import java.util.List;

/** Whose turn it is among the submission queues (section 4.13). For the controller's thread alone. */
final class Arbitration {
    private static final int NO_LIMIT = 7;
    /** Urgent queues are served once in a round, as long as they have commands. */
    private static final int NO_WEIGHT = Integer.MAX_VALUE;

    /** Executes commands of a queue. */
    interface Server {
        /** At most {@code limit} commands; returns how many there were. */
        int serve(SubmissionQueue queue, int limit);
    }

    private int turn;
    private final int[] turnOf = new int[SubmissionQueue.LOW + 1];

    /**
     * One round.
     *
     * @param weighted weighted round robin with urgent priority class (CC.AMS = 001b) rather than round robin
     * @param parameters the Arbitration feature: burst, and the weights of the priorities
     * @return how many commands were executed
     */
    int round(List<SubmissionQueue> queues, Server server, boolean weighted, int parameters) {
        int burstShift = parameters & 7;
        int burst = burstShift == NO_LIMIT ? Integer.MAX_VALUE : 1 << burstShift;
        return weighted ? weightedRound(queues, server, burst, parameters) : plainRound(queues, server, burst);
    }

    private int plainRound(List<SubmissionQueue> queues, Server server, int burst) {
        int done = 0;
        int count = queues.size();
        if (count == 0) {
            return 0;
        }
        turn = turn + 1 < count ? turn + 1 : 0;
        for (int i = 0; i < count; i++) {
            int at = turn + i;
            done += server.serve(queues.get(at < count ? at : at - count), burst);
        }
        return done;
    }

    private int weightedRound(List<SubmissionQueue> queues, Server server, int burst, int parameters) {
        int done = serveClass(queues, server, SubmissionQueue.URGENT, burst, NO_WEIGHT);
        if (done > 0) {
            // As long as urgent commands come, no others are served.
            return done;
        }
        for (int priority = SubmissionQueue.URGENT + 1; priority <= SubmissionQueue.LOW; priority++) {
            // Weights of high, medium and low priority stand in bytes 3, 2 and 1, each less one.
            int weight = ((parameters >>> (8 * (SubmissionQueue.LOW + 1 - priority))) & 0xff) + 1;
            done += serveClass(queues, server, priority, burst, weight);
        }
        return done;
    }

    /** As many commands of a priority as its weight says, its queues taking turns with bursts. */
    private int serveClass(List<SubmissionQueue> queues, Server server, int priority, int burst, int weight) {
        int done = 0;
        int count = queues.size();
        int before = -1;
        while (done < weight && done > before) {
            before = done;
            int first = turnOf[priority] < count ? turnOf[priority] : 0;
            for (int i = 0; i < count && done < weight; i++) {
                int at = first + i < count ? first + i : first + i - count;
                if (queues.get(at).priority() == priority) {
                    done += server.serve(queues.get(at), Math.min(burst, weight - done));
                    turnOf[priority] = at + 1;
                }
            }
            if (weight == NO_WEIGHT) {
                break;
            }
        }
        return done;
    }
}
