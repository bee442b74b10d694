package io.gradcast.spark.sql;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Makes Gradcast's functions known to a session. */
public final class GradcastFunctions {

  static final FunctionIdentifier IDENTIFIER = new FunctionIdentifier(PredictFunction.NAME);

  static final ExpressionInfo INFO =
      new ExpressionInfo(
          PredictFunction.class.getName(),
          null,
          PredictFunction.NAME,
          "_FUNC_(model, image[, options]) - Returns what the model finds the image to be, as"
              + " struct<predicted: string, confidence: float, scores: array<float>>.",
          "",
          "",
          "",
          "",
          "",
          "",
          "");

  private GradcastFunctions() {}

  /**
   * From here on queries of a session may use {@code gradcast_predict(model, image[, options])}.
   * Sessions made from it afterwards need a call of their own, or {@link GradcastExtensions}.
   */
  public static void register(SparkSession session) {
    session
        .sessionState()
        .functionRegistry()
        .registerFunction(IDENTIFIER, INFO, arguments -> PredictFunction.of(arguments));
    plan(session);
  }

  /** Used by a session with {@link GradcastExtensions}, whose planner may not know it yet. */
  static Expression predict(Seq<Expression> arguments) {
    plan(SparkSession.active());
    return PredictFunction.of(arguments);
  }

  /** Lets a session plan the function: among the last rules, once filters are where they belong. */
  private static synchronized void plan(SparkSession session) {
    Seq<Rule<LogicalPlan>> rules = session.experimental().extraOptimizations();
    if (!rules.exists(each -> each instanceof ExtractPredictions)) {
      session
          .experimental()
          .extraOptimizations_$eq(Scala.append(rules, List.of(new ExtractPredictions())));
    }
    Seq<SparkStrategy> strategies = session.experimental().extraStrategies();
    if (!strategies.exists(each -> each instanceof PredictionsStrategy)) {
      session
          .experimental()
          .extraStrategies_$eq(Scala.append(strategies, List.of(new PredictionsStrategy())));
    }
  }
}
