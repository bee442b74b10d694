package io.gradcast.spark.source;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Noise as a data set: a function of the ids. */
public record RandomSource(Shape shape, long count, boolean severalLabels, int labelClasses)
    implements Source, Serializable {

  @Override
  public String name() {
    return "noise";
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, labelClasses).mapToObj(i -> "class " + i).toList();
  }

  @Override
  public long[] samplesPerClass() {
    DataStatistics statistics = new DataStatistics(shape.channels(), labelClasses);
    statistics.add(samples(0, count));
    return statistics.samples();
  }

  /** All samples from one id to before another. */
  public Samples samples(long first, long end) {
    int rows = (int) (end - first);
    int labels = severalLabels ? labelClasses : 1;
    Samples samples =
        new Samples(
            shape,
            new long[rows],
            new byte[rows * shape.size()],
            new int[rows * labels],
            severalLabels ? labelClasses : 0);
    byte[] image = new byte[shape.size()];
    for (int row = 0; row < rows; row++) {
      long id = first + row;
      Random random = new Random(id);
      random.nextBytes(image);
      samples.ids()[row] = id;
      System.arraycopy(image, 0, samples.pixels(), samples.start(row), image.length);
      for (int i = 0; i < labels; i++) {
        samples.labels()[row * labels + i] = random.nextInt(severalLabels ? 2 : labelClasses);
      }
    }
    return samples;
  }

  @Override
  public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
    RandomSource source = this;
    return context
        .parallelize(IntStream.range(0, partitions).boxed().toList(), partitions)
        .map(
            number ->
                source.samples(
                    source.count * number / partitions, source.count * (number + 1) / partitions));
  }
}
