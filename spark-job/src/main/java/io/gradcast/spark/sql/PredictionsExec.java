package io.gradcast.spark.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.types.DataType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/** Computes {@link Predictions}: the rows of a child in their order, each with more columns. */
public final class PredictionsExec extends SparkPlan {

  private static final long serialVersionUID = 1;

  private final Seq<NamedExpression> functions;
  private final SparkPlan child;

  /** The same arguments as those of {@link Predictions}. */
  public PredictionsExec(Seq<NamedExpression> functions, SparkPlan child) {
    this.functions = functions;
    this.child = child;
  }

  @Override
  public RDD<InternalRow> doExecute() {
    List<ImageColumn> images = new ArrayList<>();
    for (NamedExpression each : Scala.list(functions)) {
      images.add(ImageColumn.of(PredictFunction.in(each), child.output(), session()));
    }
    DataType[] types =
        Scala.list(output()).stream().map(Attribute::dataType).toArray(DataType[]::new);
    JavaRDD<InternalRow> rows = child.execute().toJavaRDD();
    return rows.mapPartitions(part -> new PredictedRows(part, images, types), true).rdd();
  }

  @Override
  public Seq<Attribute> output() {
    return Scala.append(child.output(), Predictions.columns(functions));
  }

  @Override
  public AttributeSet producedAttributes() {
    return Predictions.produced(functions);
  }

  @Override
  public Partitioning outputPartitioning() {
    return child.outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public Seq<SparkPlan> children() {
    return Scala.seq(List.of(child));
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return new PredictionsExec(functions, newChildren.head());
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
    return other instanceof PredictionsExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PredictionsExec predictions
        && functions.equals(predictions.functions)
        && child.equals(predictions.child);
  }

  @Override
  public int hashCode() {
    return 31 * functions.hashCode() + child.hashCode();
  }
}
