package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;
import io.gradcast.engine.tensor.Shape;

/**
 * In training each element is 0 with a probability, and else divided by that of staying; elsewhere
 * nothing happens (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: A Simple
 * Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014, with the scale moved from test
 * to training). Which elements stay is a function of seed, epoch, the sample's id, the layer and
 * the element, so it is the same wherever the sample is.
 *
 * @param rate probability of an element to be 0, in steps of 2^-16; from 0, less than 1
 * @param stream tells the layer's draws from those of other ones in the network
 */
public record Dropout(String name, Shape input, double rate, int stream) implements Layer {

  /** Draws of 16 bits in one of Philox. */
  private static final int DRAWS = 4;

  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw GradcastException.usage(
          "layer %s (dropout): expected a rate of 0 or more and less than 1, found %s"
              .formatted(name, rate));
    }
  }

  @Override
  public Shape output() {
    return input;
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  /** Scratch: the factor of each element. */
  @Override
  public Buffers plan(Lanes.Arena arena, Buffers given) {
    return given.with(arena.take(input.size()));
  }

  /** out = in * factor. */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    int size = input.size();
    if (!pass.training) {
      at.in().copyTo(at.out(), size);
      return;
    }
    Lanes factors = at.scratch();
    int dropped = (int) Math.round(rate * (1 << 16));
    // No bit of zero; there is no branch, for half the time it would be foreseen wrongly.
    int kept = Float.floatToRawIntBits((float) (1 / (1 - dropped * 0x1p-16)));
    for (int i = 0; i < size; i += DRAWS) {
      int end = Math.min(size, i + DRAWS);
      for (int lane = 0; lane < Kernels.LANES; lane++) {
        long draws = draws(pass, lane, i / DRAWS);
        for (int j = i; j < end; j++) {
          int stays = (dropped - 1 - (int) (draws & 0xffff)) >> (Integer.SIZE - 1);
          factors.set(j, lane, Float.intBitsToFloat(kept & stays));
          draws >>>= 16;
        }
      }
    }
    pass.kernels.multiply(at.in(), factors, size, at.out());
  }

  private long draws(Pass pass, int lane, int number) {
    return Philox.bits(pass.seed, Purpose.DROPOUT, stream, pass.epoch, pass.ids[lane], number);
  }

  /** The same factors. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.multiply(at.outGradient(), at.scratch(), input.size(), at.inGradient());
    }
    return true;
  }
}
