package io.gradcast.spark.cli;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.eval.Examination;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.spark.report.Report;
import io.gradcast.spark.report.ReportPage;
import io.gradcast.spark.score.Evaluator;
import io.gradcast.spark.score.Examiner;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.store.NewFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model on labelled images. */
@Command(name = "evaluate", description = "Measures a model on labelled images.")
final class EvaluateCommand implements Callable<Integer> {

  @Mixin private AppliedModel applied;
  @Mixin private MasterOption master;

  @Option(
      names = "--report",
      paramLabel = "URI",
      description = "file to write a report to, one HTML page that needs nothing else")
  private String report = "";

  @Option(names = "--overwrite", description = "replace an earlier report")
  private boolean overwrite;

  @Override
  public Integer call() {
    try (Session session = Session.start(master.value())) {
      Model model = applied.model(session);
      if (report.isEmpty()) {
        Evaluation evaluation = measure(session, model, Evaluator::evaluate);
        System.out.print(table(evaluation, model.classes()));
      } else {
        try (NewFile file = session.storage().create("report", report, overwrite)) {
          Examination examination = measure(session, model, Examiner::examine);
          byte[] page = ReportPage.write(report(model, examination));
          Path path = file.write(out -> out.write(page));
          System.out.print(table(examination.evaluation(), model.classes()));
          System.out.printf("%nReport    %s%n", path);
        }
      }
    }
    return 0;
  }

  /** What measures parameters on a data set. */
  private interface Measure<T> {
    T of(JavaSparkContext context, Network network, float[] parameters, JavaRDD<Samples> pieces);
  }

  private <T> T measure(Session session, Model model, Measure<T> measure) {
    JavaSparkContext context = session.context();
    return JobProgress.during(
        session,
        "evaluating",
        () -> {
          Source source = applied.source(session, model);
          if (source.bad() > 0) {
            System.err.printf("gradcast: %s left out%n", BadRecords.are(source.bad()));
          }
          JavaRDD<Samples> pieces = applied.pieces(context, model, source);
          return measure.of(context, model.network(), model.parameters(), pieces);
        });
  }

  private Report report(Model model, Examination examination) {
    Map<String, Map<String, Object>> facts = new LinkedHashMap<>();
    facts.put("Evaluation", applied.facts());
    facts.put("Provenance of the model", model.provenance().fields());
    return new Report(
        model, applied.part(), examination, applied.part(), List.of(), Map.of(), facts);
  }

  /** Accuracy, error and loss, and how well the classes were told. */
  private static String table(Evaluation evaluation, List<String> classes) {
    String head =
        """
        Accuracy  %.2f %% (%,d of %,d)
        Error     %.2f %%
        Loss      %.5f

        """
            .formatted(
                100 * evaluation.accuracy(),
                evaluation.correct(),
                evaluation.samples(),
                100 * evaluation.error(),
                evaluation.loss());
    return head
        + (evaluation.severalLabels()
            ? LabelTable.of(evaluation, classes)
            : confusion(evaluation, classes));
  }

  /** How often each class was taken for which. */
  private static String confusion(Evaluation evaluation, List<String> classes) {
    StringBuilder text = new StringBuilder("Label (row) taken for (column):\n");
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
