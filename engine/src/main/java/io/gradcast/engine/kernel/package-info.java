/**
 * The only code that loops over {@code float[]} in the hot path.
 *
 * <p>Every map is stored batch-innermost: element (channel, row, column) of the sample in lane l is
 * at {@code ((channel * height + row) * width + column) * LANES + l}. An operation acts on all
 * lanes side by side and never across them, so a sample's arithmetic is one fixed sequence of
 * float32 operations whatever its neighbours are. The order of every sum is part of each method's
 * contract: all implementations give the same bits.
 */
package io.gradcast.engine.kernel;
