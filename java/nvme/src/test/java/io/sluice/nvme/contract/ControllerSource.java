package io.sluice.nvme.contract;

import java.util.List;

/** Gives the controllers that contracts are tested on. Has a constructor without parameters. */
public interface ControllerSource {
    /** The controllers; opened by nobody. */
    List<? extends ControllerLab> labs();
}
