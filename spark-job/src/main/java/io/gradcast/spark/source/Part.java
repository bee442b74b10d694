package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.data.ValidationSplit;
import io.gradcast.engine.tensor.Shape;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * One side of a split of a data set, which is read whole and of which the rest is passed over.
 *
 * @param count samples on that side
 * @param side those of some samples that are on it, with ids from 0 to count - 1 in all
 */
public record Part(Source whole, long count, Function<Samples, Samples> side) implements Source {

  /** What is not held out. */
  public static Part training(Source whole, ValidationSplit split) {
    return new Part(whole, split.trainingCount(), split::training);
  }

  /** What is held out. */
  public static Part heldOut(Source whole, ValidationSplit split) {
    return new Part(whole, split.validationCount(), split::validation);
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public String labels() {
    return whole.labels();
  }

  @Override
  public Shape shape() {
    return whole.shape();
  }

  @Override
  public boolean severalLabels() {
    return whole.severalLabels();
  }

  @Override
  public List<String> classes() {
    return whole.classes();
  }

  /** Of the whole. */
  @Override
  public long[] samplesPerClass() {
    return whole.samplesPerClass();
  }

  @Override
  public long bad() {
    return whole.bad();
  }

  @Override
  public Iterator<Rejected> rejected() {
    return whole.rejected();
  }

  @Override
  public JavaRDD<Samples> read(JavaSparkContext context, int partitions) {
    return whole.read(context, partitions).map(side);
  }
}
