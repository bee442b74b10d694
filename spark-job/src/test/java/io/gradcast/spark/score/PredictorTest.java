package io.gradcast.spark.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.model.Model;
import io.gradcast.spark.cluster.SmallTraining;
import io.gradcast.spark.source.Tolerance;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {

  private static final int COUNT = 100;
  private static final Samples SAMPLES = SmallModel.digits(COUNT);
  private static final Model MODEL = SmallModel.of(false, 7);
  private static final StructType CARRIED =
      new StructType().add("id", DataTypes.IntegerType, false);

  /** How many images tasks of this JVM have asked for, less the rows that have come out. */
  private static final AtomicInteger AHEAD = new AtomicInteger();

  private static final AtomicInteger MOST_AHEAD = new AtomicInteger();

  private static SparkSession spark;
  private static JavaSparkContext context;

  @TempDir private Path folder;

  /** Every task may be tried twice. */
  @BeforeAll
  static void start() {
    spark = SparkSession.builder().config(SmallTraining.sparkConf("local[2,2]")).getOrCreate();
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static JavaRDD<Integer> numbers(int partitions) {
    return context.parallelize(IntStream.range(0, COUNT).boxed().toList(), partitions);
  }

  private static Unscored image(int number) {
    return Unscored.good(new Object[] {number}, SAMPLES.image(number));
  }

  private RejectedRecords rejected(boolean skips, double most) {
    return new RejectedRecords(
        context,
        "digits",
        new Tolerance(skips, most),
        new org.apache.hadoop.fs.Path(folder.toString()));
  }

  private static List<Row> predict(JavaRDD<Unscored> images, RejectedRecords rejected) {
    try (SharedModel shared = new SharedModel(context, MODEL)) {
      ScoringInput input = new ScoringInput("digits", List.of(), CARRIED, images);
      return Predictor.predict(spark, shared, MODEL.classes(), input, rejected).collectAsList();
    }
  }

  @Test
  void rowsAreTheSameForAnyNumberOfPartitions() {
    List<String> expected = SmallModel.predictions(MODEL, SAMPLES);
    assertTrue(expected.stream().distinct().count() > 2, expected::toString);
    List<Row> first = predict(numbers(1).map(PredictorTest::image), rejected(false, 0));
    assertEquals(expected, first.stream().map(row -> row.getString(1)).toList());
    for (int partitions : List.of(3, 7)) {
      assertEquals(
          first, predict(numbers(partitions).map(PredictorTest::image), rejected(false, 0)));
    }
  }

  @Test
  void noMoreThanAGroupOfImagesIsInMemory() {
    try (SharedModel shared = new SharedModel(context, MODEL)) {
      JavaRDD<Unscored> images =
          numbers(1)
              .map(
                  number -> {
                    int ahead = AHEAD.incrementAndGet();
                    MOST_AHEAD.accumulateAndGet(ahead, Math::max);
                    return image(number);
                  });
      ScoringInput input = new ScoringInput("digits", List.of(), CARRIED, images);
      long rows =
          Predictor.predict(spark, shared, MODEL.classes(), input, rejected(false, 0))
              .javaRDD()
              .filter(row -> AHEAD.decrementAndGet() >= 0)
              .count();
      assertEquals(COUNT, rows);
      assertEquals(0, AHEAD.get());
      assertEquals(Scorer.LANES, MOST_AHEAD.get());
    }
  }

  /** Of every ten images one is bad; the first run of each task fails at its end. */
  private static JavaRDD<Unscored> unsteady(int partitions) {
    return numbers(partitions)
        .mapPartitions(
            part -> {
              List<Unscored> images = new ArrayList<>();
              part.forEachRemaining(
                  number ->
                      images.add(
                          number % 10 == 7
                              ? Unscored.bad("number " + number, "expected \"a\", found b")
                              : image(number)));
              return images.iterator();
            })
        .filter(
            image -> {
              boolean last = image.isGood() && ((int) image.carried()[0] + 1) % (COUNT / 4) == 0;
              if (last && TaskContext.get().attemptNumber() == 0) {
                throw new IllegalStateException("a task that fails once");
              }
              return true;
            });
  }

  @Test
  void badRecordsAreListedOnceWhateverIsTriedAgain() throws IOException {
    RejectedRecords rejected = rejected(true, 0.1);
    assertEquals(90, predict(unsteady(4), rejected).size());
    assertEquals(COUNT, rejected.records());
    assertEquals(10, rejected.bad());
    rejected.requireBearable();
    assertEquals(4, rejected.files().size());
    assertEquals(8, folder.toFile().list((in, name) -> name.endsWith(".csv")).length);
    List<String> lines = new ArrayList<>();
    for (String file : rejected.files()) {
      List<String> list = Files.readAllLines(folder.resolve(file));
      assertEquals("data,record,problem", list.get(0));
      lines.addAll(list.subList(1, list.size()));
    }
    assertEquals(
        IntStream.range(0, 10)
            .mapToObj(i -> "\"digits\",\"number %d7\",\"expected \"\"a\"\", found b\"".formatted(i))
            .map(line -> line.replace("number 07", "number 7"))
            .sorted()
            .toList(),
        lines.stream().sorted().toList());
  }

  @Test
  void dataThatCannotBeReadAreNamed() {
    JavaRDD<Unscored> images =
        numbers(2)
            .map(
                number -> {
                  if (number == COUNT - 1) {
                    throw new FileNotFoundException("File part-7 does not exist");
                  }
                  return image(number);
                });
    SparkException e = assertThrows(SparkException.class, () -> predict(images, rejected(true, 1)));
    GradcastException cause = assertInstanceOf(GradcastException.class, e.getCause());
    assertEquals(GradcastException.Kind.DATA, cause.kind());
    assertEquals(
        "data digits: expected readable data, found: a file that is not there: File part-7 does"
            + " not exist",
        cause.getMessage());
  }

  @Test
  void moreBadRecordsThanAreBorneAreAnError() {
    RejectedRecords rejected = rejected(true, 0.09);
    predict(unsteady(4), rejected);
    assertEquals(
        "data digits: number 7: expected \"a\", found b; max-bad-fraction is 0.09, 10 of 100"
            + " records are bad",
        assertThrows(GradcastException.class, rejected::requireBearable).getMessage());
  }
}
