/**
 * Shapes, the layout of all parameters in one {@code float[]}, and the exact sum that mirrors it.
 *
 * <p>Letters used throughout: c channels (p in, q out, the paper's letters), h height, w width, y
 * row, x column, u kernel row, v kernel column, i unit of a dense layer, j its input. A sample's
 * maps are channels x height x width. An epoch is one pass over the data, an iteration one update
 * from one minibatch.
 */
package io.gradcast.engine.tensor;
