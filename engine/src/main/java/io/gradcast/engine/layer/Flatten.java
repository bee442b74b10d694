package io.gradcast.engine.layer;

import io.gradcast.engine.tensor.Shape;

/**
 * Vectorisation by column scan and concatenation, f = F({S_q}) (eq. 10): element (q, i, j) of the
 * maps becomes element q * height * width + j * height + i of a vector.
 */
public record Flatten(String name, Shape input) implements Layer {

  @Override
  public Shape output() {
    return Shape.vector(input.size());
  }

  /** Where the element at a row-major position of the maps stands in the vector. */
  public int position(int rowMajor) {
    int plane = input.height() * input.width();
    int row = rowMajor % plane / input.width();
    int column = rowMajor % input.width();
    return rowMajor / plane * plane + column * input.height() + row;
  }

  /** F of eq. (10). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.columnScan(at.in(), input.channels(), input.height(), input.width(), at.out());
  }

  /** F^-1 of eqs. (11) and (31): the scan of the exchanged sides. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.columnScan(
          at.outGradient(), input.channels(), input.width(), input.height(), at.inGradient());
    }
    return true;
  }
}
