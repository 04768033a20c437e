package org.adadiff.dataset;

/** The part of a data set. CIFAR has no validation part. */
public enum Split {
    /** What a network learns from. */
    TRAIN,
    /** What choices are made on; Penn Treebank only. */
    VALID,
    /** What is reported. */
    TEST
}
