package io.gradcast.spark.sql;

import io.gradcast.spark.score.SharedModel;
import io.gradcast.spark.store.Storage;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.classic.SparkSession;
import scala.collection.immutable.Seq;

/**
 * A function as tasks take it along.
 *
 * @param name of the function with its arguments, for messages
 * @param image of a row
 */
record ImageColumn(String name, SharedModel model, Expression image, ImageOptions options)
    implements Serializable {

  /**
   * Of a function, whose model is read unless an earlier query did.
   *
   * @param input the columns of rows
   */
  static ImageColumn of(PredictFunction function, Seq<Attribute> input, SparkSession session) {
    ImageOptions options = ImageOptions.parse(function.options());
    Storage storage = new Storage(session.sessionState().newHadoopConf());
    return new ImageColumn(
        function.sql(),
        LoadedModels.get(session.sparkContext(), storage, function.model()),
        BindReferences.bindReference(function.image(), package$.MODULE$.AttributeSeq(input), false),
        options);
  }
}
