package io.gradcast.benchmarks.dl4j;

import io.gradcast.benchmarks.Mnist;
import io.gradcast.benchmarks.PeerRun;
import io.gradcast.engine.data.Samples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Deeplearning4j's run of compare.sh: arguments are MNIST's folder, batch size and threads.
 *
 * <p>Two things differ from the others, both to its advantage: its minibatches are the same in
 * every pass, and are put together before the clock starts. It takes fewer samples, as it is
 * slower.
 */
public final class Dl4jRun {

  private static final int SAMPLES = 4096;
  private static final int WARM_UP_PASSES = 1;
  private static final int MEASURED_PASSES = 5;

  private static final int CLASSES = 10;

  private Dl4jRun() {}

  public static void main(String[] arguments) throws IOException {
    Mnist mnist = new Mnist(Path.of(arguments[0]));
    int batchSize = Integer.parseInt(arguments[1]);
    // Its own settings of threads are the environment variables that compare.sh sets.
    int threads = Integer.parseInt(arguments[2]);
    int batches = Math.max(1, SAMPLES / batchSize);
    Samples samples = mnist.train(batches * batchSize);
    List<DataSet> minibatches = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      minibatches.add(minibatch(samples, batch * batchSize, batchSize));
    }
    MultiLayerNetwork network = new MultiLayerNetwork(zhang());
    network.init();
    for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
      pass(network, minibatches);
    }
    double[] repetitions = new double[MEASURED_PASSES];
    for (int pass = 0; pass < MEASURED_PASSES; pass++) {
      repetitions[pass] = samples.count() / pass(network, minibatches);
    }
    System.out.println(PeerRun.here("dl4j", version(), threads, batchSize, repetitions).toJson());
  }

  private static double pass(MultiLayerNetwork network, List<DataSet> minibatches) {
    long start = System.nanoTime();
    for (DataSet minibatch : minibatches) {
      network.fit(minibatch);
    }
    return (System.nanoTime() - start) * 1e-9;
  }

  /**
   * The paper's network. Its loss is half the squared error, Deeplearning4j's {@code L2} the whole:
   * so half the paper's learning rate of 1 makes the same step. Both take the minibatch's mean.
   */
  private static MultiLayerConfiguration zhang() {
    int[] two = {2, 2};
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .dataType(DataType.FLOAT)
        .updater(new Sgd(0.5))
        .activation(Activation.SIGMOID)
        // Keeps for the backward pass what the forward pass unfolded: a third faster.
        .cacheMode(CacheMode.DEVICE)
        .list()
        .layer(new ConvolutionLayer.Builder(5, 5).nOut(6).build())
        .layer(new SubsamplingLayer.Builder(PoolingType.AVG, two, two).build())
        .layer(new ConvolutionLayer.Builder(5, 5).nOut(12).build())
        .layer(new SubsamplingLayer.Builder(PoolingType.AVG, two, two).build())
        .layer(new OutputLayer.Builder(LossFunction.L2).nOut(CLASSES).build())
        .setInputType(InputType.convolutional(28, 28, 1))
        .build();
  }

  private static DataSet minibatch(Samples samples, int from, int count) {
    int size = samples.shape().size();
    float[] pixels = new float[count * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (samples.pixels()[from * size + i] & 0xff) / 255f;
    }
    INDArray targets = Nd4j.zeros(DataType.FLOAT, count, CLASSES);
    for (int row = 0; row < count; row++) {
      targets.putScalar(row, samples.label(from + row), 1);
    }
    return new DataSet(Nd4j.create(pixels, new long[] {count, 1, 28, 28}, 'c'), targets);
  }

  private static String version() throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        MultiLayerNetwork.class.getResourceAsStream(
            "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties")) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }
}
