package io.gradcast.spark.source;

import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.apache.spark.ml.linalg.Vector;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Makes pixels of whatever a column may hold for an image: a PNG or JPEG, raw bytes, an array of
 * numbers or a vector. For one thread.
 */
public final class PixelDecoder implements Serializable {

  private static final long serialVersionUID = 1;

  private static final int BLACK_TO_WHITE = 255;

  private final ImageForm form;
  private transient EncodedImages encoded;

  public PixelDecoder(ImageForm form) {
    this.form = form;
  }

  /** Whether a value is an image with a size of its own: a PNG or JPEG. */
  public static boolean isEncoded(Object value) {
    return value instanceof byte[] bytes && EncodedImages.isEncoded(bytes);
  }

  /**
   * One image.
   *
   * @param value byte[], an array or a sequence of numbers, or a vector
   * @throws BadRecord where there is no image in it
   */
  public Image decode(Object value) throws BadRecord {
    if (value == null) {
      throw new BadRecord("an image", "none");
    }
    if (value instanceof byte[] bytes) {
      return isEncoded(bytes) ? encoded().decode(bytes) : raw(bytes);
    }
    if (value instanceof Vector vector) {
      double[] values = vector.toArray();
      return numbers(values.length, i -> values[i]);
    }
    if (value instanceof double[] values) {
      return numbers(values.length, i -> values[i]);
    }
    if (value instanceof Seq<?> sequence) {
      return numbers(CollectionConverters.asJava(sequence));
    }
    if (value instanceof List<?> list) {
      return numbers(list);
    }
    throw new BadRecord("bytes, numbers or a vector", value.getClass().getSimpleName());
  }

  private EncodedImages encoded() {
    if (encoded == null) {
      encoded = new EncodedImages(form);
    }
    return encoded;
  }

  private Image raw(byte[] bytes) throws BadRecord {
    Shape shape;
    try {
      shape = form.shapeOf(bytes.length);
    } catch (BadRecord e) {
      throw new BadRecord(
          "a PNG, a JPEG, or raw bytes of the size of an image",
          bytes.length == 0 ? "no bytes" : "%,d other bytes".formatted(bytes.length));
    }
    byte[] pixels = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      pixels[target(shape, i)] = bytes[i];
    }
    return new Image(shape, pixels);
  }

  private Image numbers(List<?> values) throws BadRecord {
    Object[] numbers = values.toArray();
    for (int i = 0; i < numbers.length; i++) {
      if (!(numbers[i] instanceof Number)) {
        throw new BadRecord("numbers", "%s at place %d".formatted(numbers[i], i));
      }
    }
    return numbers(numbers.length, i -> ((Number) numbers[i]).doubleValue());
  }

  private Image numbers(int count, IntToDoubleFunction values) throws BadRecord {
    Shape shape = form.shapeOf(count);
    byte[] pixels = new byte[count];
    double scale = BLACK_TO_WHITE / form.white();
    for (int i = 0; i < count; i++) {
      double value = values.applyAsDouble(i);
      // False of NaN too.
      if (!(value >= 0 && value <= form.white())) {
        throw new BadRecord(
            "numbers from 0 to " + plain(form.white()),
            "%s at place %d".formatted(plain(value), i));
      }
      pixels[target(shape, i)] = (byte) Math.round(value * scale);
    }
    return new Image(shape, pixels);
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** Where the i-th number of an image belongs in [channels][height][width]. */
  private int target(Shape shape, int i) {
    if (!form.interleaved() || shape.channels() == 1) {
      return i;
    }
    int channels = shape.channels();
    return i % channels * (shape.height() * shape.width()) + i / channels;
  }
}
