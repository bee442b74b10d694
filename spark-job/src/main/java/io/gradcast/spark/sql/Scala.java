package io.gradcast.spark.sql;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import scala.collection.Iterable;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's planner is made of, where Java does not have it as short as Scala. */
final class Scala {

  private Scala() {}

  static <T> Seq<T> seq(List<T> elements) {
    return CollectionConverters.asScala(elements).toSeq();
  }

  /** A sequence with more elements behind. */
  static <T> Seq<T> append(Seq<T> elements, List<T> more) {
    return seq(Stream.concat(list(elements).stream(), more.stream()).toList());
  }

  static <T> List<T> list(Iterable<T> elements) {
    return List.copyOf(CollectionConverters.asJavaCollection(elements));
  }

  /** An expression as a new column. */
  static Alias named(Expression expression, String name) {
    return new Alias(
        expression,
        name,
        NamedExpression.newExprId(),
        seq(List.of()),
        scala.Option.empty(),
        seq(List.of()));
  }
}
