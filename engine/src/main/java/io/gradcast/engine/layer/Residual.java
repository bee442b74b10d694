package io.gradcast.engine.layer;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Lanes;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Residual addition (He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR
 * 2016): y = F(x) + G(x), where F are the layers of its body and G those of its shortcut, which is
 * the identity if there are none.
 *
 * <p>Parameters: those of the body, then those of the shortcut.
 */
public record Residual(String name, Shape input, Chain body, Chain shortcut) implements Layer {

  /** Indices of layers in the body and the shortcut, which no other layer's may meet. */
  private static final int INDICES = 1 << 10;

  public Residual {
    if (body.layers().isEmpty()) {
      throw GradcastException.usage(
          "layer %s (residual): expected layers of 1 or more, found none".formatted(name));
    }
    if (!body.output().equals(shortcut.output())) {
      throw GradcastException.usage(
          "layer %s (residual): expected layers that end in the %s of its shortcut, found %s"
              .formatted(name, shortcut.output(), body.output()));
    }
  }

  @Override
  public Shape output() {
    return body.output();
  }

  @Override
  public List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>(body.tensors());
    shortcut.tensors().forEach(tensor -> tensors.add(tensor.shifted(body.parameterCount())));
    return tensors;
  }

  @Override
  public void initialize(long seed, int index, float[] parameters, int offset) {
    int first = (index + 1) * INDICES;
    body.initialize(seed, first, parameters, offset);
    int next = first + body.layers().size();
    shortcut.initialize(seed, next, parameters, offset + body.parameterCount());
  }

  /** The body's gradient on the input is its own, since in the end both are added. */
  @Override
  public Buffers plan(Lanes.Arena arena, Buffers given) {
    Lanes other = given.inGradient() == null ? null : arena.take(input.size());
    return new Buffers(
        given.in(),
        given.out(),
        given.outGradient(),
        given.inGradient(),
        null,
        List.of(
            body.plan(arena, given.in(), given.inGradient(), true),
            shortcut.plan(arena, given.in(), other, true)));
  }

  /** y = F(x) + G(x). */
  @Override
  public void forward(Pass pass, int offset, Buffers at) {
    body.forward(pass, offset, at.inner().get(0));
    shortcut.forward(pass, offset + body.parameterCount(), at.inner().get(1));
    Lanes f = last(at, 0).out();
    Lanes g = shortcut.layers().isEmpty() ? at.in() : last(at, 1).out();
    pass.kernels.add(f, g, output().size(), at.out());
  }

  /** Both get the gradient on y; the gradient on x is the sum of theirs. */
  @Override
  public boolean backward(Pass pass, int offset, Buffers at) {
    boolean inRange = backward(pass, body, offset, at, 0);
    Lanes other = at.outGradient();
    if (!shortcut.layers().isEmpty()) {
      inRange &= backward(pass, shortcut, offset + body.parameterCount(), at, 1);
      other = at.inner().get(1).get(0).inGradient();
    }
    if (at.inGradient() != null) {
      pass.kernels.add(at.inGradient(), other, input.size(), at.inGradient());
    }
    return inRange;
  }

  private boolean backward(Pass pass, Chain chain, int offset, Buffers at, int number) {
    at.outGradient().copyTo(last(at, number).outGradient(), output().size());
    return chain.backward(pass, offset, at.inner().get(number)) == Chain.IN_RANGE;
  }

  private static Buffers last(Buffers at, int chain) {
    List<Buffers> buffers = at.inner().get(chain);
    return buffers.get(buffers.size() - 1);
  }
}
