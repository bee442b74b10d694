package io.gradcast.spark.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import scala.Tuple3;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gradcast's functions in every session of an application, by {@code
 * spark.sql.extensions=io.gradcast.spark.sql.GradcastExtensions}.
 */
public final class GradcastExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectFunction(
        new Tuple3<>(
            GradcastFunctions.IDENTIFIER, GradcastFunctions.INFO, GradcastFunctions::predict));
    return BoxedUnit.UNIT;
  }
}
