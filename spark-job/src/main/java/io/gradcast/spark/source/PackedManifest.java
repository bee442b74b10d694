package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.model.Fields;
import io.gradcast.engine.model.Json;
import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What is in a folder of packed data; it is written last, so that a folder without one is no such
 * data.
 *
 * @param count samples in all files
 * @param severalLabels whether a sample may have any number of labels; else it has one
 * @param classes their names, by their numbers
 * @param samples of each class
 * @param mean of pixel / 255 of each channel
 * @param deviation the standard deviation of the same
 * @param fingerprint of all samples, as models have it in their provenance
 */
public record PackedManifest(
    Shape shape,
    long count,
    boolean severalLabels,
    List<String> classes,
    List<Long> samples,
    List<Double> mean,
    List<Double> deviation,
    String fingerprint,
    List<PackedFile> files)
    implements Serializable {

  /** Its name in the folder. */
  public static final String FILE = "_gradcast.json";

  private static final long FORMAT = 1;
  private static final long LARGEST_SIDE = 1 << 26;

  public PackedManifest {
    classes = List.copyOf(classes);
    samples = List.copyOf(samples);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    files = List.copyOf(files);
  }

  /** Of a source and what was written of it. */
  static PackedManifest of(
      Source source, String fingerprint, DataStatistics statistics, List<PackedFile> files) {
    return new PackedManifest(
        source.shape(),
        source.count(),
        source.severalLabels(),
        source.classes(),
        LongStream.of(statistics.samples()).boxed().toList(),
        doubles(statistics.means()),
        doubles(statistics.deviations()),
        fingerprint,
        files);
  }

  /** In their shortest form, as floats. */
  private static List<Double> doubles(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Double.valueOf(Float.toString(values[i])))
        .toList();
  }

  /** Bytes of all files. */
  public long bytes() {
    return files.stream().mapToLong(PackedFile::bytes).sum();
  }

  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("shape", List.of(shape.channels(), shape.height(), shape.width()));
    json.put("count", count);
    json.put("severalLabels", severalLabels);
    json.put("classes", classes);
    json.put("samples", samples);
    json.put("mean", mean);
    json.put("deviation", deviation);
    json.put("fingerprint", fingerprint);
    json.put("files", files.stream().map(PackedManifest::json).toList());
    return Json.write(json) + "\n";
  }

  private static Map<String, Object> json(PackedFile file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", file.name());
    json.put("bytes", file.bytes());
    json.put("rows", IntStream.of(file.rows()).boxed().toList());
    json.put("crc32c", IntStream.of(file.checksums()).mapToObj(Integer::toUnsignedLong).toList());
    return json;
  }

  /**
   * Reads one.
   *
   * @param where it is, for messages
   */
  static PackedManifest parse(String text, String where) {
    Fields fields = Fields.parse(Kind.DATA, text, where);
    fields.integer("format", FORMAT, FORMAT);
    List<PackedFile> files =
        fields.objects("files").stream().map(file -> file(file, where)).toList();
    PackedManifest manifest =
        new PackedManifest(
            shape(fields.integers("shape"), where),
            fields.integer("count", 1, Long.MAX_VALUE),
            fields.flag("severalLabels"),
            fields.texts("classes"),
            fields.integers("samples"),
            fields.numbers("mean"),
            fields.numbers("deviation"),
            fields.text("fingerprint"),
            files);
    int classes = manifest.classes.size();
    require(classes > 0, where, "one class or more", "none");
    require(
        manifest.samples.size() == classes,
        where,
        classes + " numbers of samples",
        manifest.samples.size());
    long rows = files.stream().mapToLong(PackedFile::count).sum();
    require(rows == manifest.count, where, manifest.count + " rows in all files", rows);
    return manifest;
  }

  /** That the numbers of classes stand for these names, where there are any. */
  void requireClasses(List<String> names, String where) {
    boolean same =
        classes.size() <= names.size() && names.subList(0, classes.size()).equals(classes);
    require(names.isEmpty() || same, where, "the classes " + names, classes);
  }

  private static Shape shape(List<Long> sides, String where) {
    require(
        sides.size() == 3 && sides.stream().allMatch(side -> side >= 1 && side <= LARGEST_SIDE),
        where,
        "channels, height and width at shape",
        sides);
    try {
      return new Shape(sides.get(0).intValue(), sides.get(1).intValue(), sides.get(2).intValue());
    } catch (IllegalArgumentException e) {
      throw new GradcastException(
          Kind.DATA, "%s: expected a shape, found %s".formatted(where, e.getMessage()), e);
    }
  }

  private static PackedFile file(Fields file, String where) {
    String name = file.text("name");
    // It is opened in the folder, and in no other.
    require(name.matches("[\\w.-]+") && !name.startsWith("."), where, "names of files", name);
    List<Long> rows = file.integers("rows");
    List<Long> checksums = file.integers("crc32c");
    require(
        rows.size() == checksums.size()
            && rows.stream().allMatch(it -> it >= 1 && it <= Integer.MAX_VALUE),
        where,
        "rows and a checksum of each row group of " + name,
        rows.size() + " and " + checksums.size());
    return new PackedFile(
        name, file.integer("bytes", 1, Long.MAX_VALUE), ints(rows), ints(checksums));
  }

  private static int[] ints(List<Long> values) {
    return values.stream().mapToInt(Long::intValue).toArray();
  }

  private static void require(boolean holds, String where, String expected, Object found) {
    if (!holds) {
      throw GradcastException.data("%s: expected %s, found %s".formatted(where, expected, found));
    }
  }
}
