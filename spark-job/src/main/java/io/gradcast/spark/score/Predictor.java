package io.gradcast.spark.score;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.kernel.Kernels;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.net.Workspace;
import io.gradcast.spark.shard.Shards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Applies a model to every sample of a data set. */
public final class Predictor {

  /** Between the names of several classes. */
  static final String SEPARATOR = "|";

  private Predictor() {}

  /**
   * One row a sample: {@code id}, {@code predicted} (a class name, or where samples may have
   * several labels all names with {@value #SEPARATOR} between them), one score a class.
   */
  public static Dataset<Row> predict(SparkSession spark, Model model, Shards shards) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<float[]> parameters = context.broadcast(model.parameters());
    String network = model.network().spec().text();
    List<String> classes = model.classes();
    JavaRDD<Row> rows =
        shards
            .rdd()
            .flatMap(shard -> shard.samples().pieces())
            .flatMap(piece -> new Rows(network, parameters.value(), classes, piece));
    return spark.createDataFrame(rows, schema(classes));
  }

  private static StructType schema(List<String> classes) {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField("id", DataTypes.LongType, false));
    fields.add(DataTypes.createStructField("predicted", DataTypes.StringType, false));
    for (String name : classes) {
      fields.add(DataTypes.createStructField("score_" + name, DataTypes.FloatType, false));
    }
    return DataTypes.createStructType(fields);
  }

  /** Computes a group of lanes whenever the last one is used up: memory does not grow. */
  private static final class Rows implements Iterator<Row> {

    private final Network network;
    private final Workspace workspace;
    private final float[] parameters;
    private final List<String> classes;
    private final Samples samples;
    private final int[] order;
    private final String[] predicted = new String[Kernels.LANES];
    private int next;

    Rows(String text, float[] parameters, List<String> classes, Samples samples) {
      network = new Network(NetworkSpec.parseJson(text, "the network of this job"));
      workspace = new Workspace(network, Kernels.best());
      this.parameters = parameters;
      this.classes = classes;
      this.samples = samples;
      order = IntStream.range(0, samples.count()).toArray();
    }

    @Override
    public boolean hasNext() {
      return next < order.length;
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int lane = next % Kernels.LANES;
      if (lane == 0) {
        int lanes = Math.min(Kernels.LANES, order.length - next);
        network.forward(samples, order, next, lanes, parameters, workspace);
        Arrays.setAll(predicted, this::predicted);
        network.scores(workspace);
      }
      Object[] values = new Object[2 + classes.size()];
      values[0] = samples.ids()[next];
      values[1] = predicted[lane];
      for (int i = 0; i < classes.size(); i++) {
        values[2 + i] = workspace.output().get(i, lane);
      }
      next++;
      return RowFactory.create(values);
    }

    private String predicted(int lane) {
      return Arrays.stream(workspace.prediction(lane))
          .mapToObj(classes::get)
          .collect(Collectors.joining(SEPARATOR));
    }
  }
}
