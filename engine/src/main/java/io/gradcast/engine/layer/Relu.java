package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;

/**
 * The rectified linear unit on every element: y = x for x above 0, and slope * x below it (Nair and
 * Hinton, "Rectified Linear Units Improve Restricted Boltzmann Machines", ICML 2010, for a slope of
 * 0; Maas, Hannun and Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", ICML
 * 2013, for the leaky one).
 *
 * @param slope below 0: from 0, less than 1
 */
public record Relu(String name, Shape input, float slope) implements Layer {

  public Relu {
    if (!(slope >= 0 && slope < 1)) {
      throw GradcastException.usage(
          "layer %s (leaky-relu): expected a slope of 0 or more and less than 1, found %s"
              .formatted(name, slope));
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

  @Override
  public boolean needsOutput() {
    return true;
  }

  /** y = max(x, slope x). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    pass.kernels.reluForward(at.in(), input.size(), slope, at.out());
  }

  /** The factor 1 where y is above 0, else the slope. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    if (at.inGradient() != null) {
      pass.kernels.reluBackward(at.out(), input.size(), slope, at.outGradient(), at.inGradient());
    }
    return true;
  }
}
