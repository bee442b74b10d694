package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What images are made into.
 *
 * @param height in pixels, to which encoded images are resized; 0 for that of the first image
 * @param width in pixels, likewise
 * @param channels 1 for grey, 3 for red, green and blue; 0 for as many as the first image has
 * @param interleaved whether in raw bytes and numbers the channels of a pixel lie together; else
 *     one channel follows after the other
 * @param white what number stands for white, where images are numbers: 0 is black
 */
public record ImageForm(int height, int width, int channels, boolean interleaved, double white)
    implements Serializable {

  /** As the data are, numbers being 0 to 255. */
  public static final ImageForm AS_IT_IS = new ImageForm(0, 0, 0, false, 255);

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  /** The same in a size as a user gives it, HEIGHTxWIDTH. */
  public ImageForm withSize(String text) {
    Matcher size = SIZE.matcher(text);
    GradcastException.require(
        size.matches(), "image-size", "HEIGHTxWIDTH in pixels, as 28x28", text);
    int newHeight = Integer.parseInt(size.group(1));
    int newWidth = Integer.parseInt(size.group(2));
    GradcastException.require(
        newHeight > 0 && newWidth > 0, "image-size", "a height and width from 1", text);
    return new ImageForm(newHeight, newWidth, channels, interleaved, white);
  }

  /** What a network takes: encoded images are resized to it. */
  public ImageForm withShape(Shape shape) {
    return new ImageForm(shape.height(), shape.width(), shape.channels(), interleaved, white);
  }

  boolean hasSize() {
    return height > 0;
  }

  /** Whether images come out of one shape, whatever goes in. */
  boolean isFixed() {
    return hasSize() && channels > 0;
  }

  /** The shape of so many numbers. */
  Shape shapeOf(int numbers) throws BadRecord {
    int planes = channels > 0 ? channels : hasSize() ? numbers / (height * width) : 1;
    if (hasSize()) {
      if (planes < 1 || (long) planes * height * width != numbers) {
        throw new BadRecord(
            "%s%d x %d numbers or bytes"
                .formatted(channels > 0 ? channels + " x " : "", height, width),
            numbers);
      }
      return new Shape(planes, height, width);
    }
    int side = (int) Math.round(Math.sqrt((double) numbers / planes));
    if (numbers == 0 || (long) side * side * planes != numbers) {
      throw new BadRecord(
          "a square image of %d numbers or bytes a pixel, or image-size".formatted(planes),
          numbers + " of them");
    }
    return new Shape(planes, side, side);
  }
}
