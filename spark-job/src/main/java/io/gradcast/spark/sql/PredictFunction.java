package io.gradcast.spark.sql;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult.TypeCheckFailure;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.errors.QueryCompilationErrors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * What a model finds an image to be: {@code gradcast_predict(model, image[, options])}. It is
 * evaluated for groups of rows, by an operator below that which uses it.
 */
public final class PredictFunction extends Expression implements Unevaluable, Serializable {

  /** What it is called in queries. */
  public static final String NAME = "gradcast_predict";

  private static final long serialVersionUID = 1;

  private static final StructType RESULT =
      new StructType()
          .add("predicted", DataTypes.StringType, false)
          .add("confidence", DataTypes.FloatType, false)
          .add("scores", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final int MODEL = 0;
  private static final int IMAGE = 1;
  private static final int OPTIONS = 2;

  private final Seq<Expression> arguments;

  /** Of two or three arguments, as {@link #of} checks. */
  public PredictFunction(Seq<Expression> arguments) {
    this.arguments = arguments;
  }

  /** The function with the arguments that a query gives it. */
  static PredictFunction of(Seq<Expression> arguments) {
    if (arguments.size() != OPTIONS && arguments.size() != OPTIONS + 1) {
      throw PredictFunction.<RuntimeException>unchecked(
          QueryCompilationErrors.wrongNumArgsError(
              NAME,
              Scala.seq(List.<Object>of(OPTIONS, OPTIONS + 1)),
              arguments.size(),
              QueryCompilationErrors.wrongNumArgsError$default$4(),
              QueryCompilationErrors.wrongNumArgsError$default$5(),
              QueryCompilationErrors.wrongNumArgsError$default$6()));
    }
    return new PredictFunction(arguments);
  }

  /**
   * Throws an exception of Spark's analyzer: Scala need not declare them, though Java knows them as
   * checked.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> RuntimeException unchecked(Throwable e) throws T {
    throw (T) e;
  }

  /** A function from the column that it is made into. */
  static PredictFunction in(NamedExpression column) {
    return (PredictFunction) ((Alias) column).child();
  }

  Expression image() {
    return arguments.apply(IMAGE);
  }

  /** Where the model is, which is known when a query is planned. */
  String model() {
    return constant(MODEL);
  }

  /** How images are to be read, as the user says; empty where he does not. */
  String options() {
    return arguments.size() > OPTIONS ? constant(OPTIONS) : "";
  }

  private String constant(int index) {
    return arguments.apply(index).eval(InternalRow.empty()).toString();
  }

  @Override
  public TypeCheckResult checkInputDataTypes() {
    if (!isConstantText(MODEL)) {
      return new TypeCheckFailure(
          "model: expected the path of a model as a constant, found " + describe(MODEL));
    }
    if (!isImage(image().dataType())) {
      return new TypeCheckFailure(
          "image: expected binary, an array of numbers or a vector, found " + describe(IMAGE));
    }
    if (arguments.size() > OPTIONS && !isConstantText(OPTIONS)) {
      return new TypeCheckFailure("options: expected a constant text, found " + describe(OPTIONS));
    }
    return TypeCheckResult.TypeCheckSuccess$.MODULE$;
  }

  private boolean isConstantText(int index) {
    Expression argument = arguments.apply(index);
    return argument.foldable() && argument.dataType().equals(DataTypes.StringType);
  }

  private String describe(int index) {
    Expression argument = arguments.apply(index);
    return "%s, %s of type %s"
        .formatted(
            argument.sql(),
            argument.foldable() ? "a constant" : "a value of each row",
            argument.dataType().catalogString());
  }

  private static boolean isImage(DataType type) {
    return type.equals(DataTypes.BinaryType)
        || type.equals(DataTypes.NullType)
        || type.equals(SQLDataTypes.VectorType())
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
  }

  @Override
  public DataType dataType() {
    return RESULT;
  }

  @Override
  public boolean nullable() {
    return image().nullable();
  }

  @Override
  public String prettyName() {
    return NAME;
  }

  @Override
  public Object eval(InternalRow row) {
    return Unevaluable.super.eval(row);
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return Unevaluable.super.doGenCode(context, code);
  }

  @Override
  public Seq<Expression> children() {
    return arguments;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
    return new PredictFunction(newChildren);
  }

  @Override
  public int productArity() {
    return 1;
  }

  @Override
  public Object productElement(int index) {
    return arguments;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof PredictFunction;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PredictFunction function && arguments.equals(function.arguments);
  }

  @Override
  public int hashCode() {
    return arguments.hashCode();
  }
}
