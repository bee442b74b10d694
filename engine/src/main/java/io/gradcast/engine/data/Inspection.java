package io.gradcast.engine.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a data set is like, at a glance: its statistics, some examples of each class, and images
 * that show nothing. Parts add up to the same whatever their order, but for which examples are
 * kept: those with the lowest ids of the first that each part was given.
 */
public final class Inspection implements Serializable {

  private static final long serialVersionUID = 1;

  /** Ids of images of one colour that are kept. */
  private static final int MOST_IDS = 10;

  /** Examples of a class that are enough for a glance. */
  private static final int MOST_EXAMPLES = 12;

  /** Classes of which examples are kept. */
  private static final int MOST_CLASSES = 100;

  /** Bytes of examples that a part may have, about. */
  private static final long LARGEST = 8L << 20;

  private final DataStatistics statistics;
  private final int[] kept;
  private ArrayList<Example> examples = new ArrayList<>();
  private ArrayList<Long> blank = new ArrayList<>();
  private long samples;
  private long blanks;
  private long unlabelled;

  /** Of no samples. */
  public Inspection(int channels, int classes) {
    statistics = new DataStatistics(channels, classes);
    kept = new int[Math.min(classes, MOST_CLASSES)];
  }

  /** Looks at some samples. */
  public void add(Samples part) {
    statistics.add(part);
    samples += part.count();
    for (int row = 0; row < part.count(); row++) {
      if (isBlank(part, row)) {
        blanks++;
        if (blank.size() < MOST_IDS) {
          blank.add(part.ids()[row]);
        }
      }
      int[] labels = labels(part, row);
      unlabelled += labels.length == 0 ? 1 : 0;
      if (isWanted(labels, part.shape().size())) {
        keep(Example.of(part, row, labels));
      }
    }
  }

  private static boolean isBlank(Samples part, int row) {
    byte[] pixels = part.pixels();
    int plane = part.shape().height() * part.shape().width();
    int end = part.start(row) + part.shape().size();
    for (int start = part.start(row); start < end; start += plane) {
      for (int i = start + 1; i < start + plane; i++) {
        if (pixels[i] != pixels[start]) {
          return false;
        }
      }
    }
    return true;
  }

  private static int[] labels(Samples part, int row) {
    return part.severalLabels()
        ? IntStream.range(0, part.labelClasses()).filter(i -> part.has(row, i)).toArray()
        : new int[] {part.label(row)};
  }

  /** Whether there are too few examples of one of these classes. */
  private boolean isWanted(int[] labels, int bytes) {
    long most = Math.max(1, Math.min(MOST_EXAMPLES, LARGEST / ((long) bytes * kept.length)));
    for (int label : labels) {
      if (label < kept.length && kept[label] < most) {
        return true;
      }
    }
    return false;
  }

  private void keep(Example example) {
    examples.add(example);
    for (int label : example.labels()) {
      if (label < kept.length) {
        kept[label]++;
      }
    }
  }

  /** Adds another part. */
  public void add(Inspection other) {
    statistics.add(other.statistics);
    samples += other.samples;
    blanks += other.blanks;
    unlabelled += other.unlabelled;
    blank.addAll(other.blank);
    blank.sort(Comparator.naturalOrder());
    blank = new ArrayList<>(blank.subList(0, Math.min(MOST_IDS, blank.size())));
    List<Example> all = new ArrayList<>(examples);
    all.addAll(other.examples);
    all.sort(Comparator.comparing(Example::id));
    examples = new ArrayList<>();
    Arrays.fill(kept, 0);
    for (Example example : all) {
      if (isWanted(example.labels(), example.shape().size())) {
        keep(example);
      }
    }
  }

  /** All samples. */
  public long samples() {
    return samples;
  }

  public DataStatistics statistics() {
    return statistics;
  }

  /** Some of each of the first classes, by their ids. */
  public List<Example> examples() {
    return List.copyOf(examples);
  }

  /** Images every channel of which has one value all over. */
  public long blanks() {
    return blanks;
  }

  /** The ids of some of those. */
  public List<Long> blankIds() {
    return List.copyOf(blank);
  }

  /** Samples without a label. */
  public long unlabelled() {
    return unlabelled;
  }
}
