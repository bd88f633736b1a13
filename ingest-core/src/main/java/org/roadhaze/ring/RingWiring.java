// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.ring;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.EventHandlerGroup;
import com.lmax.disruptor.dsl.EventProcessorFactory;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which handler of a ring follows which, on what threads, and what becomes of what they throw. */
final class RingWiring {
    private static final int MAX_BATCH = 512;

    private RingWiring() {}

    /** One shard: worker and persist handler on one thread. Several: a thread each, the persist handler behind all. */
    static void wire(
            final Disruptor<Slot> disruptor,
            final Worker[] workerHandlers,
            final PersistHandler persist,
            final Function<EventHandler<Slot>, EventProcessorFactory<Slot>> processors) {
        if (workerHandlers.length == 1) {
            final EventProcessorFactory<Slot> both = processors.apply(new WorkThenPersist(workerHandlers[0], persist));
            first(disruptor, both);
            return;
        }
        @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
        final EventProcessorFactory<Slot>[] factories = new EventProcessorFactory[workerHandlers.length];
        for (int shard = 0; shard < workerHandlers.length; shard++) {
            factories[shard] = processors.apply(workerHandlers[shard]);
        }
        then(disruptor.handleEventsWith(factories), processors.apply(persist));
    }

    /** A processor of our own making does not get the ring's default exception handler: it must be given one. */
    static EventProcessorFactory<Slot> processor(final EventHandler<Slot> handler, final ExceptionHandler<Slot> fatal) {
        return (buffer, barriers) -> {
            final BatchEventProcessor<Slot> processor = new BatchEventProcessorBuilder()
                    .setMaxBatchSize(MAX_BATCH)
                    .build(buffer, buffer.newBarrier(barriers), handler);
            processor.setExceptionHandler(fatal);
            return processor;
        };
    }

    @SuppressWarnings("unchecked") // varargs of a generic type, not annotated as safe by the ring
    private static void first(final Disruptor<Slot> disruptor, final EventProcessorFactory<Slot> factory) {
        disruptor.handleEventsWith(factory);
    }

    @SuppressWarnings("unchecked") // varargs of a generic type, not annotated as safe by the ring
    private static void then(final EventHandlerGroup<Slot> group, final EventProcessorFactory<Slot> persist) {
        group.then(persist);
    }

    /** Makes what takes slots to a handler. */
    @FunctionalInterface
    interface ProcessorMaker {
        EventProcessorFactory<Slot> of(EventHandler<Slot> handler, ExceptionHandler<Slot> fatal);
    }

    /** Whatever gets this far halts the ring: no processor takes another slot. */
    record Fatal(Consumer<Throwable> listener, Runnable halt) implements ExceptionHandler<Slot> {
        void failed(final Throwable e) {
            halt.run();
            listener.accept(e);
        }

        @Override
        public void handleEventException(final Throwable e, final long sequence, final Slot slot) {
            failed(e);
        }

        @Override
        public void handleOnStartException(final Throwable e) {
            listener.accept(e);
        }

        @Override
        public void handleOnShutdownException(final Throwable e) {
            listener.accept(e);
        }
    }
}
