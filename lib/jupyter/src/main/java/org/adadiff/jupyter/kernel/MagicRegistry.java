package org.adadiff.jupyter.kernel;

import io.github.spencerpark.jupyter.kernel.magic.registry.CellMagicFunction;
import io.github.spencerpark.jupyter.kernel.magic.registry.LineMagicFunction;
import io.github.spencerpark.jupyter.kernel.magic.registry.Magics;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The base library's magics, and which names there are. */
final class MagicRegistry extends Magics {
    private final Set<String> lineMagics = new TreeSet<>();
    private final Set<String> cellMagics = new TreeSet<>();

    boolean isLineMagic(String name) {
        return lineMagics.contains(name);
    }

    Set<String> lineMagics() {
        return lineMagics;
    }

    Set<String> cellMagics() {
        return cellMagics;
    }

    @Override
    public <T> T applyLineMagic(String name, List<String> arguments) throws Exception {
        if (!lineMagics.contains(name)) {
            throw new IllegalArgumentException("%" + name + ": no such magic; there are %" + String.join(" %", lineMagics));
        }
        return super.applyLineMagic(name, arguments);
    }

    @Override
    public <T> T applyCellMagic(String name, List<String> arguments, String body) throws Exception {
        if (!cellMagics.contains(name)) {
            throw new IllegalArgumentException("%%" + name + ": no such magic; there are %%" + String.join(" %%", cellMagics));
        }
        return super.applyCellMagic(name, arguments, body);
    }

    @Override
    public void registerLineMagic(String name, LineMagicFunction<?> magic) {
        lineMagics.add(name);
        super.registerLineMagic(name, magic);
    }

    @Override
    public void registerCellMagic(String name, CellMagicFunction<?> magic) {
        cellMagics.add(name);
        super.registerCellMagic(name, magic);
    }

    @Override
    public <T extends LineMagicFunction<?> & CellMagicFunction<?>> void registerLineCellMagic(String name, T magic) {
        registerLineMagic(name, magic);
        registerCellMagic(name, magic);
    }
}
