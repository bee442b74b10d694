package io.gradcast.spark.report;

import io.gradcast.engine.eval.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What was taken for what, and how well each class was told from the others. */
final class ClassTables {

  /** Confusions in their list. */
  private static final int MOST_CONFUSIONS = 12;

  /** How strong the colour of a cell may be under text. */
  private static final double STRONGEST = 0.5;

  private final Evaluation evaluation;
  private final List<String> names;

  ClassTables(Evaluation evaluation, List<String> names) {
    this.evaluation = evaluation;
    this.names = names;
  }

  /** A row of the confusion matrix. */
  record MatrixRow(String name, List<Cell> cells) {}

  /**
   * A cell of it.
   *
   * @param kind right or wrong; empty of a cell without samples
   * @param alpha opacity of its colour
   */
  record Cell(String text, String kind, String alpha, String title) {}

  List<MatrixRow> matrix() {
    double strongest = 0;
    for (int label = 0; label < names.size(); label++) {
      for (int predicted = 0; predicted < names.size(); predicted++) {
        if (label != predicted && evaluation.count(label, predicted) > 0) {
          strongest = Math.max(strongest, share(label, predicted));
        }
      }
    }
    List<MatrixRow> rows = new ArrayList<>();
    for (int label = 0; label < names.size(); label++) {
      List<Cell> cells = new ArrayList<>();
      for (int predicted = 0; predicted < names.size(); predicted++) {
        cells.add(cell(label, predicted, strongest));
      }
      rows.add(new MatrixRow(names.get(label), cells));
    }
    return rows;
  }

  private Cell cell(int label, int predicted, double strongest) {
    long count = evaluation.count(label, predicted);
    if (count == 0) {
      return new Cell("·", "", "", "");
    }
    boolean right = label == predicted;
    double share = share(label, predicted);
    // The root, since most confusions are rare beside the most frequent one.
    double alpha = STRONGEST * (right ? share : Math.sqrt(share / strongest));
    String title =
        "%s of label %s taken for %s"
            .formatted(Numbers.percent(share), names.get(label), names.get(predicted));
    return new Cell(
        Numbers.count(count), right ? "right" : "wrong", Numbers.decimal(3, alpha), title);
  }

  /** What part of a label's samples was taken for a class. */
  double share(int label, int predicted) {
    return (double) evaluation.count(label, predicted) / evaluation.labelled(label);
  }

  /** One way of being wrong. */
  record Confusion(String label, String predicted, String times, String share) {}

  /** The most frequent ones first. */
  List<Confusion> confusions() {
    int classes = names.size();
    return IntStream.range(0, classes * classes)
        .filter(i -> i / classes != i % classes && evaluation.count(i / classes, i % classes) > 0)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingLong(i -> -evaluation.count(i / classes, i % classes))
                .thenComparing(i -> i))
        .limit(MOST_CONFUSIONS)
        .map(i -> confusion(i / classes, i % classes))
        .toList();
  }

  private Confusion confusion(int label, int predicted) {
    return new Confusion(
        names.get(label),
        names.get(predicted),
        Numbers.count(evaluation.count(label, predicted)),
        Numbers.percent(share(label, predicted)));
  }

  /**
   * A class and how well it was told.
   *
   * @param missed samples that have the label, of which it was not predicted
   * @param wrong samples that do not, of which it was
   */
  record ClassRow(
      String name,
      String samples,
      String missed,
      String wrong,
      String precision,
      String recall,
      String f1) {}

  List<ClassRow> classes() {
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                new ClassRow(
                    names.get(i),
                    Numbers.count(evaluation.labelled(i)),
                    Numbers.count(evaluation.labelled(i) - evaluation.hits(i)),
                    Numbers.count(evaluation.predicted(i) - evaluation.hits(i)),
                    Numbers.percent(evaluation.precision(i)),
                    Numbers.percent(evaluation.recall(i)),
                    Numbers.percent(evaluation.f1(i))))
        .toList();
  }

  /** So many classes of the lowest F1, in their own order; those without one first. */
  List<Integer> weakest(int most) {
    return IntStream.range(0, names.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> orMinusOne(evaluation.f1(i))))
        .limit(most)
        .sorted()
        .toList();
  }

  private static double orMinusOne(double value) {
    return Double.isNaN(value) ? -1 : value;
  }
}
