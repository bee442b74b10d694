package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Fields;
import io.gradcast.engine.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The manifest of a version of a model: what is in its folder, and what is worth knowing of it.
 *
 * @param name of the version and of its folder
 * @param runDate of the run that made it, as 2026-11-24
 * @param files by their names
 * @param accuracy on the held-out data, from 0 to 1
 * @param testSamples that it was measured on
 * @param samples that it was trained on
 * @param network its name
 * @param parameters how many
 */
public record ModelVersion(
    String name,
    String runDate,
    List<File> files,
    double accuracy,
    long testSamples,
    long samples,
    String network,
    long parameters) {

  /** The file's name, which is written after all others. */
  public static final String MANIFEST = "manifest.json";

  /**
   * A file of a version.
   *
   * @param sha256 in hexadecimal digits
   */
  public record File(String name, long bytes, String sha256) {}

  /** The model's file. */
  public File model() {
    return files.stream().filter(file -> file.name().equals(Models.FILE)).findFirst().orElseThrow();
  }

  /** All files together, without the manifest. */
  public long bytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }

  /** As it stands in the file: the same for the same version, whenever and wherever it is made. */
  byte[] toBytes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", name);
    fields.put("runDate", runDate);
    fields.put("accuracy", accuracy);
    fields.put("testSamples", testSamples);
    fields.put("samples", samples);
    fields.put("network", network);
    fields.put("parameters", parameters);
    fields.put("files", files.stream().map(ModelVersion::fields).toList());
    return (Json.write(fields) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> fields(File file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", file.name());
    fields.put("bytes", file.bytes());
    fields.put("sha256", file.sha256());
    return fields;
  }

  static ModelVersion fromBytes(byte[] bytes, String where) {
    Fields fields = Fields.parse(Kind.MODEL, new String(bytes, StandardCharsets.UTF_8), where);
    return new ModelVersion(
        fields.text("version"),
        fields.text("runDate"),
        fields.objects("files").stream()
            .map(
                file ->
                    new File(
                        file.text("name"),
                        file.integer("bytes", 0, Long.MAX_VALUE),
                        file.text("sha256")))
            .toList(),
        fields.number("accuracy"),
        fields.integer("testSamples", 0, Long.MAX_VALUE),
        fields.integer("samples", 0, Long.MAX_VALUE),
        fields.text("network"),
        fields.integer("parameters", 0, Integer.MAX_VALUE));
  }
}
