package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.PairedCounts;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.shard.PartitionJob;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Compares two models on the same images: exact counts, so the same for any placement. */
public final class PairedEvaluator {

  private PairedEvaluator() {}

  /**
   * Counts of how many images each predicts all labels rightly.
   *
   * @param classes the names of the labels' numbers; a model that has other names, or another
   *     order, is measured by names
   */
  public static PairedCounts compare(
      JavaSparkContext context,
      Model first,
      Model second,
      List<String> classes,
      JavaRDD<Samples> pieces) {
    try (SharedModel one = new SharedModel(context, first);
        SharedModel other = new SharedModel(context, second)) {
      PairedCounts all = new PairedCounts(0, 0, 0, 0);
      for (long[] part : new Job(one, other, classes.toArray(String[]::new)).run(pieces)) {
        all = all.add(new PairedCounts(part[0], part[1], part[2], part[3]));
      }
      return all;
    }
  }

  private static final class Job extends PartitionJob<Samples, long[]> {

    private static final long serialVersionUID = 1;

    private final SharedModel first;
    private final SharedModel second;
    private final String[] classes;

    Job(SharedModel first, SharedModel second, String[] classes) {
      super(long[].class);
      this.first = first;
      this.second = second;
      this.classes = classes;
    }

    @Override
    protected long[] compute(Iterator<Samples> pieces) {
      Judge one = new Judge(first.scorer(), classes);
      Judge other = new Judge(second.scorer(), classes);
      long[] counts = new long[4];
      while (pieces.hasNext()) {
        Samples piece = pieces.next();
        boolean[] firstRight = one.right(piece);
        boolean[] secondRight = other.right(piece);
        for (int row = 0; row < piece.count(); row++) {
          counts[(firstRight[row] ? 0 : 2) + (secondRight[row] ? 0 : 1)]++;
        }
      }
      return counts;
    }
  }

  /** Which samples a model gets right. */
  private static final class Judge {

    private final Scorer scorer;

    /** The number of the label for each class of the model; -1 where the labels have none. */
    private final int[] labels;

    Judge(Scorer scorer, String[] classes) {
      this.scorer = scorer;
      List<String> names = Arrays.asList(classes);
      labels = scorer.classes().stream().mapToInt(names::indexOf).toArray();
    }

    boolean[] right(Samples samples) {
      boolean[] right = new boolean[samples.count()];
      int[] rows = IntStream.range(0, right.length).toArray();
      for (int first = 0; first < right.length; first += Scorer.LANES) {
        int count = Math.min(Scorer.LANES, right.length - first);
        scorer.score(samples, rows, first, count);
        for (int lane = 0; lane < count; lane++) {
          right[first + lane] = isRight(samples, first + lane, scorer.prediction(lane));
        }
      }
      return right;
    }

    private boolean isRight(Samples samples, int row, int[] prediction) {
      if (!samples.severalLabels()) {
        return labels[prediction[0]] == samples.label(row);
      }
      long expected =
          IntStream.range(0, samples.labelClasses()).filter(i -> samples.has(row, i)).count();
      return expected == prediction.length
          && Arrays.stream(prediction).allMatch(i -> labels[i] >= 0 && samples.has(row, labels[i]));
    }
  }
}
