package org.adadiff.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.EngineProvider;
import ai.djl.mxnet.engine.MxEngineProvider;
import org.slf4j.LoggerFactory;

/**
 * DJL's MXNet engine, set up before it is loaded. DJL finds this class by {@link java.util.ServiceLoader} as soon as the jar is
 * on the class path; programs do not use it.
 *
 * <p>DJL makes all providers before it asks any of them for its engine, and of two that give the same name it keeps the one
 * that stands first on the class path. If that is this one, MXNet is set up when the engine is asked for, and a program that
 * uses another engine is left as it is. If DJL's own came first, nobody will ask this one, and the set-up is done now.
 */
public final class MxnetProvider implements EngineProvider {
    private final EngineProvider mxnet = djlsOwn();

    /** For {@link java.util.ServiceLoader}. */
    public MxnetProvider() {
        if (Engine.hasEngine(Mxnet.ENGINE_NAME)) {
            try {
                MxnetSetup.apply();
            } catch (EngineException | IllegalArgumentException e) { // thrown from here it would keep DJL from every other engine too
                LoggerFactory.getLogger(MxnetProvider.class).warn("MXNet is not set up: {}", e.getMessage(), e);
            }
        }
    }

    /** Returns DJL's provider; null where its jar was left out, by a program that uses another engine. */
    private static EngineProvider djlsOwn() {
        try {
            return new MxEngineProvider();
        } catch (NoClassDefFoundError e) {
            return null;
        }
    }

    @Override
    public String getEngineName() {
        return Mxnet.ENGINE_NAME;
    }

    @Override
    public int getEngineRank() {
        return mxnet == null ? Integer.MAX_VALUE : mxnet.getEngineRank(); // the lowest is the default engine
    }

    /**
     * Sets MXNet up and loads it.
     *
     * @return MXNet, computing on {@link Mxnet#threads()} threads
     * @throws EngineException if MXNet's native library or DJL's jar for it is missing or cannot be loaded
     */
    @Override
    public Engine getEngine() {
        if (mxnet == null) {
            throw new EngineException("MXNet: expected ai.djl.mxnet:mxnet-engine on the class path, found none");
        }
        MxnetSetup.apply();
        return mxnet.getEngine();
    }
}
