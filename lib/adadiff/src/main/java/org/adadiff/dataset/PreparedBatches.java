package org.adadiff.dataset;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.adadiff.engine.FilledArrays;

/**
 * The batches of an epoch in order, prepared by a background thread while the ones before are used. At most two batches wait.
 *
 * <p>The thread and the batches that wait are gone when the last batch has been taken, when preparing one fails, at {@link #close}, or
 * when the manager of the batches is closed, whichever comes first. A loop that is left early and never closed keeps its two batches
 * until the manager is closed; it keeps no thread.
 */
public final class PreparedBatches implements Iterator<Batch>, AutoCloseable {
    /** With one, the thread would pause from when it is done until the consumer has been woken and has asked for another. */
    private static final int AHEAD = 2;

    private static final int IDLE_SECONDS = 1;

    private final CifarBatches batches;
    private final NDManager manager;
    private final FilledArrays arrays = new FilledArrays();
    /** Owns what nobody has been given yet: the caller's manager might be closed, and free the memory, while it is being written. */
    final NDManager ahead;
    private final String resourceId = NDManager.nextUid();
    private final ThreadPoolExecutor thread;

    /** In order, the next batch to take first; empty when there is none or this is closed. */
    private final Deque<Future<CifarBatches.Content>> prepared = new ArrayDeque<>(AHEAD);
    /** The batch to begin next. */
    private int next;

    PreparedBatches(CifarBatches batches, NDManager manager, int first) {
        this.batches = batches;
        this.manager = manager;
        next = first;
        ahead = manager.getEngine().newBaseManager(manager.getDevice());
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), PreparedBatches::daemon);
        thread.allowCoreThreadTimeOut(true);
        manager.attachInternal(resourceId, this);
        prepare();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "adadiff-batches");
        thread.setDaemon(true);
        return thread;
    }

    /** Begins what may be begun, and ends if all have been taken. */
    private void prepare() {
        while (prepared.size() < AHEAD && next < batches.size()) {
            int index = next++;
            prepared.add(thread.submit(() -> batches.content(index, ahead, arrays)));
        }
        if (prepared.isEmpty()) {
            close();
        }
    }

    @Override
    public synchronized boolean hasNext() {
        return !prepared.isEmpty();
    }

    /**
     * Returns the next batch, after waiting for it if need be.
     *
     * @return the batch; closing it frees its arrays
     * @throws NoSuchElementException if all have been taken, or this is closed
     * @throws IllegalStateException if the batch could not be prepared; the cause says why
     * @throws CancellationException if the thread is interrupted while it waits; it stays interrupted, and the batch can be taken later
     */
    @Override
    public synchronized Batch next() {
        if (prepared.isEmpty()) {
            throw new NoSuchElementException("expected a batch, found none: all of the " + batches + " were taken, or they were closed");
        }
        try {
            Batch batch = prepared.element().get().handTo(manager);
            prepared.remove();
            prepare();
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for one of the " + batches);
        } catch (ExecutionException e) {
            close();
            throw new IllegalStateException("one of the " + batches + " could not be prepared: " + e.getCause(), e.getCause());
        }
    }

    /** Ends the thread and frees what it has prepared. Batches that were taken stay. Does nothing the second time. */
    @Override
    public synchronized void close() {
        prepared.forEach(batch -> batch.cancel(false));
        prepared.clear();
        manager.detachInternal(resourceId);
        thread.shutdown();
        awaitEnd();
        ahead.close();
    }

    /** A batch takes milliseconds, so that waiting for the one in work is simpler than interrupting it. */
    private void awaitEnd() {
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
