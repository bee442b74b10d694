package io.gradcast.spark.report;

import io.gradcast.engine.eval.Prediction;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The parts of the page that show pictures: mistakes, weights, and an image on its way. */
final class PictureSections {

  /** Classes whose scores are shown. */
  private static final int MOST_SCORES = 10;

  private PictureSections() {}

  private record Mistake(
      String picture, String id, String label, String predicted, String confidence, String loss) {}

  private record Weights(int number, String picture) {}

  private record StepRow(
      String layers,
      String shape,
      String largest,
      String more,
      boolean vector,
      List<String> pictures) {}

  private record Score(String name, String text, String share, String kind) {}

  static void put(Report report, Map<String, Object> page) {
    Model model = report.model();
    List<Prediction> mistakes = report.examination().mistakes().worst();
    page.put("hasMistakes", !mistakes.isEmpty());
    page.put("mistakes", mistakes.stream().map(mistake -> mistake(mistake, model)).toList());
    page.put("firstLayer", firstLayer(FirstLayer.of(model)));
    Prediction first = report.examination().first();
    page.put("example", first == null ? List.of() : List.of(example(first, model)));
  }

  private static String picture(Prediction prediction, Model model) {
    return Pictures.image(Plane.of(prediction.pixels(), model.network().input()));
  }

  private static String names(int[] classes, Model model) {
    return classes.length == 0
        ? "none"
        : Arrays.stream(classes).mapToObj(model.classes()::get).collect(Collectors.joining(" + "));
  }

  private static Mistake mistake(Prediction mistake, Model model) {
    return new Mistake(
        picture(mistake, model),
        Numbers.count(mistake.id()),
        names(mistake.labels(), model),
        names(mistake.predicted(), model),
        Numbers.percent(mistake.confidence()),
        Numbers.decimal(3, mistake.loss()));
  }

  private static Map<String, Object> firstLayer(FirstLayer layer) {
    List<String> pictures = layer.pictures();
    Map<String, Object> section = new HashMap<>();
    section.put("shown", !pictures.isEmpty());
    section.put("tensor", layer.tensor());
    section.put("what", layer.description());
    section.put("signed", !layer.coloured());
    section.put("largest", Numbers.decimal(3, layer.largest()));
    section.put(
        "pictures",
        IntStream.range(0, pictures.size())
            .mapToObj(i -> new Weights(i + 1, pictures.get(i)))
            .toList());
    return section;
  }

  private static Map<String, Object> example(Prediction example, Model model) {
    Activations activations = Activations.of(model, example);
    Map<String, Object> section = new HashMap<>();
    section.put("id", Numbers.count(example.id()));
    section.put("label", names(example.labels(), model));
    section.put("predicted", names(example.predicted(), model));
    section.put("kind", example.isRight() ? "right" : "wrong");
    section.put("confidence", Numbers.percent(example.confidence()));
    section.put("shape", model.network().input().toString());
    section.put("picture", picture(example, model));
    section.put("steps", activations.steps().stream().map(PictureSections::step).toList());
    section.put("scores", scores(activations.scores(), example, model.classes()));
    return section;
  }

  private static StepRow step(Activations.Step step) {
    Shape shape = step.shape();
    int shown = step.pictures().size();
    boolean all = step.vector() || shown == shape.channels();
    return new StepRow(
        step.layers(),
        step.vector() ? shape.channels() + " units" : shape.toString(),
        Numbers.decimal(2, step.largest()),
        all ? "" : ", the first %d maps".formatted(shown),
        step.vector(),
        step.pictures());
  }

  /** The highest scores, in the order of the classes. */
  private static List<Score> scores(float[] scores, Prediction example, List<String> names) {
    List<Integer> classes = new ArrayList<>(IntStream.range(0, scores.length).boxed().toList());
    classes.sort(Comparator.comparingDouble(i -> -scores[i]));
    return classes.stream()
        .limit(MOST_SCORES)
        .sorted()
        .map(
            i ->
                new Score(
                    names.get(i), Numbers.percent(scores[i]), share(scores[i]), kind(i, example)))
        .toList();
  }

  private static String share(float score) {
    return Numbers.decimal(4, Math.max(0, Math.min(1, score)));
  }

  private static String kind(int index, Prediction example) {
    if (contains(example.labels(), index)) {
      return "right";
    }
    return contains(example.predicted(), index) ? "wrong" : "other";
  }

  private static boolean contains(int[] classes, int index) {
    return Arrays.binarySearch(classes, index) >= 0;
  }
}
