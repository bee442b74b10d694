package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.Workspace;
import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Applies a model to images, a group of them at a time. It holds the memory of one thread, and
 * reads parameters which others may share. What a group's images are found to be can be asked for
 * until the next group is scored.
 */
public final class Scorer {

  /** Images that go through the network together. */
  public static final int LANES = Kernels.LANES;

  /** Between the names of several classes. */
  public static final String SEPARATOR = "|";

  private final Network network;
  private final float[] parameters;
  private final List<String> classes;
  private final Workspace workspace;
  private final int[][] predictions = new int[LANES][];

  /** The images of a group, without labels. */
  private final Samples group;

  private final int[] rows = IntStream.range(0, LANES).toArray();

  public Scorer(Model model) {
    this(model.network(), model.parameters(), model.classes());
  }

  /**
   * Scores with parameters that are not copied.
   *
   * @param classes the name of each output
   */
  Scorer(Network network, float[] parameters, List<String> classes) {
    this.network = network;
    this.parameters = parameters;
    this.classes = classes;
    workspace = new Workspace(network, Kernels.best());
    int pixels = LANES * network.input().size();
    group = new Samples(network.input(), new long[LANES], new byte[pixels], new int[LANES]);
  }

  /** Of the images that it takes. */
  public Shape shape() {
    return network.input();
  }

  /** The name of each class. */
  public List<String> classes() {
    return classes;
  }

  /**
   * Scores the first images of an array, each in a lane of its own.
   *
   * @param images [channels][height][width] each, a byte being 0 to 255
   * @param count from 1 to {@link #LANES}
   */
  public void score(byte[][] images, int count) {
    int size = shape().size();
    for (int lane = 0; lane < count; lane++) {
      if (images[lane].length != size) {
        throw new IllegalArgumentException(
            "an image of %s has %d bytes, not %d".formatted(shape(), size, images[lane].length));
      }
      System.arraycopy(images[lane], 0, group.pixels(), group.start(lane), size);
    }
    score(group, rows, 0, count);
  }

  /**
   * Scores images where they are, each in a lane of its own.
   *
   * @param order which of the samples: {@code count} elements from {@code first} on
   * @param count from 1 to {@link #LANES}
   */
  public void score(Samples samples, int[] order, int first, int count) {
    network.forward(samples, order, first, count, parameters, workspace);
    for (int lane = 0; lane < count; lane++) {
      predictions[lane] = workspace.prediction(lane);
    }
    network.scores(workspace);
  }

  /** The score of a lane's image for a class, from 0 to 1. */
  public float score(int lane, int index) {
    return workspace.output().get(index, lane);
  }

  /** The scores of a lane's image for all classes. */
  public float[] scores(int lane) {
    float[] scores = new float[classes.size()];
    workspace.output().copyLane(lane, scores);
    return scores;
  }

  /**
   * The classes that a lane's image is found to have: one, or, where images may have several, any
   * number, ascending.
   */
  public int[] prediction(int lane) {
    return predictions[lane];
  }

  /** Their names with {@value #SEPARATOR} between them. */
  public String predicted(int lane) {
    int[] prediction = predictions[lane];
    return prediction.length == 1
        ? classes.get(prediction[0])
        : Arrays.stream(prediction).mapToObj(classes::get).collect(Collectors.joining(SEPARATOR));
  }
}
