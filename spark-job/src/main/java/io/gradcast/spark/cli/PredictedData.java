package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.score.ScoringInput;
import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.DataSources.Found;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.FolderRecords;
import io.gradcast.spark.source.Format;
import io.gradcast.spark.source.Records;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.TableRecords;
import java.util.List;

/** Data that a model is to predict: labels are not needed, and nothing is moved. */
record PredictedData(Session session, AppliedModel applied, DataSpec data, List<String> keep) {

  private static final String ALL = "all";
  private static final String LABEL = "label";

  ScoringInput open(Model model) {
    DataSources sources = new DataSources(session.spark());
    Found found = sources.find(data, applied.split());
    if (found.format() == Format.IDX || found.format() == Format.PACKED) {
      requireNothingKept("IDX or packed files");
      Source source = applied.source(session, model);
      return ScoringInput.of(
          source.name(), applied.pieces(session.context(), model, source), source.classes());
    }
    Records records = sources.records(found, false);
    if (records instanceof FolderRecords files) {
      requireNothingKept("a folder of images");
      return inParts(ScoringInput.of(session.context(), files, data.form(), model.classes()));
    }
    return table((TableRecords) records);
  }

  private ScoringInput inParts(ScoringInput input) {
    return new ScoringInput(
        input.name(), input.rejectedFiles(), input.carried(), applied.inParts(input.images()));
  }

  private void requireNothingKept(String found) {
    GradcastException.require(keep.isEmpty(), "keep", "a table, which has columns", found);
  }

  private ScoringInput table(TableRecords table) {
    List<String> columns = table.columns();
    String id = data.columns().id();
    String label = data.columns().label();
    if (label.isEmpty() && columns.contains(LABEL)) {
      label = LABEL;
    }
    return inParts(ScoringInput.of(table, id, label, kept(table, id, label), data.form()));
  }

  private List<String> kept(TableRecords table, String id, String label) {
    List<String> columns = table.columns();
    if (keep.equals(List.of(ALL))) {
      return columns.stream()
          .filter(name -> !table.isImage(name) && !name.equals(id) && !name.equals(label))
          .toList();
    }
    for (String name : keep) {
      GradcastException.require(
          columns.contains(name),
          "keep",
          "columns of the data, " + String.join(", ", columns),
          name);
    }
    return keep.stream().distinct().toList();
  }
}
