package io.gradcast.spark.source;

import java.io.Serializable;
import java.util.List;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What records are read for.
 *
 * @param form that images are to have
 * @param labelled whether labels are wanted
 * @param classes that there may be; none where the data say it
 */
public record Decoding(ImageForm form, boolean labelled, List<String> classes)
    implements Serializable {

  /** The names of the classes of a record, from a string, a number or a sequence of such. */
  public List<String> labels(Object value) throws BadRecord {
    if (!labelled) {
      return List.of();
    }
    if (value instanceof Seq<?> several) {
      List<?> values = CollectionConverters.asJava(several);
      String[] names = new String[values.size()];
      for (int i = 0; i < names.length; i++) {
        names[i] = label(values.get(i));
      }
      return List.of(names);
    }
    return List.of(label(value));
  }

  private String label(Object value) throws BadRecord {
    String name = name(value);
    if (name.isEmpty()) {
      throw new BadRecord("a label", "none");
    }
    if (!classes.isEmpty() && !classes.contains(name)) {
      throw new BadRecord(
          classes.size() > 20
              ? "a label of the %d classes that there are".formatted(classes.size())
              : "a label of " + String.join(", ", classes),
          name);
    }
    return name;
  }

  /** A whole number has one name, whatever type it comes in. */
  private static String name(Object value) throws BadRecord {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (number != Math.rint(number) || Math.abs(number) > 1L << 53) {
        throw new BadRecord("a whole number or a name as label", value);
      }
      return Long.toString((long) number);
    }
    return value == null ? "" : value.toString().strip();
  }
}
