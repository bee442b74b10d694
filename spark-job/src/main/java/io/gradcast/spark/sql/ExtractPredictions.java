package io.gradcast.spark.sql;

import io.gradcast.engine.GradcastException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Subquery;
import org.apache.spark.sql.catalyst.rules.Rule;

/**
 * Moves each {@link PredictFunction} from the operator that uses it to {@link Predictions} below,
 * whence the operator has it as a column. What operators have in common is evaluated once.
 */
final class ExtractPredictions extends Rule<LogicalPlan> {

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    // Spark makes a join of a correlated subquery, and then comes again with the whole.
    return plan instanceof Subquery subquery && subquery.correlated() ? plan : rewrite(plan);
  }

  private static LogicalPlan rewrite(LogicalPlan plan) {
    LogicalPlan rewritten = plan.mapChildren(ExtractPredictions::rewrite);
    return rewritten instanceof Predictions ? rewritten : extract(rewritten);
  }

  /** What an operator is to become, whose children have no functions any more. */
  private static LogicalPlan extract(LogicalPlan plan) {
    List<PredictFunction> functions = new ArrayList<>();
    Scala.list(plan.expressions()).forEach(expression -> collect(expression, functions));
    if (functions.isEmpty()) {
      return plan;
    }
    if (plan instanceof Aggregate aggregate && AggregatedImages.areIn(aggregate)) {
      Project project = AggregatedImages.predictedAfter(aggregate);
      return extract(project.mapChildren(ExtractPredictions::extract));
    }
    LogicalPlan rewritten = evaluateBelow(functions, plan);
    // Once more, for images that depend on what another is found to be.
    LogicalPlan result = extract(rewritten);
    return result.output().equals(plan.output())
        ? result
        : new Project(Scala.seq(List.<NamedExpression>copyOf(Scala.list(plan.output()))), result);
  }

  /** Adds the innermost functions of an expression. */
  private static void collect(Expression expression, List<PredictFunction> functions) {
    List<Expression> children = Scala.list(expression.children());
    if (expression instanceof PredictFunction function
        && children.stream().noneMatch(ExtractPredictions::hasFunction)) {
      if (functions.stream().noneMatch(function::semanticEquals)) {
        functions.add(function);
      }
    } else {
      children.forEach(child -> collect(child, functions));
    }
  }

  private static boolean hasFunction(Expression expression) {
    return expression.exists(each -> each instanceof PredictFunction);
  }

  private static LogicalPlan evaluateBelow(List<PredictFunction> functions, LogicalPlan plan) {
    List<NamedExpression> columns = new ArrayList<>();
    List<LogicalPlan> children = new ArrayList<>();
    LogicalPlan split = plan instanceof Filter filter ? cheapFirst(filter) : plan;
    for (LogicalPlan child : Scala.list(split.children())) {
      children.add(withColumns(functions, columns, child));
    }
    if (columns.size() < functions.size()) {
      throw GradcastException.usage(
          "%s: expected an image from one side of a join, found one from both"
              .formatted(PredictFunction.NAME));
    }
    return split
        .withNewChildren(Scala.seq(children))
        .mapExpressions(expression -> replace(expression, columns));
  }

  /** Conditions without functions first: what they exclude needs no prediction. */
  private static Filter cheapFirst(Filter filter) {
    List<Expression> cheap = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    split(filter.condition(), cheap, others);
    if (cheap.isEmpty() || !filter.condition().deterministic()) {
      return filter;
    }
    return new Filter(conjunction(others), new Filter(conjunction(cheap), filter.child()));
  }

  private static void split(Expression condition, List<Expression> cheap, List<Expression> others) {
    if (condition instanceof And and) {
      split(and.left(), cheap, others);
      split(and.right(), cheap, others);
    } else {
      (hasFunction(condition) ? others : cheap).add(condition);
    }
  }

  private static Expression conjunction(List<Expression> conditions) {
    return conditions.stream().reduce(And::new).orElseThrow();
  }

  /**
   * A child with all functions whose images it has, as columns.
   *
   * @param columns to which these are added
   */
  private static LogicalPlan withColumns(
      List<PredictFunction> functions, List<NamedExpression> columns, LogicalPlan child) {
    LogicalPlan widened = widened(child);
    List<NamedExpression> there =
        widened instanceof Filter filter ? columnsOf(filter.child()) : columnsOf(widened);
    List<NamedExpression> added = new ArrayList<>();
    boolean reused = false;
    for (PredictFunction function : functions) {
      if (indexOf(function, columns) >= 0 || !function.references().subsetOf(child.outputSet())) {
        continue;
      }
      int found = indexOf(function, there);
      if (found >= 0) {
        columns.add(there.get(found));
        reused = true;
      } else {
        added.add(Scala.named(function, PredictFunction.NAME));
      }
    }
    columns.addAll(added);
    LogicalPlan input = reused ? widened : child;
    return added.isEmpty() ? input : new Predictions(Scala.seq(added), input);
  }

  /** An operator without the projection that this rule, or another, put on it to narrow it. */
  private static LogicalPlan widened(LogicalPlan plan) {
    return plan instanceof Project project
            && project.projectList().forall(each -> each instanceof Attribute)
        ? project.child()
        : plan;
  }

  private static List<NamedExpression> columnsOf(LogicalPlan plan) {
    return plan instanceof Predictions predictions
        ? Scala.list(predictions.functions())
        : List.of();
  }

  private static int indexOf(Expression function, List<NamedExpression> columns) {
    for (int i = 0; i < columns.size(); i++) {
      if (PredictFunction.in(columns.get(i)).semanticEquals(function)) {
        return i;
      }
    }
    return -1;
  }

  private static Expression replace(Expression expression, List<NamedExpression> columns) {
    int column = expression instanceof PredictFunction ? indexOf(expression, columns) : -1;
    return column >= 0
        ? columns.get(column).toAttribute()
        : expression.mapChildren(child -> replace(child, columns));
  }
}
