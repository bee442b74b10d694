package io.gradcast.engine.layer;

import io.gradcast.engine.kernel.Lanes;
import java.util.List;

/**
 * Where one layer of one thread finds its input and puts its output: planned once from the shapes,
 * and used for every group of samples.
 *
 * @param in shaped as the layer's input
 * @param out shaped as the layer's output; the same as {@code in} where the layer works in place
 * @param outGradient of the loss on {@code out}, a sample a lane
 * @param inGradient of the loss on {@code in}, the same as {@code outGradient} in place; null where
 *     nobody needs it
 * @param scratch what the layer keeps from its forward pass for its backward pass
 * @param inner the buffers of layers within this one, chain by chain
 */
public record Buffers(
    Lanes in,
    Lanes out,
    Lanes outGradient,
    Lanes inGradient,
    Lanes scratch,
    List<List<Buffers>> inner) {

  /** Those of a layer that keeps nothing. */
  public Buffers(Lanes in, Lanes out, Lanes outGradient, Lanes inGradient) {
    this(in, out, outGradient, inGradient, null, List.of());
  }

  /** The same with room for what the layer keeps. */
  Buffers with(Lanes newScratch) {
    return new Buffers(in, out, outGradient, inGradient, newScratch, inner);
  }
}
