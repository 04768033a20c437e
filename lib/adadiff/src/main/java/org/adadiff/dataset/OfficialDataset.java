package org.adadiff.dataset;

import java.net.URI;
import java.util.List;

/** The three data sets as their authors publish them: where from, which files, how large. data/README.md says more. */
public enum OfficialDataset {
    /** CIFAR-10, binary version: 50,000 + 10,000 images of 32 x 32, 10 classes. */
    CIFAR10(
            "CIFAR-10",
            "cifar-10-batches-bin",
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
            "cifar-10-batches-bin/",
            List.of(
                    new OfficialFile("data_batch_1.bin", 10_000),
                    new OfficialFile("data_batch_2.bin", 10_000),
                    new OfficialFile("data_batch_3.bin", 10_000),
                    new OfficialFile("data_batch_4.bin", 10_000),
                    new OfficialFile("data_batch_5.bin", 10_000),
                    new OfficialFile("test_batch.bin", 10_000),
                    new OfficialFile("batches.meta.txt", 10))),
    /** CIFAR-100, binary version: 50,000 + 10,000 images of 32 x 32, 100 fine and 20 coarse classes. */
    CIFAR100(
            "CIFAR-100",
            "cifar-100-binary",
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
            "cifar-100-binary/",
            List.of(
                    new OfficialFile("train.bin", 50_000),
                    new OfficialFile("test.bin", 10_000),
                    new OfficialFile("fine_label_names.txt", 100),
                    new OfficialFile("coarse_label_names.txt", 20))),
    /** Penn Treebank in Mikolov's preparation: 929,589 / 73,760 / 82,430 tokens, 10,000 words. */
    PENN_TREEBANK(
            "Penn Treebank",
            "ptb",
            URI.create("http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz"),
            "simple-examples/data/",
            List.of(
                    new OfficialFile("ptb.train.txt", 929_589),
                    new OfficialFile("ptb.valid.txt", 73_760),
                    new OfficialFile("ptb.test.txt", 82_430)));

    private final String title;
    private final String folder;
    private final URI archive;
    private final String archivePrefix;
    private final List<OfficialFile> files;

    OfficialDataset(String title, String folder, URI archive, String archivePrefix, List<OfficialFile> files) {
        this.title = title;
        this.folder = folder;
        this.archive = archive;
        this.archivePrefix = archivePrefix;
        this.files = files;
    }

    /**
     * Returns the name for people.
     *
     * @return for example {@code CIFAR-10}
     */
    public String title() {
        return title;
    }

    /**
     * Returns the folder, below the data directory, that holds the files.
     *
     * @return a folder name
     */
    public String folder() {
        return folder;
    }

    /**
     * Returns where the authors publish the archive (gzipped tar).
     *
     * @return an http or https address
     */
    public URI archive() {
        return archive;
    }

    /**
     * Returns the files of this data set.
     *
     * @return names and counts, in loading order
     */
    public List<OfficialFile> files() {
        return files;
    }

    /** Where the files stand in the archive, with a slash at the end. */
    String archivePrefix() {
        return archivePrefix;
    }

    String archiveName() {
        String path = archive.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /**
     * One file of a data set.
     *
     * @param name the file name
     * @param count images in a {@code .bin} file, tokens (line ends included) in a {@code ptb.*.txt}, lines in a list of names
     */
    public record OfficialFile(String name, int count) {}
}
