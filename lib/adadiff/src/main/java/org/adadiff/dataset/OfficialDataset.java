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
            "c32a1d4ab5d03f1284b67883e8d87530",
            "cifar-10-batches-bin/",
            List.of(
                    new OfficialFile("data_batch_1.bin", 10_000, "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
                    new OfficialFile("data_batch_2.bin", 10_000, "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
                    new OfficialFile("data_batch_3.bin", 10_000, "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
                    new OfficialFile("data_batch_4.bin", 10_000, "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
                    new OfficialFile("data_batch_5.bin", 10_000, "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
                    new OfficialFile("test_batch.bin", 10_000, "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
                    new OfficialFile("batches.meta.txt", 10, ""))),
    /** CIFAR-100, binary version: 50,000 + 10,000 images of 32 x 32, 100 fine and 20 coarse classes. */
    CIFAR100(
            "CIFAR-100",
            "cifar-100-binary",
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
            "03b5dce01913d631647c71ecec9e9cb8",
            "cifar-100-binary/",
            List.of(
                    new OfficialFile("train.bin", 50_000, "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"),
                    new OfficialFile("test.bin", 10_000, "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"),
                    new OfficialFile("fine_label_names.txt", 100, ""),
                    new OfficialFile("coarse_label_names.txt", 20, ""))),
    /** Penn Treebank in Mikolov's preparation: 929,589 / 73,760 / 82,430 tokens, 10,000 words. */
    PENN_TREEBANK(
            "Penn Treebank",
            "ptb",
            URI.create("http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz"),
            "30177ea32e27c525793142b6bf2c8e2d",
            "simple-examples/data/",
            List.of(
                    new OfficialFile("ptb.train.txt", 929_589, "fcea919f6cf83f35d4d00c6cbf08040d13d4155226340912e2fef9c9c4102cbf"),
                    new OfficialFile("ptb.valid.txt", 73_760, "c9fe6985fe0d4ccb578183407d7668fc6066c20700cb4cf87d8ff1cc34df1bf2"),
                    new OfficialFile("ptb.test.txt", 82_430, "dd65dff31e70846b2a6030a87482edcd5d199130cdcfa1f3dccbb033728deee0")));

    private final String title;
    private final String folder;
    private final URI archive;
    private final String archiveMd5;
    private final String archivePrefix;
    private final List<OfficialFile> files;

    OfficialDataset(
            String title, String folder, URI archive, String archiveMd5, String archivePrefix, List<OfficialFile> files) {
        this.title = title;
        this.folder = folder;
        this.archive = archive;
        this.archiveMd5 = archiveMd5;
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

    /**
     * Returns the archive's published checksum.
     *
     * @return MD5, 32 hexadecimal digits
     */
    public String archiveMd5() {
        return archiveMd5;
    }

    /** Where the files stand in the archive, with a slash at the end. */
    String archivePrefix() {
        return archivePrefix;
    }

    /**
     * One file of a data set.
     *
     * @param name the file name
     * @param count images in a {@code .bin} file, tokens (line ends included) in a {@code ptb.*.txt}, lines in a list of names
     * @param sha256 of the official file, 64 hexadecimal digits; empty where none is known, for some lists of names
     */
    public record OfficialFile(String name, int count, String sha256) {}
}
