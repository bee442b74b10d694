package io.gradcast.spark.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans {@link Predictions}. */
final class PredictionsStrategy extends SparkStrategy {

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof Predictions predictions
        ? Scala.seq(
            List.of(new PredictionsExec(predictions.functions(), planLater(predictions.child()))))
        : Scala.seq(List.of());
  }
}
