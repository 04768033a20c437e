package org.adadiff.jupyter.runner;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How to run a notebook. Immutable; every {@code with…} method returns a changed copy. */
public final class RunOptions {
    /** No time limits but for the kernel's start (60 s), the notebook's own kernel, no parameters, errors not allowed. */
    public static final RunOptions DEFAULT = new RunOptions(new Values());

    private final Values values;

    private RunOptions(Values values) {
        this.values = values;
    }

    /**
     * Runs the installed kernel of that name instead of the one the notebook names.
     *
     * @param name a kernelspec's name, such as {@code java}
     * @return a changed copy
     */
    public RunOptions withKernel(String name) {
        Values changed = new Values(values);
        changed.kernelName = Optional.of(name);
        changed.kernelSpec = Optional.empty();
        return new RunOptions(changed);
    }

    /**
     * Runs this kernel, installed or not, instead of the one the notebook names.
     *
     * @param spec the kernel
     * @return a changed copy
     */
    public RunOptions withKernel(KernelSpec spec) {
        Values changed = new Values(values);
        changed.kernelSpec = Optional.of(spec);
        changed.kernelName = Optional.empty();
        return new RunOptions(changed);
    }

    /**
     * Offers a kernel that need not be installed: it runs the notebooks that ask for its name, or for none.
     *
     * @param spec the kernel
     * @return a changed copy
     */
    public RunOptions withOfferedKernel(KernelSpec spec) {
        Values changed = new Values(values);
        changed.offeredKernel = Optional.of(spec);
        return new RunOptions(changed);
    }

    /**
     * Adds a variable to the kernel's environment, over the inherited ones and the kernelspec's.
     *
     * @param name such as {@code IJAVA_CLASSPATH}
     * @param value its value
     * @return a changed copy
     */
    public RunOptions withEnvironment(String name, String value) {
        Values changed = new Values(values);
        changed.environment.put(name, value);
        return new RunOptions(changed);
    }

    /**
     * Overrides a variable of the cell tagged {@code parameters}.
     *
     * @param name the variable
     * @param value its value, in words: {@code 3}, {@code 1e-3}, {@code true}, {@code text}, {@code 1,2,3}
     * @return a changed copy
     */
    public RunOptions withParameter(String name, String value) {
        Values changed = new Values(values);
        changed.parameters.put(name, value);
        return new RunOptions(changed);
    }

    /**
     * Limits the time until the kernel answers.
     *
     * @param timeout positive
     * @return a changed copy
     */
    public RunOptions withStartTimeout(Duration timeout) {
        Values changed = new Values(values);
        changed.startTimeout = positive(timeout);
        return new RunOptions(changed);
    }

    /**
     * Limits the time of each cell.
     *
     * @param timeout positive
     * @return a changed copy
     */
    public RunOptions withCellTimeout(Duration timeout) {
        Values changed = new Values(values);
        changed.cellTimeout = Optional.of(positive(timeout));
        return new RunOptions(changed);
    }

    /**
     * Limits the time of the whole notebook, the kernel's start included.
     *
     * @param timeout positive
     * @return a changed copy
     */
    public RunOptions withTimeout(Duration timeout) {
        Values changed = new Values(values);
        changed.timeout = Optional.of(positive(timeout));
        return new RunOptions(changed);
    }

    /**
     * Goes on after a cell that raises an error, as if each were tagged {@code raises-exception}.
     *
     * @param allow whether to go on
     * @return a changed copy
     */
    public RunOptions withErrorsAllowed(boolean allow) {
        Values changed = new Values(values);
        changed.allowErrors = allow;
        return new RunOptions(changed);
    }

    /**
     * Takes a cell tagged {@code raises-exception} that raises none for a failed one.
     *
     * @param strict whether to
     * @return a changed copy
     */
    public RunOptions withStrictErrors(boolean strict) {
        Values changed = new Values(values);
        changed.strictErrors = strict;
        return new RunOptions(changed);
    }

    /**
     * Cuts the text that a cell writes to its streams, and leaves out the forms of its displays and results that are longer; a notice
     * stands in their place. Without this, all is kept.
     *
     * @param chars how much is kept of the streams together, and of each form, at least 1
     * @return a changed copy
     */
    public RunOptions withOutputLimit(long chars) {
        if (chars < 1) {
            throw new IllegalArgumentException("an output limit must be at least one character, found " + chars);
        }
        Values changed = new Values(values);
        changed.outputLimit = OptionalLong.of(chars);
        return new RunOptions(changed);
    }

    /**
     * Runs the kernel in that folder, which is made if need be, instead of the notebook's own.
     *
     * @param folder the working directory of the notebook's cells
     * @return a changed copy
     */
    public RunOptions withWorkingDirectory(Path folder) {
        Values changed = new Values(values);
        changed.workingDirectory = Optional.of(folder);
        return new RunOptions(changed);
    }

    /**
     * Compares the outputs of each cell with those that the notebook holds; a cell whose outputs differ fails, and the run
     * goes on.
     *
     * @param comparison how
     * @return a changed copy
     */
    public RunOptions withComparison(Comparison comparison) {
        Values changed = new Values(values);
        changed.comparison = Optional.of(comparison);
        return new RunOptions(changed);
    }

    Optional<String> kernelName() {
        return values.kernelName;
    }

    Optional<KernelSpec> kernelSpec() {
        return values.kernelSpec;
    }

    Optional<KernelSpec> offeredKernel() {
        return values.offeredKernel;
    }

    Map<String, String> environment() {
        return values.environment;
    }

    Map<String, String> parameters() {
        return values.parameters;
    }

    Duration startTimeout() {
        return values.startTimeout;
    }

    Optional<Duration> cellTimeout() {
        return values.cellTimeout;
    }

    Optional<Duration> timeout() {
        return values.timeout;
    }

    boolean allowErrors() {
        return values.allowErrors;
    }

    boolean strictErrors() {
        return values.strictErrors;
    }

    OptionalLong outputLimit() {
        return values.outputLimit;
    }

    Optional<Path> workingDirectory() {
        return values.workingDirectory;
    }

    Optional<Comparison> comparison() {
        return values.comparison;
    }

    private static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a time-out must be longer than nothing, found " + timeout);
        }
        return timeout;
    }

    private static final class Values {
        private Optional<String> kernelName = Optional.empty();
        private Optional<KernelSpec> kernelSpec = Optional.empty();
        private Optional<KernelSpec> offeredKernel = Optional.empty();
        private Duration startTimeout = Duration.ofSeconds(60);
        private Optional<Duration> cellTimeout = Optional.empty();
        private Optional<Duration> timeout = Optional.empty();
        private boolean allowErrors;
        private boolean strictErrors;
        private OptionalLong outputLimit = OptionalLong.empty();
        private Optional<Path> workingDirectory = Optional.empty();
        private Optional<Comparison> comparison = Optional.empty();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final Map<String, String> parameters = new LinkedHashMap<>();

        private Values() {}

        private Values(Values other) {
            kernelName = other.kernelName;
            kernelSpec = other.kernelSpec;
            offeredKernel = other.offeredKernel;
            startTimeout = other.startTimeout;
            cellTimeout = other.cellTimeout;
            timeout = other.timeout;
            allowErrors = other.allowErrors;
            strictErrors = other.strictErrors;
            outputLimit = other.outputLimit;
            workingDirectory = other.workingDirectory;
            comparison = other.comparison;
            environment.putAll(other.environment);
            parameters.putAll(other.parameters);
        }
    }
}
