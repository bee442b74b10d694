package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.SampleType;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.store.Models;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The flags of commands that apply a model to data. */
final class AppliedModel {

  /** Images of one piece at most, in bytes. */
  private static final long LARGEST_PIECE = 1L << 24;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "URI",
      description = "model.safetensors, or the output folder of a training")
  private String model;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "which of the data, where they are in two parts: train or test (default: test)")
  private Split split = Split.TEST;

  @Option(
      names = "--partitions",
      paramLabel = "P",
      description =
          "parts of the data, each the work of one task (default: one a core, of tables as many as"
              + " Spark reads them in)")
  private int partitions;

  private CommandSpec spec;

  /** Called by picocli while it makes the command. */
  @Spec(Target.MIXEE)
  void setSpec(CommandSpec newSpec) {
    spec = newSpec;
    Settings.addOptions(newSpec, Setting.OF_DATA);
  }

  Model model(Session session) {
    return Models.load(session.storage(), model);
  }

  /** The data, whose images are to become such as the model takes. */
  DataSpec data(Model applied) {
    Settings settings = settings();
    if (!settings.has(Setting.DATA) && !settings.has(Setting.QUERY)) {
      throw GradcastException.usage("data: expected where they are, or a query, found neither");
    }
    DataSpec data = DataSettings.of(settings);
    return data.withForm(data.form().withShape(applied.network().input()));
  }

  private Settings settings() {
    return Settings.of(spec.commandLine().getParseResult());
  }

  /** Labelled data, with the classes of the model. */
  Source source(Session session, Model applied) {
    return new DataSources(session.spark()).open(data(applied), split, applied.classes());
  }

  /** Labelled images in pieces, each read when it is wanted: they need not fit in any memory. */
  JavaRDD<Samples> pieces(JavaSparkContext context, Model applied, Source source) {
    int wanted = partitions > 0 ? partitions : context.defaultParallelism();
    long least = (source.count() * source.shape().size() + LARGEST_PIECE - 1) / LARGEST_PIECE;
    int pieces = (int) Math.min(source.count(), Math.max(least, wanted));
    SampleType type = applied.network().takes();
    String labels = source.labels();
    return source
        .read(context, pieces)
        .map(
            piece -> {
              piece.requireFit(type, labels);
              return piece;
            });
  }

  /** In as many parts as were asked for, or as they are. */
  <T> JavaRDD<T> inParts(JavaRDD<T> images) {
    return partitions > 0 ? images.coalesce(partitions) : images;
  }

  Split split() {
    return split;
  }

  /** Which of the data, for a person. */
  String part() {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /** What the model is applied to. */
  Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", model);
    Settings settings = settings();
    for (Setting setting : Setting.OF_DATA) {
      if (!settings.text(setting).equals(setting.defaultValue())) {
        facts.put(setting.key(), settings.text(setting));
      }
    }
    facts.put("split", part());
    return facts;
  }
}
