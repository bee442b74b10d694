package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A JSON object from a file, every field of it checked when it is taken. */
public final class Fields {

  private static final int LONGEST = 100;

  private final Kind kind;
  private final Map<String, ?> fields;
  private final String where;

  private Fields(Kind kind, Map<String, ?> fields, String where) {
    this.kind = kind;
    this.fields = fields;
    this.where = where;
  }

  /** An object of a model file. */
  Fields(Map<String, ?> fields, String where) {
    this(Kind.MODEL, fields, where);
  }

  /** Reads an object of a model file from its text. */
  static Fields parse(String text, String where) {
    return parse(Kind.MODEL, text, where);
  }

  /**
   * Reads an object from its text.
   *
   * @param kind of exceptions about it
   * @param where it is, for messages
   */
  public static Fields parse(Kind kind, String text, String where) {
    try {
      return new Fields(kind, Json.read(text), where);
    } catch (IOException e) {
      String problem = e.getMessage().lines().findFirst().orElse("");
      throw new GradcastException(
          kind, "%s: expected JSON, found a fault: %s".formatted(where, problem), e);
    }
  }

  int size() {
    return fields.size();
  }

  public String text(String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw unexpected(name, "text");
  }

  public double number(String name) {
    if (fields.get(name) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw unexpected(name, "a number");
  }

  public long integer(String name, long least, long most) {
    if (fields.get(name) instanceof Long value && value >= least && value <= most) {
      return value;
    }
    throw unexpected(name, "an integer from %d to %d".formatted(least, most));
  }

  public Fields object(String name) {
    if (fields.get(name) instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // JSON's keys are strings
      Map<String, ?> object = (Map<String, ?>) map;
      return new Fields(kind, object, where + ", " + name);
    }
    throw unexpected(name, "an object");
  }

  /** A list of objects. */
  public List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    for (Map<?, ?> map : list(name, Map.class, "a list of objects")) {
      @SuppressWarnings("unchecked") // JSON's keys are strings
      Map<String, ?> object = (Map<String, ?>) map;
      objects.add(new Fields(kind, object, "%s, %s %d".formatted(where, name, objects.size())));
    }
    return objects;
  }

  public boolean flag(String name) {
    if (fields.get(name) instanceof Boolean flag) {
      return flag;
    }
    throw unexpected(name, "true or false");
  }

  /** An object of texts, integers and numbers; empty where there is none. */
  SortedMap<String, Object> values(String name) {
    if (!fields.containsKey(name)) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, Object> values = new TreeMap<>(object(name).fields);
    for (Object value : values.values()) {
      if (!(value instanceof String || value instanceof Long || value instanceof Double)) {
        throw unexpected(name, "texts and numbers");
      }
    }
    return values;
  }

  public List<String> texts(String name) {
    return list(name, String.class, "a list of texts");
  }

  public List<Long> integers(String name) {
    return list(name, Long.class, "a list of integers");
  }

  public List<Double> numbers(String name) {
    return list(name, Number.class, "a list of numbers").stream().map(Number::doubleValue).toList();
  }

  private <T> List<T> list(String name, Class<T> type, String expected) {
    if (!(fields.get(name) instanceof List<?> list) || !list.stream().allMatch(type::isInstance)) {
      throw unexpected(name, expected);
    }
    List<T> items = new ArrayList<>();
    list.forEach(item -> items.add(type.cast(item)));
    return items;
  }

  private GradcastException unexpected(String name, String expected) {
    Object found = fields.get(name);
    return new GradcastException(
        kind,
        "%s: expected %s at %s, found %s"
            .formatted(where, expected, name, found == null ? "nothing" : brief(found.toString())));
  }

  /** What was found in a file, fit for a sentence: one line, and not the whole of a long text. */
  static String brief(String found) {
    String line = found.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
