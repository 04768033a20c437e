package org.adadiff.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** This project's process and PyTorch's take turns, so that a machine that slows down or warms up favours neither. */
final class Alternation {
    private Alternation() {}

    /**
     * Measures a network on both sides, as often as the setting has rounds.
     *
     * @param kind {@code training} or {@code evaluation}: what {@link Trial} is asked for, and the name of PyTorch's script
     * @param option what the script calls the size
     * @param size steps, images or tokens
     * @return the medians of the rounds
     */
    static List<Measurement> measure(Setting setting, String kind, Network network, String option, int size)
            throws IOException, InterruptedException {
        List<String> trial = new ArrayList<>(setting.java());
        trial.addAll(List.of(Trial.class.getName(), kind, network.name(), Integer.toString(size)));
        List<Measurement> rounds = new ArrayList<>();
        for (int round = 1; round <= setting.rounds(); round++) {
            System.err.println(kind + " " + network + ", round " + round + " of " + setting.rounds());
            rounds.addAll(Child.measurements(setting, trial));
            if (setting.torch().isPresent()) {
                rounds.addAll(setting.torch().get()
                        .measure(setting, kind + ".py", network.toString(), option, Integer.toString(size)));
            }
        }
        return Measurement.medians(rounds);
    }
}
