package io.gradcast.engine.data;

import io.gradcast.engine.random.Philox;
import io.gradcast.engine.random.Philox.Purpose;
import io.gradcast.engine.tensor.Shape;
import java.util.Arrays;

/**
 * Varies training images, each as a function of (seed, epoch, sample id): the same wherever and in
 * whatever order that is done. An image is mirrored, scaled, turned, moved and bent by one map, all
 * channels alike, so it is interpolated once; then a rectangle is erased. What is drawn for one of
 * these does not depend on which others are on.
 *
 * <p>Holds all memory that it needs; for one thread.
 */
public final class Augmenter {

  // Elements of the draws for an image.
  private static final int SHIFT_DOWN = 0;
  private static final int SHIFT_RIGHT = 1;
  private static final int ROTATE = 2;
  private static final int SCALE = 3;
  private static final int FLIP = 4;
  private static final int ERASE_AREA = 5;
  private static final int ERASE_ASPECT = 6;
  private static final int ERASE_TOP = 7;
  private static final int ERASE_LEFT = 8;
  private static final int ELASTIC = 16;

  /** In a degree. */
  private static final double RADIANS = Math.PI / 180;

  /** Of height to width of what is erased, and its inverse; as in Zhong et al. */
  private static final double LARGEST_ASPECT = 1 / 0.3;

  private final Augmentation augmentation;
  private final Shape shape;
  private final long seed;
  private final Warp warp;

  /** Null where that is off. */
  private final ElasticField elastic;

  /**
   * @param shape of an image
   */
  public Augmenter(Augmentation augmentation, Shape shape, long seed) {
    this.augmentation = augmentation;
    this.shape = shape;
    this.seed = seed;
    warp = new Warp(shape);
    elastic =
        augmentation.elastic() > 0
            ? new ElasticField(shape.height(), shape.width(), augmentation.elastic())
            : null;
  }

  /**
   * Varies one image.
   *
   * @param pixels bytes, the image from {@code start} on, [channels][height][width]
   * @param epoch from 0
   * @param id of the sample, from 0 and below 2^31
   * @param image gets the values, 0 to 255, in the same layout
   */
  public void apply(byte[] pixels, int start, int epoch, long id, float[] image) {
    int item = Math.toIntExact(id);
    warp.set(
        augmentation.flip() && uniform(epoch, item, FLIP) < 0.5,
        1 + augmentation.scale() * spread(epoch, item, SCALE),
        augmentation.rotate() * RADIANS * spread(epoch, item, ROTATE),
        augmentation.shift() * spread(epoch, item, SHIFT_DOWN),
        augmentation.shift() * spread(epoch, item, SHIFT_RIGHT));
    if (elastic != null) {
      elastic.displace(seed, epoch, item, ELASTIC, warp.rows(), warp.columns());
    }
    warp.apply(pixels, start, image);
    if (augmentation.erase() > 0) {
      erase(epoch, item, image);
    }
  }

  private double uniform(int epoch, int item, int element) {
    return Philox.uniform(seed, Purpose.AUGMENTATION, epoch, item, element);
  }

  /** Uniform on [-1, 1). */
  private double spread(int epoch, int item, int element) {
    return 2 * uniform(epoch, item, element) - 1;
  }

  /**
   * Overwrites a rectangle with black (Zhong, Zheng, Kang, Li and Yang, "Random erasing data
   * augmentation", AAAI 2020): its share of the image is uniform up to the strength, the logarithm
   * of its aspect uniform as well, and it lies anywhere inside.
   */
  private void erase(int epoch, int item, float[] image) {
    double share = augmentation.erase() * uniform(epoch, item, ERASE_AREA);
    double area = share * shape.height() * shape.width();
    double logAspect = StrictMath.log(LARGEST_ASPECT) * spread(epoch, item, ERASE_ASPECT);
    double wanted = Math.sqrt(area * StrictMath.exp(logAspect));
    // What does not fit along one side goes to the other.
    double least = Math.max(1, Math.ceil(area / shape.width()));
    int height = (int) Math.max(least, Math.min(shape.height(), Math.rint(wanted)));
    int width = (int) Math.rint(area / height);
    int top = (int) (uniform(epoch, item, ERASE_TOP) * (shape.height() - height + 1));
    int left = (int) (uniform(epoch, item, ERASE_LEFT) * (shape.width() - width + 1));
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int row = top; row < top + height; row++) {
        int from = (channel * shape.height() + row) * shape.width() + left;
        Arrays.fill(image, from, from + width, 0);
      }
    }
  }
}
