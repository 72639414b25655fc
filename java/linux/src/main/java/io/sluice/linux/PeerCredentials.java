package io.sluice.linux;

/**
 * Who is at the other end of a Unix socket, as of when it connected ({@code SO_PEERCRED} of {@code unix(7)}).
 *
 * @param process its process identifier, as this process sees it; 0 when it lives in another PID namespace
 * @param user its user identifier
 * @param group its group identifier
 */
public record PeerCredentials(int process, int user, int group) {}
