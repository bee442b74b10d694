package io.gradcast.spark.report;

import io.gradcast.engine.model.Model;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights that meet the image itself, as pictures: kernels of a convolution, turned as other
 * tools turn them (cross-correlation), or all weights of a dense unit, laid out like the image.
 *
 * @param tensor the name of the weights
 * @param description how many there are and of which size
 * @param largest magnitude, which has the full colour
 * @param coloured whether a picture has the three channels of the image as its colours
 * @param pictures one a map or unit; none where the first weights do not lie over an image
 */
record FirstLayer(
    String tensor, String description, float largest, boolean coloured, List<String> pictures) {

  private static final int MOST = 64;

  static FirstLayer of(Model model) {
    for (Tensor tensor : model.network().tensors()) {
      Shape shape = picture(tensor, model.network().input());
      if (shape != null) {
        return of(tensor, shape, model.parameters());
      }
      if (tensor.shape().size() > 1) {
        break;
      }
    }
    return new FirstLayer("", "", 0, false, List.of());
  }

  /** The shape of one unit's weights, or null where they are not over an image. */
  private static Shape picture(Tensor tensor, Shape input) {
    List<Integer> sides = tensor.shape();
    if (sides.size() == 4) {
      return new Shape(sides.get(1), sides.get(2), sides.get(3));
    }
    return sides.size() == 2 && sides.get(1) == input.size() ? input : null;
  }

  private static FirstLayer of(Tensor tensor, Shape shape, float[] parameters) {
    int count = tensor.shape().get(0);
    List<List<Plane>> units = new ArrayList<>();
    float largest = 0;
    for (int unit = 0; unit < Math.min(count, MOST); unit++) {
      float[] values = new float[shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = parameters[tensor.index(unit * values.length + i)];
      }
      List<Plane> planes = Plane.of(values, shape);
      units.add(planes);
      largest = Math.max(largest, Plane.largest(planes));
    }
    boolean coloured = shape.channels() == 3;
    float full = largest > 0 ? largest : 1;
    List<String> pictures =
        units.stream()
            .map(planes -> coloured ? coloured(planes, full) : signed(planes, full))
            .toList();
    String shown = count > MOST ? ", the first %d shown".formatted(MOST) : "";
    String description = "Weights of %d maps or units, each %s".formatted(count, shape) + shown;
    return new FirstLayer(tensor.name(), description, largest, coloured, pictures);
  }

  /** Zero is the middle grey. */
  private static String coloured(List<Plane> planes, float full) {
    return Pictures.image(planes.stream().map(plane -> plane.between0And1(full)).toList());
  }

  private static String signed(List<Plane> planes, float full) {
    return Pictures.signed(Plane.stacked(planes).dividedBy(full));
  }
}
