package org.adadiff.jupyter.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Runs in the XML form that CI systems read: a suite for each notebook, a case for each code cell. */
public final class JUnitReport {
    private JUnitReport() {}

    /**
     * Writes a report, complete or not at all.
     *
     * @param results the runs, in the order to show
     * @param file the XML file to write
     * @throws IOException if it cannot be written
     */
    public static void write(List<RunResult> results, Path file) throws IOException {
        AtomicFile.write(file, writer -> {
            try {
                XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(writer);
                xml.writeStartDocument("UTF-8", "1.0");
                newLine(xml, 0);
                xml.writeStartElement("testsuites");
                for (RunResult result : results) {
                    suite(result, xml);
                }
                newLine(xml, 0);
                xml.writeEndElement();
                newLine(xml, 0);
                xml.writeEndDocument();
                xml.flush();
            } catch (XMLStreamException unwritable) {
                throw new IOException("cannot write " + file + ": " + unwritable.getMessage(), unwritable);
            }
        });
    }

    private static void suite(RunResult result, XMLStreamWriter xml) throws XMLStreamException {
        boolean noCellToBlame = result.status() != RunStatus.DONE && result.failedCell().isEmpty();
        long failures = result.cells().stream().filter(JUnitReport::failed).count();
        long skipped = result.cells().stream().filter(JUnitReport::skipped).count();
        long errors = result.cells().stream().filter(cell -> cell.outcome().endedRun()).count() + (noCellToBlame ? 1 : 0);
        newLine(xml, 1);
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", text(result.notebook().toString()));
        xml.writeAttribute("tests", Long.toString(result.cells().size() + (noCellToBlame ? 1 : 0)));
        xml.writeAttribute("failures", Long.toString(failures));
        xml.writeAttribute("errors", Long.toString(errors));
        xml.writeAttribute("skipped", Long.toString(skipped));
        xml.writeAttribute("time", seconds(result.time().toMillis()));
        if (noCellToBlame) {
            start(result, "notebook", Optional.of(1), 0, xml);
            problem("error", result.status().toString(), result.message(), FailureReport.of(result), xml);
            xml.writeEndElement();
        }
        for (CellResult cell : result.cells()) {
            start(result, "cell " + cell.number() + ": " + cell.title(), cell.fileLine(FailureReport.faultyLine(cell)), cell.time().toMillis(), xml);
            if (skipped(cell)) {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message", cell.outcome() == CellOutcome.SKIPPED ? "empty or tagged" : "not run");
            } else if (failed(cell) || cell.outcome().endedRun()) {
                problem(
                        cell.outcome().endedRun() ? "error" : "failure",
                        cell.error().map(CellError::name).orElse(cell.outcome().toString()),
                        cell.error().map(CellError::value).orElse(result.message()),
                        FailureReport.of(result, cell),
                        xml);
            }
            xml.writeEndElement();
        }
        newLine(xml, 1);
        xml.writeEndElement();
    }

    private static void start(RunResult result, String name, Optional<Integer> line, long millis, XMLStreamWriter xml)
            throws XMLStreamException {
        newLine(xml, 2);
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", text(result.notebook().toString()));
        xml.writeAttribute("name", text(name));
        xml.writeAttribute("file", text(result.notebook().toString()));
        if (line.isPresent()) {
            xml.writeAttribute("line", line.get().toString());
        }
        xml.writeAttribute("time", seconds(millis));
    }

    private static void problem(String element, String type, String message, String details, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeStartElement(element);
        xml.writeAttribute("type", text(type));
        xml.writeAttribute("message", text(message.lines().findFirst().orElse("")));
        xml.writeCharacters(text(details));
        xml.writeEndElement();
    }

    private static boolean skipped(CellResult cell) {
        return cell.outcome() == CellOutcome.SKIPPED || cell.outcome() == CellOutcome.NOT_RUN;
    }

    private static boolean failed(CellResult cell) {
        return cell.outcome() == CellOutcome.FAILED || cell.outcome() == CellOutcome.OUTPUT_DIFFERS;
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }

    /** Without colours and what else XML 1.0 cannot hold. */
    private static String text(String text) {
        StringBuilder allowed = new StringBuilder();
        AnsiText.plain(text).codePoints()
                .filter(c -> c == '\t' || c == '\n' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000)
                .forEach(allowed::appendCodePoint);
        return allowed.toString();
    }

    private static void newLine(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + " ".repeat(depth));
    }
}
