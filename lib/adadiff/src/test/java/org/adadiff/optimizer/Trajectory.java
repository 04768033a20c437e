package org.adadiff.optimizer;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A recorded run of the published rule: the weights after each step, for given gradients. */
record Trajectory(String name, Config config, String dtype, double[] w0, double[][] g, double[][] w) {

    record Config(
            Double lr, double[] betas, Double eps, @SerializedName("weight_decay") Double weightDecay, boolean amsgrad, Double momentum,
            @SerializedName("falls_after") Integer fallsAfter) {}

    static List<Trajectory> all(String resource) {
        try (Reader in =
                new InputStreamReader(Trajectory.class.getResourceAsStream(resource), StandardCharsets.UTF_8)) {
            return List.of(new Gson().fromJson(in, Trajectory[].class));
        } catch (IOException e) {
            throw new IllegalStateException(resource, e);
        }
    }

    Settings settings() {
        Settings s = Settings.DEFAULT.amsgrad(config.amsgrad());
        if (config.lr() != null) {
            s = s.learningRate(t -> config.fallsAfter() != null && t > config.fallsAfter() ? config.lr() / 10 : config.lr());
        }
        if (config.momentum() != null) {
            s = s.momentum(config.momentum());
        }
        if (config.betas() != null) {
            s = s.betas(config.betas()[0], config.betas()[1]);
        }
        if (config.eps() != null) {
            s = s.epsilon(config.eps());
        }
        return config.weightDecay() == null ? s : s.weightDecay(config.weightDecay());
    }

    @Override
    public String toString() {
        return name;
    }
}
