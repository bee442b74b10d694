package io.gradcast.spark.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads event files by their specification, for tests, with code of its own down to the CRC. */
public final class Events {

  /** Reversed polynomial of Castagnoli. */
  private static final int POLYNOMIAL = 0x82f63b78;

  /**
   * One record.
   *
   * @param what file_version, session_log or a tag
   * @param value of a tag, else 0
   */
  public record Event(String file, double wallTime, long step, String what, float value) {}

  private Events() {}

  /** All events of a folder as they are, files by their names. */
  public static List<Event> all(Path folder) throws IOException {
    List<Event> events = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
          events.add(event(file.getFileName().toString(), record(in)));
        }
      }
    }
    return events;
  }

  /** The curves of a folder by tag, step to value, as TensorBoard shows them. */
  public static Map<String, NavigableMap<Long, Float>> curves(Path folder) throws IOException {
    Map<String, NavigableMap<Long, Float>> curves = new TreeMap<>();
    for (Event event : all(folder)) {
      if (event.what().equals("session_log")) {
        curves.values().forEach(curve -> curve.tailMap(event.step(), true).clear());
      } else if (!event.what().equals("file_version")) {
        NavigableMap<Long, Float> curve =
            curves.computeIfAbsent(event.what(), tag -> new TreeMap<>());
        assertEquals(null, curve.put(event.step(), event.value()), event + " is there twice");
      }
    }
    return curves;
  }

  private static ByteBuffer record(ByteBuffer in) {
    ByteBuffer length = take(in, Long.BYTES);
    assertEquals(masked(length), in.getInt(), "checksum of a length");
    ByteBuffer data = take(in, Math.toIntExact(length.getLong()));
    assertEquals(masked(data), in.getInt(), "checksum of a record");
    return data;
  }

  private static ByteBuffer take(ByteBuffer in, int bytes) {
    ByteBuffer taken = in.slice(in.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + bytes);
    return taken;
  }

  private static int masked(ByteBuffer data) {
    int crc = -1;
    for (int i = 0; i < data.limit(); i++) {
      crc ^= data.get(i) & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  private static Event event(String file, ByteBuffer in) {
    Map<Integer, Object> fields = message(in);
    double wallTime = Double.longBitsToDouble((long) fields.get(1));
    long step = (long) fields.getOrDefault(2, 0L);
    if (fields.get(3) instanceof ByteBuffer version) {
      assertEquals("brain.Event:2", text(version));
      return new Event(file, wallTime, step, "file_version", 0);
    }
    if (fields.get(7) instanceof ByteBuffer session) {
      assertEquals(Map.of(1, 1L), message(session), "SessionLog with status START");
      return new Event(file, wallTime, step, "session_log", 0);
    }
    Map<Integer, Object> value = message((ByteBuffer) message((ByteBuffer) fields.get(5)).get(1));
    float simple = Float.intBitsToFloat((int) value.get(2));
    return new Event(file, wallTime, step, text((ByteBuffer) value.get(1)), simple);
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** The fields of a protobuf message by number: long, int or bytes, as their wire types say. */
  private static Map<Integer, Object> message(ByteBuffer in) {
    Map<Integer, Object> fields = new TreeMap<>();
    while (in.hasRemaining()) {
      int key = (int) varint(in);
      Object value =
          switch (key & 7) {
            case 0 -> varint(in);
            case 1 -> in.getLong();
            case 2 -> take(in, (int) varint(in));
            case 5 -> in.getInt();
            default -> throw new AssertionError("wire type " + (key & 7));
          };
      assertEquals(null, fields.put(key >>> 3, value), "a field that comes twice");
    }
    return fields;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
