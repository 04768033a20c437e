package org.adadiff.train;

/**
 * What only the language experiments have.
 *
 * @param bptt the mean length of a training sequence, in tokens
 * @param outputDropout the dropout on the last layer's output
 * @param hiddenDropout the dropout between layers
 * @param inputDropout the dropout on the embedded tokens
 * @param embeddingDropout the share of words whose embedding is dropped
 * @param weightDropout DropConnect on the hidden-to-hidden weights
 * @param activationRegularisation the factor of the mean square of the last layer's dropped output
 * @param temporalRegularisation the factor of the mean square of its change from token to token
 * @param averageAfter SGD turns into averaged SGD when the validation loss has not improved over this many epochs
 * @param validationBatch how many streams the validation text is cut into
 * @param testBatch how many streams the test text is cut into
 */
public record LanguageSettings(int bptt, double outputDropout, double hiddenDropout, double inputDropout,
        double embeddingDropout, double weightDropout, double activationRegularisation, double temporalRegularisation,
        int averageAfter, int validationBatch, int testBatch) {

    /** The paper's values. */
    static final LanguageSettings PAPER = new LanguageSettings(70, 0.4, 0.25, 0.4, 0.1, 0.5, 2, 1, 5, 10, 1);

    LanguageSettings withDropoutScaled(double factor) {
        return new LanguageSettings(bptt, outputDropout * factor, hiddenDropout * factor, inputDropout * factor,
                embeddingDropout * factor, weightDropout * factor, activationRegularisation, temporalRegularisation,
                averageAfter, validationBatch, testBatch);
    }
}
