package io.gradcast.spark.ml;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import io.gradcast.spark.ml.Scoring.Output;
import io.gradcast.spark.score.Scorer;
import io.gradcast.spark.score.SharedModel;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.PixelDecoder;
import io.gradcast.spark.store.Models;
import io.gradcast.spark.store.NewFile;
import io.gradcast.spark.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple3;

/**
 * A trained network as a stage of a Spark ML pipeline. {@code rawPrediction} has the scores of the
 * classes as the network gives them, {@code probability} the same divided by their sum, {@code
 * prediction} the number of the class with the greatest score, or as the thresholds say.
 */
public final class CnnClassificationModel
    extends ProbabilisticClassificationModel<Vector, CnnClassificationModel> implements MLWritable {

  private static final long serialVersionUID = 1;

  private final String uid;
  private final BooleanParam interleaved = Features.interleaved(this);
  private final DoubleParam white = Features.white(this);
  private final Model model;

  /** For one image at a time. */
  private final Scorer scorer;

  /** A model with a name that it had before, or its estimator's. */
  CnnClassificationModel(String uid, Model model) {
    this(Uid.of(uid), model);
  }

  private CnnClassificationModel(Uid announced, Model model) {
    uid = announced.take();
    if (model.network().spec().severalLabels()) {
      throw GradcastException.model("model: expected one label a sample, found several");
    }
    this.model = model;
    scorer = new Scorer(model);
    setDefault(interleaved, ImageForm.AS_IT_IS.interleaved());
    setDefault(white, ImageForm.AS_IT_IS.white());
  }

  @Override
  public String uid() {
    return uid == null ? Uid.announced() : uid;
  }

  public BooleanParam interleaved() {
    return interleaved;
  }

  public DoubleParam white() {
    return white;
  }

  public CnnClassificationModel setInterleaved(boolean value) {
    set(interleaved, value);
    return this;
  }

  public CnnClassificationModel setWhite(double value) {
    set(white, value);
    return this;
  }

  /** The names of the classes, by their numbers. */
  public List<String> classNames() {
    return model.classes();
  }

  @Override
  public int numClasses() {
    return model.network().classes();
  }

  @Override
  public int numFeatures() {
    return model.network().input().size();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Features.checked(schema, getFeaturesCol(), super::transformSchema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    List<Output> outputs = new ArrayList<>();
    List<StructField> fields = new ArrayList<>(List.of(dataset.schema().fields()));
    append(Output.RAW_PREDICTION, getRawPredictionCol(), schema, outputs, fields);
    append(Output.PROBABILITY, getProbabilityCol(), schema, outputs, fields);
    append(Output.PREDICTION, getPredictionCol(), schema, outputs, fields);
    StructType all = new StructType(fields.toArray(new StructField[0]));
    Scoring scoring =
        new Scoring(
            shared(dataset.sparkSession()), form(), getFeaturesCol(), outputs, thresholdsOrNull());
    // An encoder has no metadata of columns, such as how many classes there are.
    return dataset.toDF().mapPartitions(scoring, Encoders.row(all)).to(all);
  }

  /** A column without a name is not wanted. */
  private static void append(
      Output output,
      String column,
      StructType schema,
      List<Output> outputs,
      List<StructField> fields) {
    if (!column.isEmpty()) {
      outputs.add(output);
      fields.add(schema.apply(column));
    }
  }

  private SharedModel shared(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new SharedModel(context, model);
  }

  private ImageForm form() {
    return new ImageForm(0, 0, 0, (boolean) getOrDefault(interleaved), (double) getOrDefault(white))
        .withShape(model.network().input());
  }

  private double[] thresholdsOrNull() {
    if (!isDefined(thresholds())) {
      return null;
    }
    double[] thresholds = getThresholds();
    GradcastException.require(
        thresholds.length == numClasses(),
        "thresholds",
        numClasses() + ", one a class",
        thresholds.length);
    return thresholds;
  }

  @Override
  public Vector predictRaw(Vector features) {
    return scored(features, () -> Vectors.dense(Scores.raw(scorer, 0)));
  }

  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    Scores.normalize(((DenseVector) raw).values());
    return raw;
  }

  @Override
  public double predict(Vector features) {
    return scored(
        features,
        () -> {
          double[] probabilities = Scores.raw(scorer, 0);
          Scores.normalize(probabilities);
          return (double) Scores.prediction(scorer, 0, probabilities, thresholdsOrNull());
        });
  }

  /** Declared by two of Spark's classes in ways that are at odds for Java, but with a third. */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Tuple3 findSummaryModel() {
    return super.findSummaryModel();
  }

  private <T> T scored(Vector features, Supplier<T> result) {
    byte[] image = Features.pixels(new PixelDecoder(form()), getFeaturesCol(), features);
    synchronized (scorer) {
      scorer.score(new byte[][] {image}, 1);
      return result.get();
    }
  }

  @Override
  public CnnClassificationModel copy(ParamMap extra) {
    CnnClassificationModel copy = new CnnClassificationModel(uid, model);
    return copyValues(copy, extra).setParent(parent());
  }

  /** Writes the model's file, as a training leaves it, and beside it the params in Spark's form. */
  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  public static MLReader<CnnClassificationModel> read() {
    return new Reader();
  }

  public static CnnClassificationModel load(String path) {
    return read().load(path);
  }

  /** A model that submit.sh train has written, from its file or its folder. */
  public static CnnClassificationModel fromFile(String uri) {
    Storage storage = new Storage(SparkSession.active().sparkContext().hadoopConfiguration());
    return new CnnClassificationModel(Uid.random("cnn"), Models.load(storage, uri));
  }

  private static final class Writer extends MLWriter {

    private final CnnClassificationModel stage;

    Writer(CnnClassificationModel stage) {
      this.stage = stage;
    }

    @Override
    public void saveImpl(String path) {
      SparkSession spark = sparkSession();
      Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
      // Before the metadata, without which nothing is read.
      try (NewFile file = storage.create("path", path + "/" + Models.FILE, false)) {
        file.write(out -> SafeTensors.write(stage.model, out));
      }
      DefaultParamsWriter.saveMetadata(stage, path, spark);
    }
  }

  private static final class Reader extends MLReader<CnnClassificationModel> {

    @Override
    public CnnClassificationModel load(String path) {
      SparkSession spark = sparkSession();
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader.loadMetadata(path, spark, CnnClassificationModel.class.getName());
      Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
      CnnClassificationModel stage =
          new CnnClassificationModel(metadata.uid(), Models.load(storage, path));
      metadata.getAndSetParams(stage, metadata.getAndSetParams$default$2());
      return stage;
    }
  }
}
