package io.gradcast.engine.net;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network may leave to the data that it is trained on.
 *
 * @param input shape of the images; null where it is not known
 * @param classes of the labels; 0 where it is not known
 * @param severalLabels whether a sample may have any number of labels; else it has one
 * @param mean of each channel's bytes, divided by 255; empty where it is not known
 * @param deviation the standard deviation of the same
 * @param samples of each class; empty where that is not known
 */
public record DataFacts(
    Shape input,
    int classes,
    boolean severalLabels,
    List<Float> mean,
    List<Float> deviation,
    List<Long> samples) {

  /** Nothing is known. */
  public static final DataFacts NONE = new DataFacts(null, 0, false);

  public DataFacts(Shape input, int classes, boolean severalLabels) {
    this(input, classes, severalLabels, List.of(), List.of(), List.of());
  }

  /** The same with what was measured. */
  public DataFacts with(DataStatistics statistics) {
    return new DataFacts(
        input,
        classes,
        severalLabels,
        list(statistics.means()),
        list(statistics.deviations()),
        Arrays.stream(statistics.samples()).boxed().toList());
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return List.copyOf(list);
  }
}
