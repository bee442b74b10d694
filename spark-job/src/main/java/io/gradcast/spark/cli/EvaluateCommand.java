package io.gradcast.spark.cli;

import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.score.Evaluator;
import io.gradcast.spark.shard.Shards;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures a model on labelled images. */
@Command(name = "evaluate", description = "Measures a model on labelled images.")
final class EvaluateCommand implements Callable<Integer> {

  @Mixin private AppliedModel applied;
  @Mixin private MasterOption master;

  @Override
  public Integer call() {
    try (Session session = Session.start(master.value())) {
      Model model = applied.model(session);
      Evaluation evaluation =
          JobProgress.during(session, "evaluating", () -> evaluate(session, model));
      System.out.print(table(evaluation, model.classes()));
    }
    return 0;
  }

  private Evaluation evaluate(Session session, Model model) {
    try (Shards shards = applied.shards(session, model.network())) {
      return Evaluator.evaluate(session.context(), model.network(), model.parameters(), shards);
    }
  }

  /** Accuracy, error and loss, and how often each class was taken for which. */
  static String table(Evaluation evaluation, List<String> classes) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        Accuracy  %.2f %% (%,d of %,d)
        Error     %.2f %%
        Loss      %.5f

        Label (row) taken for (column):
        """
            .formatted(
                100 * evaluation.accuracy(),
                evaluation.correct(),
                evaluation.samples(),
                100 * evaluation.error(),
                evaluation.loss()));
    int width = 1 + Math.max(widest(classes), Long.toString(evaluation.samples()).length());
    String cell = "%" + width + "s";
    text.append(cell.formatted(""));
    classes.forEach(name -> text.append(cell.formatted(name)));
    text.append('\n');
    for (int label = 0; label < classes.size(); label++) {
      text.append(cell.formatted(classes.get(label)));
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        long count = evaluation.count(label, predicted);
        text.append(cell.formatted(count == 0 ? "." : Long.toString(count)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static int widest(List<String> classes) {
    return classes.stream().mapToInt(String::length).max().orElse(0);
  }
}
