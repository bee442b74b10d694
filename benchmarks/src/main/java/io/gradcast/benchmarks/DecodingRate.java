package io.gradcast.benchmarks;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Json;
import io.gradcast.spark.source.BadRecord;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.PixelDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Reads and decodes a folder of PNG files by some threads, without Spark: a line of JSON a pass.
 */
@Command(name = "decode.sh", mixinStandardHelpOptions = true, showDefaultValues = true)
final class DecodingRate implements Callable<Integer> {

  @Option(names = "--data", required = true, description = "folder with MNIST's four .gz files")
  private Path data;

  @Option(
      names = "--images",
      required = true,
      description = "folder of its 60,000 training images, which is made where it is not there")
  private Path images;

  @Option(names = "--threads", description = "threads in all")
  private int threads = 2;

  @Option(names = "--passes", description = "over all files; the first from a cold JVM")
  private int passes = 4;

  private DecodingRate() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new DecodingRate()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.exists(images)) {
      make(new Mnist(data).train());
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(images)) {
      files = all.filter(file -> file.toString().endsWith(".png")).sorted().toList();
    }
    for (int pass = 1; pass <= passes; pass++) {
      long start = System.nanoTime();
      decode(files);
      double seconds = (System.nanoTime() - start) * 1e-9;
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("pass", pass);
      line.put("images", files.size());
      line.put("threads", threads);
      line.put("seconds", seconds);
      line.put("imagesPerSecond", files.size() / seconds);
      System.out.println(Json.write(line));
    }
    return 0;
  }

  private void make(Samples samples) throws IOException {
    int height = samples.shape().height();
    int width = samples.shape().width();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int row = 0; row < samples.count(); row++) {
      image.getRaster().setDataElements(0, 0, width, height, samples.image(row));
      Path folder = Files.createDirectories(images.resolve(Integer.toString(samples.label(row))));
      ImageIO.write(image, "png", folder.resolve("%05d.png".formatted(row)).toFile());
    }
  }

  private void decode(List<Path> files) throws Exception {
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        done.add(pool.submit(() -> decodeAll(files, next)));
      }
      for (Future<?> thread : done) {
        thread.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private static Void decodeAll(List<Path> files, AtomicInteger next)
      throws IOException, BadRecord {
    PixelDecoder decoder = new PixelDecoder(ImageForm.AS_IT_IS);
    for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
      decoder.decode(Files.readAllBytes(files.get(i)));
    }
    return null;
  }
}
