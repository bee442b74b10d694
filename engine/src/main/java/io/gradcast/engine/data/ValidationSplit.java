package io.gradcast.engine.data;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.random.Philox.Purpose;
import java.io.Serializable;
import java.util.Locale;

/**
 * Which samples of a data set are held out, a function of (seed, id): a permutation of the ids,
 * whose last positions are held out. Both parts are data sets of their own, whose ids are 0 to
 * count - 1, so that whoever holds a sample knows its part and its id there without seeing any
 * other.
 */
public final class ValidationSplit implements Serializable {

  private static final long serialVersionUID = 1;

  private final KeyedPermutation permutation;
  private final long count;
  private final long heldOut;

  /**
   * Held out for validation.
   *
   * @param count samples in the whole data set, whose ids are 0 to count - 1
   * @param part what part of them is held out, rounded to the nearest number of samples
   */
  public ValidationSplit(long seed, long count, double part) {
    this(seed, Purpose.VALIDATION, count, part);
  }

  private ValidationSplit(long seed, Purpose purpose, long count, double part) {
    this.count = count;
    heldOut = Math.round(part * count);
    if (heldOut < 1 || heldOut >= count) {
      throw GradcastException.data(
          "%s: expected a part that leaves samples on both sides, found %d of %d held out"
              .formatted(purpose.name().toLowerCase(Locale.ROOT), heldOut, count));
    }
    permutation = new KeyedPermutation(count);
    permutation.begin(seed, purpose, 0);
  }

  /** Held out for the test: others than for validation. */
  public static ValidationSplit forTest(long seed, long count, double part) {
    return new ValidationSplit(seed, Purpose.TEST, count, part);
  }

  /** Samples to train on, of all holders together. */
  public long trainingCount() {
    return count - heldOut;
  }

  /** Samples held out, of all holders together. */
  public long validationCount() {
    return heldOut;
  }

  /** Those of some samples that are trained on. */
  public Samples training(Samples samples) {
    return within(samples, 0, count - heldOut);
  }

  /** Those of some samples that are held out. */
  public Samples validation(Samples samples) {
    return within(samples, count - heldOut, count);
  }

  /** The samples whose positions are in a range, by their places in it. */
  private Samples within(Samples samples, long first, long end) {
    int kept = 0;
    for (long id : samples.ids()) {
      long position = permutation.position(id);
      kept += position >= first && position < end ? 1 : 0;
    }
    Samples part = samples.blank(kept);
    int row = 0;
    for (int i = 0; i < samples.count(); i++) {
      long position = permutation.position(samples.ids()[i]);
      if (position >= first && position < end) {
        part.copy(samples, i, row, 1);
        part.ids()[row] = position - first;
        row++;
      }
    }
    return part;
  }
}
