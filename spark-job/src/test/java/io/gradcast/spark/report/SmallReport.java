package io.gradcast.spark.report;

import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reports whose numbers can be computed by hand. */
final class SmallReport {

  /** A name that would break a page which does not escape it. */
  static final String EVIL = "</script><img src=x onerror=\"alert('&')\">";

  private SmallReport() {}

  /**
   * Six samples of three classes: label 0 is taken for 0, 0 and 1, label 1 for 1, label 2 for 2 and
   * 0; three epochs, the second being the best.
   */
  static Report trained() {
    Model model = model(3);
    Examination examination = new Examination(3);
    add(examination, 10, 0, 0.1f, 0.9f, 0.1f, 0.0f);
    add(examination, 11, 0, 0.2f, 0.9f, 0.1f, 0.0f);
    add(examination, 12, 0, 0.8f, 0.4f, 0.6f, 0.0f);
    add(examination, 13, 1, 0.3f, 0.0f, 0.6f, 0.1f);
    add(examination, 14, 2, 0.1f, 0.0f, 0.1f, 0.9f);
    add(examination, 15, 2, 1.5f, 0.9f, 0.1f, 0.5f);
    List<LearningPoint> curve =
        List.of(
            new LearningPoint(1, 0.75, 0.25, 0.5, 0.5),
            new LearningPoint(2, 0.5, 0.5, 0.25, 0.75),
            new LearningPoint(3, 0.25, 0.875, 0.375, 0.75));
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("Reading", 1.0);
    seconds.put("Arithmetic", 3.0);
    return new Report(
        model,
        "test",
        examination,
        "validation",
        curve,
        seconds,
        Map.of("Settings", Map.of("data", EVIL)));
  }

  /**
   * Four samples of three classes and several labels: one right, one of whose two labels one is
   * missed and another wrongly given, one taken for none, and one without labels that is right.
   */
  static Report ofSeveralLabels() {
    Examination examination = new Examination(3, true);
    addSet(examination, 20, 0.1f, new boolean[] {true, true, false}, 0.9f, 0.8f, 0.1f);
    addSet(examination, 21, 2.5f, new boolean[] {true, true, false}, 0.9f, 0.2f, 0.6f);
    addSet(examination, 22, 1.5f, new boolean[] {false, false, true}, 0.1f, 0.2f, 0.4f);
    addSet(examination, 23, 0.2f, new boolean[3], 0.1f, 0.2f, 0.3f);
    List<LearningPoint> curve = List.of(new LearningPoint(1, 0.75, 0.25, 0.5, 0.5));
    Model model = model("binary-cross-entropy, labels = several", 3);
    return new Report(model, "test", examination, "test", curve, Map.of(), Map.of());
  }

  private static void addSet(
      Examination examination, long id, float loss, boolean[] labels, float... scores) {
    boolean[] predicted = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      predicted[i] = scores[i] > 0.5f;
    }
    byte[] image = new byte[36];
    image[(int) (id % 36)] = (byte) 255;
    examination.add(id, labels, predicted, scores, loss, () -> image);
  }

  /** As many samples as classes, a third of them wrong. */
  static Report ofClasses(int classes) {
    Examination examination = new Examination(classes);
    for (int label = 0; label < classes; label++) {
      float[] scores = new float[classes];
      scores[label % 3 == 0 ? (label + 1) % classes : label] = 0.75f;
      add(examination, label, label, 0.5f, scores);
    }
    return new Report(model(classes), "train", examination, "train", List.of(), Map.of(), Map.of());
  }

  private static Model model(int classes) {
    return model("squared-error", classes);
  }

  private static Model model(String loss, int classes) {
    String text =
        """
        name = small
        input = [1, 6, 6]
        layers = [
          { name = c1, type = conv, maps = 2, kernel = 3 }
          { type = sigmoid }
          { type = flatten }
          { name = out, type = dense, units = %d }
        ]
        loss = %s
        """
            .formatted(classes, loss);
    Network network = new Network(NetworkSpec.parse(text, "a test"));
    List<String> names =
        IntStream.range(0, classes).mapToObj(i -> i == 1 ? EVIL : "class " + i).toList();
    Provenance provenance = new Provenance("0", "0f", 6, 3, 2, 0.5, 1);
    return new Model(network, network.initialParameters(1), names, provenance);
  }

  private static void add(
      Examination examination, long id, int label, float loss, float... scores) {
    int predicted = 0;
    for (int i = 1; i < scores.length; i++) {
      predicted = scores[i] > scores[predicted] ? i : predicted;
    }
    byte[] image = new byte[36];
    image[(int) (id % 36)] = (byte) 255;
    examination.add(id, label, predicted, scores, scores, loss, () -> image);
  }
}
