package io.gradcast.engine.layer;

import io.gradcast.engine.tensor.Shape;

/**
 * Mean of each whole map (Lin, Chen and Yan 2013, "Network in network", section 3.2), which makes a
 * number of it whatever its size: out_c = 1 / (height width) sum_i sum_j in_c(i, j).
 */
public record GlobalMeanPooling(String name, Shape input) implements Layer {

  @Override
  public Shape output() {
    return new Shape(input.channels(), 1, 1);
  }

  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.globalMeanPoolingForward(
        at.in(), input.channels(), input.height(), input.width(), at.out());
  }

  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.globalMeanPoolingBackward(
          at.outGradient(), input.channels(), input.height(), input.width(), at.inGradient());
    }
    return true;
  }
}
