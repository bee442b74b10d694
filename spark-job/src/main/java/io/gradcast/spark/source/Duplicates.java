package io.gradcast.spark.source;

import io.gradcast.engine.Sha256;
import io.gradcast.engine.data.Samples;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Images that are in a data set more than once, told by the first 64 bits of SHA-256 of their
 * pixels.
 *
 * @param images that are there by a lower id too
 * @param contradictions different images of which not all copies have the same labels
 * @param examples some of them; those whose labels differ, and the lowest ids, first
 */
public record Duplicates(long images, long contradictions, List<Pair> examples) {

  private static final int MOST_EXAMPLES = 10;

  // Places in what is known of all copies of an image.
  private static final int COPIES = 0;
  private static final int LOWEST = 1;
  private static final int OTHER = 2;
  private static final int LABELS = 3;
  private static final int DIFFERS = 4;

  /** The worst first. */
  private static final Comparator<long[]> ORDER =
      Comparator.<long[]>comparingLong(image -> -image[DIFFERS])
          .thenComparingLong(image -> image[LOWEST]);

  /** Two samples of the same image. */
  public record Pair(long id, long other, boolean labelsDiffer) {}

  static Duplicates of(JavaRDD<Samples> pieces) {
    long images = 0;
    long contradictions = 0;
    List<long[]> examples = new ArrayList<>();
    List<long[][]> parts =
        pieces
            .flatMapToPair(Duplicates::images)
            .reduceByKey(Duplicates::together)
            .values()
            .mapPartitions(all -> Stream.<long[][]>of(summary(all)).iterator())
            .collect();
    for (long[][] part : parts) {
      images += part[0][0];
      contradictions += part[0][1];
      examples.addAll(Arrays.asList(part).subList(1, part.length));
    }
    return new Duplicates(
        images,
        contradictions,
        examples.stream()
            .sorted(ORDER)
            .limit(MOST_EXAMPLES)
            .map(image -> new Pair(image[LOWEST], image[OTHER], image[DIFFERS] != 0))
            .toList());
  }

  private static Iterator<Tuple2<Long, long[]>> images(Samples samples) {
    MessageDigest sha256 = Sha256.digest();
    int size = samples.shape().size();
    int labels = samples.labels().length / samples.count();
    List<Tuple2<Long, long[]>> images = new ArrayList<>();
    for (int row = 0; row < samples.count(); row++) {
      sha256.update(samples.pixels(), samples.start(row), size);
      long hash = ByteBuffer.wrap(sha256.digest()).getLong();
      int of =
          Arrays.hashCode(Arrays.copyOfRange(samples.labels(), row * labels, (row + 1) * labels));
      images.add(new Tuple2<>(hash, new long[] {1, samples.ids()[row], Long.MAX_VALUE, of, 0}));
    }
    return images.iterator();
  }

  private static long[] together(long[] one, long[] other) {
    long[] ids = {one[LOWEST], one[OTHER], other[LOWEST], other[OTHER]};
    Arrays.sort(ids);
    boolean differ = one[DIFFERS] != 0 || other[DIFFERS] != 0 || one[LABELS] != other[LABELS];
    return new long[] {one[COPIES] + other[COPIES], ids[0], ids[1], one[LABELS], differ ? 1 : 0};
  }

  /** Duplicates and contradictions, and after them some of the images. */
  private static long[][] summary(Iterator<long[]> all) {
    long[] counts = new long[2];
    List<long[]> examples = new ArrayList<>();
    while (all.hasNext()) {
      long[] image = all.next();
      if (image[COPIES] > 1) {
        counts[0] += image[COPIES] - 1;
        counts[1] += image[DIFFERS];
        examples.add(image);
        if (examples.size() == 2 * MOST_EXAMPLES) {
          examples.sort(ORDER);
          examples.subList(MOST_EXAMPLES, examples.size()).clear();
        }
      }
    }
    examples.add(0, counts);
    return examples.toArray(long[][]::new);
  }
}
