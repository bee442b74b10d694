package io.gradcast.engine.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model came from: all that its bytes depend on, and nothing that they do not, such as the
 * time, the machine or the number of executors.
 *
 * @param version of Gradcast
 * @param dataFingerprint of the training data, 32 hexadecimal digits
 * @param samples of the training data
 * @param settings whatever else differs from plain gradient descent, by the keys of the settings in
 *     the order of their names: texts, Long and Double
 */
public record Provenance(
    String version,
    String dataFingerprint,
    long samples,
    int epochs,
    int batchSize,
    double learningRate,
    long seed,
    SortedMap<String, Object> settings) {

  public Provenance {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** Of plain gradient descent. */
  public Provenance(
      String version,
      String dataFingerprint,
      long samples,
      int epochs,
      int batchSize,
      double learningRate,
      long seed) {
    this(
        version,
        dataFingerprint,
        samples,
        epochs,
        batchSize,
        learningRate,
        seed,
        Collections.emptySortedMap());
  }

  /** By name, in order: strings, whole numbers, doubles, and a map of such. */
  public Map<String, Object> fields() {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("gradcastVersion", version);
    object.put("dataFingerprint", dataFingerprint);
    object.put("samples", samples);
    object.put("epochs", epochs);
    object.put("batchSize", batchSize);
    object.put("learningRate", learningRate);
    object.put("seed", seed);
    if (!settings.isEmpty()) {
      object.put("settings", settings);
    }
    return object;
  }

  /** As it stands in a model's metadata. */
  String toJson() {
    return Json.write(fields());
  }

  static Provenance fromJson(Fields fields) {
    return new Provenance(
        fields.text("gradcastVersion"),
        fields.text("dataFingerprint"),
        fields.integer("samples", 0, Long.MAX_VALUE),
        (int) fields.integer("epochs", 1, Integer.MAX_VALUE),
        (int) fields.integer("batchSize", 1, Integer.MAX_VALUE),
        fields.number("learningRate"),
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        fields.values("settings"));
  }
}
