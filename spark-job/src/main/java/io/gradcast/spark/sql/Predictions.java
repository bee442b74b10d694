package io.gradcast.spark.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** Rows with what models find their images to be, as columns behind those that are there. */
public final class Predictions extends LogicalPlan {

  private static final long serialVersionUID = 1;

  private final Seq<NamedExpression> functions;
  private final LogicalPlan child;

  /**
   * Evaluates functions for the rows of a child.
   *
   * @param functions each a {@link PredictFunction} with the name of its column
   */
  public Predictions(Seq<NamedExpression> functions, LogicalPlan child) {
    this.functions = functions;
    this.child = child;
  }

  /** The columns that functions become. */
  static List<Attribute> columns(Seq<NamedExpression> functions) {
    return Scala.list(functions).stream().map(NamedExpression::toAttribute).toList();
  }

  /** The same as a set. */
  static AttributeSet produced(Seq<NamedExpression> functions) {
    return AttributeSet.apply(Scala.seq(List.<Expression>copyOf(columns(functions))));
  }

  Seq<NamedExpression> functions() {
    return functions;
  }

  LogicalPlan child() {
    return child;
  }

  @Override
  public Seq<Attribute> output() {
    return Scala.append(child.output(), columns(functions));
  }

  @Override
  public AttributeSet producedAttributes() {
    return produced(functions);
  }

  @Override
  public scala.Option<Object> maxRows() {
    return child.maxRows();
  }

  @Override
  public Seq<LogicalPlan> children() {
    return Scala.seq(List.of(child));
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
    return new Predictions(functions, newChildren.head());
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int index) {
    return index == 0 ? functions : child;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof Predictions;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Predictions predictions
        && functions.equals(predictions.functions)
        && child.equals(predictions.child);
  }

  @Override
  public int hashCode() {
    return 31 * functions.hashCode() + child.hashCode();
  }
}
