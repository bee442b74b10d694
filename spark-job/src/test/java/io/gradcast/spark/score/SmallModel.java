package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.data.SyntheticDigits;
import io.gradcast.engine.data.SyntheticDigits.Split;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.net.DataFacts;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.tensor.Shape;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A model of digits that is not trained, and yet finds different classes in them. */
public final class SmallModel {

  private static final int CLASSES = 10;
  private static final Shape SHAPE = new Shape(1, 28, 28);

  private SmallModel() {}

  /** One of many: its parameters are large, and a function of the seed. */
  public static Model of(boolean severalLabels, long seed) {
    String text =
        "name = small, init = he-normal, layers = [{ type = conv, maps = 3, kernel = 5 },"
            + "{ type = relu }, { type = dense, units = ${classes} }], loss = "
            + (severalLabels ? "binary-cross-entropy" : "softmax-cross-entropy");
    DataFacts facts = new DataFacts(SHAPE, CLASSES, severalLabels);
    Network network = new Network(NetworkText.parse(text, "small").resolve(facts));
    Random random = new Random(seed);
    float[] parameters = new float[network.parameterCount()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (2 * random.nextFloat() - 1) / 16;
    }
    return new Model(
        network,
        parameters,
        IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList(),
        new Provenance("test", "0".repeat(32), 1, 1, 1, 1, seed));
  }

  /** What a model finds in each sample, one at a time. */
  public static List<String> predictions(Model model, Samples samples) {
    Scorer scorer = new Scorer(model);
    return IntStream.range(0, samples.count())
        .mapToObj(
            row -> {
              scorer.score(samples, new int[] {row}, 0, 1);
              return scorer.predicted(0);
            })
        .toList();
  }

  /** The first digits of the generator's training split. */
  public static Samples digits(int count) {
    SyntheticDigits digits = new SyntheticDigits(1, Split.TRAIN);
    byte[] pixels = new byte[count * SHAPE.size()];
    byte[] image = new byte[SHAPE.size()];
    for (int i = 0; i < count; i++) {
      digits.image(i, image);
      System.arraycopy(image, 0, pixels, i * image.length, image.length);
    }
    return new Samples(
        SHAPE,
        IntStream.range(0, count).asLongStream().toArray(),
        pixels,
        IntStream.range(0, count).map(digits::label).toArray());
  }
}
