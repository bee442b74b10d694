package io.gradcast.engine.tensor;

import io.gradcast.engine.GradcastException;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * One named tensor of parameters and where its elements lie in the array of all parameters.
 *
 * <p>In memory parameters have the paper's orientation (kernels of a true convolution, columns in
 * the order of the column scan); model files have that of other tools (cross-correlation, row-major
 * flattening). {@code fileOrder} is the one place where the two meet.
 *
 * @param name unique in the network, such as {@code c1.weight}
 * @param shape as in the model file, outermost first
 * @param offset of the first element, in the array of all parameters
 * @param fileOrder for a row-major position in the file, the position in memory after offset
 */
public record Tensor(String name, List<Integer> shape, int offset, IntUnaryOperator fileOrder) {

  public Tensor {
    if (shape.stream().mapToDouble(side -> side).reduce(1, (a, b) -> a * b) > Integer.MAX_VALUE) {
      throw GradcastException.usage(
          "tensor %s: expected at most %d elements, found the shape %s"
              .formatted(name, Integer.MAX_VALUE, shape));
    }
  }

  public int size() {
    return shape.stream().mapToInt(Integer::intValue).reduce(1, (a, b) -> a * b);
  }

  /** The same tensor, {@code distance} further along in the array. */
  public Tensor shifted(int distance) {
    return new Tensor(name, shape, offset + distance, fileOrder);
  }

  /** Where the element at a row-major position of the file lies in the array of all parameters. */
  public int index(int filePosition) {
    return offset + fileOrder.applyAsInt(filePosition);
  }
}
