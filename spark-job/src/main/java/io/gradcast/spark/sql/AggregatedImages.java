package io.gradcast.spark.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/** Images that a GROUP BY results in: what they are found to be comes after it. */
final class AggregatedImages {

  private AggregatedImages() {}

  static boolean areIn(Aggregate aggregate) {
    return aggregate.aggregateExpressions().exists(each -> isAfter((Expression) each, aggregate));
  }

  /** Whether an expression has a function of what an aggregate results in. */
  private static boolean isAfter(Expression expression, Aggregate aggregate) {
    return !isResult(expression, aggregate)
        && (expression instanceof PredictFunction
            || expression.children().exists(child -> isAfter(child, aggregate)));
  }

  private static boolean isResult(Expression expression, Aggregate aggregate) {
    return expression instanceof AggregateExpression
        || aggregate.groupingExpressions().exists(expression::semanticEquals);
  }

  /** The same, with these functions above the aggregate. */
  static Project predictedAfter(Aggregate aggregate) {
    List<NamedExpression> results = new ArrayList<>();
    List<NamedExpression> projected = new ArrayList<>();
    for (NamedExpression each : Scala.list(aggregate.aggregateExpressions())) {
      if (isAfter((Expression) each, aggregate)) {
        projected.add((NamedExpression) withResults((Expression) each, aggregate, results));
      } else {
        results.add(each);
        projected.add(each.toAttribute());
      }
    }
    return new Project(
        Scala.seq(projected),
        aggregate.copy(
            aggregate.groupingExpressions(),
            Scala.seq(results),
            aggregate.child(),
            aggregate.hint()));
  }

  /** An expression in which results are columns; adds these to the others. */
  private static Expression withResults(
      Expression expression, Aggregate aggregate, List<NamedExpression> results) {
    if (isResult(expression, aggregate)) {
      NamedExpression column = Scala.named(expression, "result");
      results.add(column);
      return (Expression) column.toAttribute();
    }
    return expression.mapChildren(child -> withResults(child, aggregate, results));
  }
}
