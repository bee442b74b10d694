package io.gradcast.spark.ml;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.source.Columns;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.TableRecords;
import io.gradcast.spark.source.TableSource;
import io.gradcast.spark.source.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows that an estimator is fitted to.
 *
 * @param uid of the estimator, for messages
 */
record TrainingTable(String uid, Dataset<Row> rows, Columns columns) {

  /** The rows as a data set, whose labels are numbers of classes. */
  Source source(JavaSparkContext context, ImageForm form) {
    Source source =
        TableSource.open(
            context,
            TableRecords.of("of " + uid, rows, columns, false, true),
            form,
            numbers(labelNames().size()),
            Tolerance.NONE);
    if (!source.classes().equals(numbers(source.classes().size()))) {
      throw GradcastException.data(
          "%s: expected the numbers of classes, from 0, found %s"
              .formatted(columns.label(), source.classes().get(0)));
    }
    if (Arrays.stream(source.samplesPerClass()).filter(count -> count > 0).count() < 2) {
      throw GradcastException.data(
          "%s: expected labels of two classes or more, found one".formatted(columns.label()));
    }
    return source;
  }

  private static List<String> numbers(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  /** A model with the names of the classes, if they are known. */
  Model named(Model model) {
    List<String> names = labelNames();
    return names.isEmpty()
        ? model
        : new Model(model.network(), model.parameters(), names, model.provenance());
  }

  /** The names that the labels had before they were numbers; none where nobody knows. */
  private List<String> labelNames() {
    Attribute attribute = Attribute.fromStructField(rows.schema().apply(columns.label()));
    return attribute instanceof NominalAttribute nominal && nominal.values().isDefined()
        ? List.of(nominal.values().get())
        : List.of();
  }
}
