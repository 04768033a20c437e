package org.adadiff.optimizer;

/**
 * The update rules in float64, one element at a time, one line per line of the paper: slow, and plain enough to be
 * checked by eye. What the tests hold the optimizers against.
 */
final class PaperEquations {

    private final Settings s;
    private final double[] m;
    private final double[] v;
    private final double[] vmax;
    private final double[] previous;
    private int t;

    PaperEquations(Settings settings, int size) {
        s = settings;
        m = new double[size];
        v = new double[size];
        vmax = new double[size];
        previous = new double[size];
    }

    /** One step of AdaDiff on all of w. */
    void adaDiff(double[] w, double[] gradient) {
        t++;
        for (int i = 0; i < w.length; i++) {
            double g = effective(w[i], gradient[i]);
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            m[i] = s.beta1() * m[i] + (1 - s.beta1()) * g;
            // v_t = b2*v_{t-1} + (1-b2)*g_t^2 + (1-b2)*(g_t - g_{t-1})^2
            double d = g - previous[i];
            v[i] = s.beta2() * v[i] + (1 - s.beta2()) * g * g + (1 - s.beta2()) * d * d;
            previous[i] = g;
            double vHat;
            if (s.printedEpsilon()) {
                // v-hat_t = (v_t + eps)/(1-b2^t), Algorithm 2 as printed
                vmax[i] = Math.max(vmax[i], v[i]);
                vHat = ((s.amsgrad() ? vmax[i] : v[i]) + s.epsilon()) / (1 - Math.pow(s.beta2(), t));
            } else if (s.amsgrad()) {
                // vmax_t = max(vmax_{t-1}, v_t) + eps
                vmax[i] = Math.max(vmax[i], v[i]) + s.epsilon();
                vHat = vmax[i] / (1 - Math.pow(s.beta2(), t));
            } else {
                // v_t = ... + eps
                v[i] = v[i] + s.epsilon();
                vHat = v[i] / (1 - Math.pow(s.beta2(), t));
            }
            // m-hat_t = m_t/(1-b1^t)
            double mHat = m[i] / (1 - Math.pow(s.beta1(), t));
            // w_t = w_{t-1} - lr * m-hat_t / sqrt(v-hat_t)
            w[i] = w[i] - s.learningRate().applyAsDouble(t) * mHat / Math.sqrt(vHat);
        }
    }

    /** One step of AdaBelief on all of w. */
    void adaBelief(double[] w, double[] gradient) {
        t++;
        for (int i = 0; i < w.length; i++) {
            double g = effective(w[i], gradient[i]);
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            m[i] = s.beta1() * m[i] + (1 - s.beta1()) * g;
            // s_t = b2*s_{t-1} + (1-b2)*(g_t - m_t)^2 + eps
            double d = g - m[i];
            v[i] = s.beta2() * v[i] + (1 - s.beta2()) * d * d + s.epsilon();
            // smax_t = max(smax_{t-1}, s_t)
            vmax[i] = Math.max(vmax[i], v[i]);
            // s-hat_t = s_t/(1-b2^t), m-hat_t = m_t/(1-b1^t)
            double sHat = (s.amsgrad() ? vmax[i] : v[i]) / (1 - Math.pow(s.beta2(), t));
            double mHat = m[i] / (1 - Math.pow(s.beta1(), t));
            // w_t = w_{t-1} - lr * m-hat_t / (sqrt(s-hat_t) + eps)
            w[i] = w[i] - s.learningRate().applyAsDouble(t) * mHat / (Math.sqrt(sHat) + s.epsilon());
        }
    }

    /** One step of Adam on all of w; with epsilon in v, as AdaDiff has it, where the settings say so. */
    void adam(double[] w, double[] gradient) {
        t++;
        double added = s.accumulatedEpsilon() ? 0 : s.epsilon();
        double accumulated = s.accumulatedEpsilon() ? s.epsilon() : 0;
        for (int i = 0; i < w.length; i++) {
            double g = effective(w[i], gradient[i]);
            // m_t = b1*m_{t-1} + (1-b1)*g_t
            m[i] = s.beta1() * m[i] + (1 - s.beta1()) * g;
            // v_t = b2*v_{t-1} + (1-b2)*g_t^2
            v[i] = s.beta2() * v[i] + (1 - s.beta2()) * g * g;
            double vHat;
            if (s.amsgrad()) {
                // vmax_t = max(vmax_{t-1}, v_t)
                vmax[i] = Math.max(vmax[i], v[i]) + accumulated;
                vHat = vmax[i] / (1 - Math.pow(s.beta2(), t));
            } else {
                v[i] = v[i] + accumulated;
                vHat = v[i] / (1 - Math.pow(s.beta2(), t));
            }
            double mHat = m[i] / (1 - Math.pow(s.beta1(), t));
            // w_t = w_{t-1} - lr * m-hat_t / (sqrt(v-hat_t) + eps)
            w[i] = w[i] - s.learningRate().applyAsDouble(t) * mHat / (Math.sqrt(vHat) + added);
        }
    }

    /** One step of SGD with momentum, which m holds here, on all of w. */
    void sgd(double[] w, double[] gradient) {
        t++;
        for (int i = 0; i < w.length; i++) {
            // b_t = mu*b_{t-1} + g_t
            m[i] = s.momentum() * m[i] + effective(w[i], gradient[i]);
            // w_t = w_{t-1} - lr * b_t
            w[i] = w[i] - s.learningRate().applyAsDouble(t) * m[i];
        }
    }

    private double effective(double w, double gradient) {
        double g = s.rescale() * gradient + s.weightDecay() * w;
        return s.clip() >= 0 ? Math.max(-s.clip(), Math.min(s.clip(), g)) : g;
    }
}
