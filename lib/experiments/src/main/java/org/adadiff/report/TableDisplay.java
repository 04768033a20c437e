package org.adadiff.report;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import org.adadiff.jupyter.kernel.DisplayExtension;
import tech.tablesaw.api.Table;

/** Has the kernel show tablesaw's tables as {@link TableView} does; the kernel finds it as a service. */
public final class TableDisplay implements DisplayExtension {
    /** For the service loader. */
    public TableDisplay() {}

    @Override
    public void register(Renderer renderer) {
        renderer.createRegistration(Table.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((table, context) -> TableView.of(table).render(context));
    }
}
