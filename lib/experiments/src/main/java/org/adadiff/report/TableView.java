package org.adadiff.report;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A tablesaw table as a reader wants it: numbers at the right, one number of decimals a column, a caption.
 *
 * <p>As the last value of a notebook cell, or given to {@code display}, it shows as HTML, and as aligned text where
 * HTML does not show.
 */
public final class TableView implements DisplayDataRenderable {
    private static final Set<MIMEType> TYPES = Set.of(MIMEType.TEXT_HTML, MIMEType.TEXT_PLAIN);
    // Greys that show on white and on black: a notebook may be dark
    private static final String LINE = "1px solid rgba(128,128,128,.35)";

    private final Table table;
    private final String caption;
    private final Map<String, Integer> decimals;
    private final Set<String> right;

    private final Map<String, List<List<Link>>> links;

    private TableView(Table table, String caption, Map<String, Integer> decimals, Set<String> right,
            Map<String, List<List<Link>>> links) {
        this.table = table;
        this.caption = caption;
        this.decimals = decimals;
        this.right = right;
        this.links = links;
    }

    /**
     * A word in a cell that leads to a folder.
     *
     * @param text   what the cell shows
     * @param folder where it leads
     */
    public record Link(String text, Path folder) {
    }

    /**
     * Shows a table; its name is the title.
     *
     * @param table the table; later changes to it are not seen
     * @return a view without caption, numbers with at most five significant digits
     */
    public static TableView of(Table table) {
        return new TableView(table.copy(), "", Map.of(), Set.of(), Map.of());
    }

    /**
     * Sets the sentence below the table.
     *
     * @param text what a reader has to know: unit, n, what "paper" means
     * @return a view with it
     */
    public TableView caption(String text) {
        return new TableView(table, Objects.requireNonNull(text, "text"), decimals, right, links);
    }

    /**
     * Fixes the decimals of a column of numbers.
     *
     * @param column the column's name
     * @param digits digits after the point
     * @return a view with them
     * @throws IllegalArgumentException if the table has no such column, or it holds no numbers
     */
    public TableView decimals(String column, int digits) {
        if (!(column(column) instanceof NumericColumn)) {
            throw new IllegalArgumentException("table '" + table.name() + "': expected numbers in column '" + column
                    + "', found " + column(column).type());
        }
        var all = new HashMap<>(decimals);
        all.put(column, digits);
        return new TableView(table, caption, Map.copyOf(all), right, links);
    }

    /**
     * Aligns columns of text to the right, for text that is numbers, as in {@code 65.26 ± 0.07}.
     *
     * @param columns their names
     * @return a view with them
     * @throws IllegalArgumentException if the table has no such column
     */
    public TableView right(String... columns) {
        var all = new HashSet<>(right);
        for (String column : columns) {
            all.add(column(column).name());
        }
        return new TableView(table, caption, decimals, Set.copyOf(all), links);
    }

    /**
     * Adds a column of text whose words lead to folders, as the last one.
     *
     * @param name  the column's name
     * @param cells for each row its words; a row without any shows a dash
     * @return a view with it
     * @throws IllegalArgumentException unless there is a list for each row
     */
    public TableView links(String name, List<List<Link>> cells) {
        if (cells.size() != table.rowCount()) {
            throw new IllegalArgumentException("table '" + table.name() + "': expected links for " + table.rowCount() + " rows, found "
                    + cells.size());
        }
        var texts = StringColumn.create(name,
                cells.stream().map(row -> row.stream().map(Link::text).collect(Collectors.joining(", "))).toList());
        var all = new HashMap<>(links);
        all.put(name, cells.stream().map(List::copyOf).toList());
        return new TableView(table.copy().addColumns(texts), caption, decimals, right, Map.copyOf(all));
    }

    /**
     * The folders that a row leads to.
     *
     * @param row from 0
     * @return in the order of the columns
     */
    List<Path> folders(int row) {
        return table.columnNames().stream().filter(links::containsKey).flatMap(name -> links.get(name).get(row).stream())
                .map(Link::folder).toList();
    }

    /**
     * What is shown, as a table.
     *
     * @return a copy
     */
    public Table table() {
        return table.copy();
    }

    private Column<?> column(String name) {
        if (!table.containsColumn(name)) {
            throw new IllegalArgumentException("table '" + table.name() + "': expected one of the columns " + table.columnNames()
                    + ", found '" + name + "'");
        }
        return table.column(name);
    }

    private String cell(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return Numbers.MISSING;
        }
        if (column instanceof NumericColumn<?> numbers) {
            Integer digits = decimals.get(column.name());
            return digits == null ? Numbers.plain(numbers.getDouble(row)) : Numbers.fixed(numbers.getDouble(row), digits);
        }
        return column.getString(row);
    }

    private boolean isRight(Column<?> column) {
        return column instanceof NumericColumn || right.contains(column.name());
    }

    /** A cell as HTML; links are relative to the folder that the page lies in. */
    private String htmlCell(Column<?> column, int row, Path page) {
        List<List<Link>> linked = links.get(column.name());
        if (linked == null || linked.get(row).isEmpty()) {
            return Html.escape(cell(column, row));
        }
        return linked.get(row).stream().map(link -> Html.link(link.text(), link.folder(), page)).collect(Collectors.joining(", "));
    }

    /** The table as an HTML fragment that needs nothing from elsewhere, for a page in this folder. */
    String html(Path page) {
        var html = new StringBuilder("<table style=\"border-collapse:collapse;font-variant-numeric:tabular-nums;margin:4px 0\">\n");
        if (table.name() != null && !table.name().isBlank()) {
            html.append("<caption style=\"caption-side:top;text-align:left;font-weight:600;padding:4px 10px;white-space:nowrap\">")
                    .append(Html.escape(table.name())).append("</caption>\n");
        }
        html.append("<thead><tr>");
        for (Column<?> column : table.columns()) {
            html.append("<th scope=\"col\" style=\"").append(style(column, "font-weight:600;border-bottom:2px solid rgba(128,128,128,.6)"))
                    .append("\">").append(Html.escape(column.name())).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.rowCount(); row++) {
            html.append("<tr>");
            for (Column<?> column : table.columns()) {
                html.append("<td style=\"").append(style(column, "border-bottom:" + LINE)).append("\">")
                        .append(htmlCell(column, row, page)).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table>\n");
        if (!caption.isBlank()) {
            html.append("<p style=\"margin:2px 10px 8px;font-size:.9em;opacity:.75;white-space:pre-line\">")
                    .append(Html.escape(caption)).append("</p>\n");
        }
        return html.toString();
    }

    /** The table as Markdown, for a file in this folder; the caption stands below it. */
    String markdown(Path page) {
        var text = new StringBuilder("**" + table.name() + "**\n\n|");
        table.columns().forEach(column -> text.append(' ').append(column.name()).append(" |"));
        text.append("\n|");
        table.columns().forEach(column -> text.append(isRight(column) ? "---:|" : "---|"));
        for (int row = 0; row < table.rowCount(); row++) {
            text.append("\n|");
            for (Column<?> column : table.columns()) {
                int line = row;
                List<List<Link>> linked = links.get(column.name());
                text.append(' ').append(linked == null || linked.get(line).isEmpty() ? cell(column, row)
                        : linked.get(line).stream().map(link -> "[" + link.text() + "](" + Html.address(link.folder(), page) + ")")
                                .collect(Collectors.joining(", "))).append(" |");
            }
        }
        return text.append("\n\n").append(caption.replace("\n", "\\\n")).append('\n').toString();
    }

    private String style(Column<?> column, String more) {
        return "text-align:" + (isRight(column) ? "right" : "left") + ";padding:4px 10px;white-space:nowrap;" + more;
    }

    /** The table as aligned text. */
    @Override
    public String toString() {
        List<Column<?>> columns = table.columns();
        int[] widths = columns.stream().mapToInt(column -> {
            int width = column.name().length();
            for (int row = 0; row < table.rowCount(); row++) {
                width = Math.max(width, cell(column, row).length());
            }
            return width;
        }).toArray();
        var text = new StringBuilder();
        if (table.name() != null && !table.name().isBlank()) {
            text.append(table.name()).append('\n');
        }
        for (int row = -1; row < table.rowCount(); row++) {
            var line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                Column<?> column = columns.get(i);
                String cell = row < 0 ? column.name() : cell(column, row);
                String space = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : "  ").append(isRight(column) ? space + cell : cell + space);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.append(caption).toString().stripTrailing();
    }

    @Override
    public Set<MIMEType> getSupportedRenderTypes() {
        return TYPES;
    }

    @Override
    public void render(RenderContext context) {
        // A notebook's kernel works in the notebook's folder
        context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(Path.of("")));
        context.renderIfRequested(MIMEType.TEXT_PLAIN, this::toString);
    }
}
