package io.gradcast.spark.ml;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.optim.Optimizer;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.TrainingListener;
import io.gradcast.engine.train.Watch;
import io.gradcast.spark.SparkTrainer;
import io.gradcast.spark.exchange.ExchangeKind;
import io.gradcast.spark.source.Columns;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.Sources;
import io.gradcast.spark.store.NetworkFiles;
import io.gradcast.spark.store.Storage;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a convolutional network as a stage of a Spark ML pipeline. Features are images: vectors or
 * arrays of pixels, raw bytes, or encoded PNG or JPEG. Labels are the numbers of classes, from 0,
 * as {@link org.apache.spark.ml.feature.StringIndexer} gives them. The bytes of the model depend on
 * neither the partitions nor the order of the rows.
 */
public final class CnnClassifier
    extends ProbabilisticClassifier<Vector, CnnClassifier, CnnClassificationModel>
    implements DefaultParamsWritable {

  private static final long serialVersionUID = 1;

  private final String uid;
  private final Param<String> network =
      new Param<>(
          this,
          "network",
          "a network that comes with Gradcast by its name, the URI of a file like those of"
              + " conf/networks, or the text of such a file");
  private final IntParam epochs =
      new IntParam(
          this,
          "epochs",
          "passes over the training data, from 1",
          Check.ofNumber(Integer.class, it -> new TrainingConfig(it, 1, 1, 0)));
  private final IntParam batchSize =
      new IntParam(
          this,
          "batchSize",
          "samples a minibatch, from 1",
          Check.ofNumber(Integer.class, it -> new TrainingConfig(1, it, 1, 0)));
  private final DoubleParam learningRate =
      new DoubleParam(
          this,
          "learningRate",
          "step size, above 0; where it is not set 1.0 for sgd, 0.1 for momentum and nesterov, 0.001"
              + " for adam and adamw",
          Check.ofNumber(Double.class, it -> new TrainingConfig(1, 1, it, 0)));
  private final Param<String> optimizer =
      new Param<>(
          this, "optimizer", "sgd, momentum, nesterov, adam or adamw", Check.by(Optimizer::named));
  private final LongParam seed =
      new LongParam(this, "seed", "of the initial weights and the order of samples");
  private final Param<String> idCol =
      new Param<>(
          this,
          "idCol",
          "column by whose order samples are numbered; where it is not set they are numbered by"
              + " their content");
  private final Param<String> imageSize =
      new Param<>(
          this,
          "imageSize",
          "HEIGHTxWIDTH of the images, to which encoded ones are resized; where it is not set that"
              + " of the first, numbers and raw bytes being those of a square",
          Check.by(ImageForm.AS_IT_IS::withSize));
  private final IntParam channels =
      new IntParam(
          this,
          "channels",
          "1 for grey, 3 for red, green and blue; where it is not set as many as the first image has",
          Check.ofNumber(
              Integer.class,
              it -> GradcastException.require(it >= 1, "channels", "1 or more", it)));
  private final BooleanParam interleaved = Features.interleaved(this);
  private final DoubleParam white = Features.white(this);

  /** An estimator with a new name. */
  public CnnClassifier() {
    this(Uid.random("cnn"));
  }

  /** An estimator with a name that it had before. */
  public CnnClassifier(String uid) {
    this(Uid.of(uid));
  }

  private CnnClassifier(Uid announced) {
    uid = announced.take();
    setDefault(network, "zhang");
    setDefault(epochs, 30);
    setDefault(batchSize, 50);
    setDefault(optimizer, "sgd");
    setDefault(seed, 1L);
    setDefault(interleaved, ImageForm.AS_IT_IS.interleaved());
    setDefault(white, ImageForm.AS_IT_IS.white());
  }

  @Override
  public String uid() {
    return uid == null ? Uid.announced() : uid;
  }

  public Param<String> network() {
    return network;
  }

  public IntParam epochs() {
    return epochs;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public DoubleParam learningRate() {
    return learningRate;
  }

  public Param<String> optimizer() {
    return optimizer;
  }

  public LongParam seed() {
    return seed;
  }

  public Param<String> idCol() {
    return idCol;
  }

  public Param<String> imageSize() {
    return imageSize;
  }

  public IntParam channels() {
    return channels;
  }

  public BooleanParam interleaved() {
    return interleaved;
  }

  public DoubleParam white() {
    return white;
  }

  /** A network by its name, its file or its text. */
  public CnnClassifier setNetwork(String value) {
    set(network, value);
    return this;
  }

  public CnnClassifier setEpochs(int value) {
    set(epochs, value);
    return this;
  }

  public CnnClassifier setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  public CnnClassifier setLearningRate(double value) {
    set(learningRate, value);
    return this;
  }

  public CnnClassifier setOptimizer(String value) {
    set(optimizer, value);
    return this;
  }

  public CnnClassifier setSeed(long value) {
    set(seed, value);
    return this;
  }

  public CnnClassifier setIdCol(String value) {
    set(idCol, value);
    return this;
  }

  /** HEIGHTxWIDTH, as 28x28. */
  public CnnClassifier setImageSize(String value) {
    set(imageSize, value);
    return this;
  }

  public CnnClassifier setChannels(int value) {
    set(channels, value);
    return this;
  }

  public CnnClassifier setInterleaved(boolean value) {
    set(interleaved, value);
    return this;
  }

  public CnnClassifier setWhite(double value) {
    set(white, value);
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Features.checked(schema, getFeaturesCol(), super::transformSchema);
  }

  /**
   * Trains on all rows.
   *
   * @throws GradcastException with a sentence for the user, where they can put it right
   */
  @Override
  public CnnClassificationModel train(Dataset<?> dataset) {
    try {
      JavaSparkContext context =
          JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
      TrainingConfig config = config();
      NetworkText text = text(new Storage(context.hadoopConfiguration()));
      String ids = isDefined(idCol) ? $(idCol) : "";
      Columns columns = new Columns(getFeaturesCol(), getLabelCol(), ids);
      TrainingTable table = new TrainingTable(uid, dataset.toDF(), columns);
      Source source = table.source(context, form());
      Sources sources = new Sources(source, Optional.empty(), source);
      try (SparkTrainer trainer =
          new SparkTrainer(context, text, config, sources, 0, ExchangeKind.AUTO, 0)) {
        Model model = trainer.model(trainer.train(TrainingListener.NONE));
        return new CnnClassificationModel(uid, table.named(model));
      }
    } catch (Exception e) { // Spark throws checked ones without saying so
      Check.throwSentence(e);
      throw e;
    }
  }

  /** A text has braces, which no name has. */
  private NetworkText text(Storage storage) {
    String value = getOrDefault(network);
    return value.contains("{")
        ? NetworkText.parse(value, "network")
        : NetworkFiles.load(storage, value);
  }

  private TrainingConfig config() {
    Optimizer chosen = Optimizer.named(getOrDefault(optimizer));
    int passes = (int) getOrDefault(epochs);
    double rate = isDefined(learningRate) ? (double) $(learningRate) : chosen.usualRate();
    return new TrainingConfig(
            passes, (int) getOrDefault(batchSize), rate, (long) getOrDefault(seed))
        .with(chosen)
        .with(new Watch(new Interval(passes, true), Monitor.LOSS, 0));
  }

  private ImageForm form() {
    int planes = isDefined(channels) ? (int) $(channels) : 0;
    ImageForm form = new ImageForm(0, 0, planes, (boolean) $(interleaved), (double) $(white));
    return isDefined(imageSize) ? form.withSize($(imageSize)) : form;
  }

  @Override
  public CnnClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  public static MLReader<CnnClassifier> read() {
    return new DefaultParamsReader<>();
  }

  public static CnnClassifier load(String path) {
    return read().load(path);
  }
}
