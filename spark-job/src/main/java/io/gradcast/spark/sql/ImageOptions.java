package io.gradcast.spark.sql;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.source.BadRecord;
import io.gradcast.spark.source.Image;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.PixelDecoder;
import java.io.Serializable;

/**
 * How images of a column are to be read.
 *
 * @param resize whether PNGs and JPEGs of other sizes than the model's are resized to it
 * @param interleaved whether in raw bytes and numbers the colours of a pixel lie together
 * @param white what number stands for white, where images are numbers
 */
record ImageOptions(boolean resize, boolean interleaved, double white) implements Serializable {

  private static final String WHITE = "white=";

  /** From what a user says: words with commas between them. */
  static ImageOptions parse(String text) {
    boolean resize = false;
    boolean interleaved = false;
    double white = ImageForm.AS_IT_IS.white();
    for (String word : text.isBlank() ? new String[0] : text.split(",", -1)) {
      String option = word.strip();
      if (option.equals("resize")) {
        resize = true;
      } else if (option.equals("channel-order=pixels")) {
        interleaved = true;
      } else if (option.startsWith(WHITE)) {
        white = number(option.substring(WHITE.length()));
      } else {
        throw unknown(option);
      }
    }
    return new ImageOptions(resize, interleaved, white);
  }

  private static double number(String text) {
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && number < Double.POSITIVE_INFINITY) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same sentence as for a number that is not above 0.
    }
    throw unknown(WHITE + text);
  }

  private static GradcastException unknown(String option) {
    return GradcastException.usage(
        ("%s: options: expected resize, channel-order=pixels or white=NUMBER above 0,"
                + " found \"%s\"")
            .formatted(PredictFunction.NAME, option));
  }

  /** A reader of such images into those of a shape; for one thread. */
  Reader reader(Shape shape) {
    ImageForm form = new ImageForm(0, 0, shape.channels(), interleaved, white);
    PixelDecoder decoder = new PixelDecoder(form.withShape(shape));
    return new Reader(shape, resize ? decoder : new PixelDecoder(form), decoder);
  }

  /** PNGs and JPEGs have a size of their own, other images that which they are said to have. */
  record Reader(Shape shape, PixelDecoder encoded, PixelDecoder others) {

    /**
     * The pixels of an image.
     *
     * @param value as {@link PixelDecoder} takes it
     */
    byte[] read(Object value) throws BadRecord {
      Image image = (PixelDecoder.isEncoded(value) ? encoded : others).decode(value);
      if (!image.shape().equals(shape)) {
        throw new BadRecord("an image of %s, or the option resize".formatted(shape), image.shape());
      }
      return image.pixels();
    }
  }
}
