package org.adadiff.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where data lies: {@code --data}, else the environment variable ADADIFF_DATA, else {@code data/}. */
public final class DataDirectory {
    /** The environment variable that names the data directory. */
    public static final String ENVIRONMENT_VARIABLE = "ADADIFF_DATA";

    /** The folder, below the data directory, of generated sets in the same layout. */
    public static final String SAMPLE_FOLDER = "sample";

    private DataDirectory() {}

    /**
     * Finds the data directory; it need not exist.
     *
     * @param optionOrNull what the user asked for, or null
     * @return the option if given, else ADADIFF_DATA if set and not blank, else {@code data}
     */
    public static Path resolve(Path optionOrNull) {
        return resolve(optionOrNull, Path.of("data"), System.getenv());
    }

    /**
     * Finds the data directory of a project that has one of its own; it need not exist.
     *
     * @param optionOrNull what the user asked for, or null
     * @param otherwise the project's data directory
     * @param environment the environment variables
     * @return the option if given, else ADADIFF_DATA if set and not blank, else the project's
     */
    public static Path resolve(Path optionOrNull, Path otherwise, Map<String, String> environment) {
        if (optionOrNull != null) {
            return optionOrNull;
        }
        String value = environment.get(ENVIRONMENT_VARIABLE);
        return value == null || value.isBlank() ? otherwise : Path.of(value);
    }

    /** Where the generated sample of a data set lies. */
    static Path sample(Path dataDirectory, OfficialDataset dataset) {
        return dataDirectory.resolve(SAMPLE_FOLDER).resolve(dataset.folder());
    }

    /**
     * Tells whether there is a folder with a data set, real or generated.
     *
     * @param dataDirectory the data directory
     * @param dataset which data set
     * @return whether {@link #find} finds it
     */
    public static boolean holds(Path dataDirectory, OfficialDataset dataset) {
        return Files.isDirectory(dataDirectory.resolve(dataset.folder()))
                || Files.isDirectory(sample(dataDirectory, dataset));
    }

    /**
     * Finds the folder that holds a data set: the real one if it is there, even damaged, else the generated sample.
     *
     * @param dataDirectory the data directory
     * @param dataset which data set
     * @return {@code dataDirectory/folder} or {@code dataDirectory/sample/folder}
     * @throws DataFileException if neither is there; the message says how to get them
     */
    public static Path find(Path dataDirectory, OfficialDataset dataset) throws DataFileException {
        Path real = dataDirectory.resolve(dataset.folder());
        Path sample = sample(dataDirectory, dataset);
        if (Files.isDirectory(real)) {
            return real;
        }
        if (Files.isDirectory(sample)) {
            return sample;
        }
        throw new DataFileException(
                dataset.title() + " not found: expected the folder " + real.toAbsolutePath() + " or " + sample.toAbsolutePath()
                        + ", found neither; " + DataFileException.HOW_TO_GET);
    }
}
