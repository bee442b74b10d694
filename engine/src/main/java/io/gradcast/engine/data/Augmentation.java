package io.gradcast.engine.data;

import io.gradcast.engine.GradcastException;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much training images are varied; {@link Augmenter} says what becomes of one. Zero is off.
 *
 * @param shift pixels by which an image moves at most, along each axis
 * @param rotate degrees by which it turns at most, either way; up to 180
 * @param scale share by which it grows or shrinks at most; below 1
 * @param flip whether every other image is mirrored, left and right changing places
 * @param erase share of the image that is overwritten with black at most; up to 1
 * @param elastic standard deviation of the displacement of a pixel along each axis, in pixels
 */
public record Augmentation(
    double shift, double rotate, double scale, boolean flip, double erase, double elastic)
    implements Serializable {

  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(0, 0, 0, false, 0, 0);

  public Augmentation {
    require("shift", shift, Double.MAX_VALUE, "a number of pixels of 0 or more");
    require("rotate", rotate, 180, "degrees from 0 to 180");
    require("scale", scale, Math.nextDown(1.0), "a share of 0 or more and below 1");
    require("erase", erase, 1, "a share from 0 to 1");
    require("elastic", elastic, Double.MAX_VALUE, "a number of pixels of 0 or more");
  }

  private static void require(String name, double found, double most, String expected) {
    if (!(found >= 0 && found <= most)) {
      throw GradcastException.usage(
          "augment-%s: expected %s, found %s".formatted(name, expected, found));
    }
  }

  /** Whether images stay as they are. */
  public boolean isOff() {
    return settings().isEmpty();
  }

  /** What is on, by the keys of the settings. */
  public Map<String, Object> settings() {
    Map<String, Object> settings = new TreeMap<>();
    put(settings, "shift", shift);
    put(settings, "rotate", rotate);
    put(settings, "scale", scale);
    if (flip) {
      settings.put("augment-flip", "true");
    }
    put(settings, "erase", erase);
    put(settings, "elastic", elastic);
    return settings;
  }

  private static void put(Map<String, Object> settings, String name, double strength) {
    if (strength > 0) {
      settings.put("augment-" + name, strength);
    }
  }
}
