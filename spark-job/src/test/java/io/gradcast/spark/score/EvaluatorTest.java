package io.gradcast.spark.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.eval.Evaluation;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.spark.cluster.SmallTraining;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

class EvaluatorTest {

  private static final int PIECES = 7;
  private static final Samples PIECE = SmallModel.digits(40);
  private static final Model MODEL = SmallModel.of(false, 7);

  /** The pieces that tasks of this JVM have read. */
  private static final List<WeakReference<Samples>> READ = new ArrayList<>();

  private static final AtomicInteger MOST_ALIVE = new AtomicInteger();

  /** Makes a piece, and counts those before it that are still there. */
  private static synchronized Samples read() {
    System.gc();
    int alive = (int) READ.stream().filter(piece -> piece.get() != null).count();
    MOST_ALIVE.accumulateAndGet(alive, Math::max);
    Samples piece = PIECE.blank(PIECE.count());
    for (int row = 0; row < PIECE.count(); row++) {
      PIECE.copyTo(row, piece, row);
    }
    READ.add(new WeakReference<>(piece));
    return piece;
  }

  @Test
  void evaluationStreamsAndIsTheSameForAnyNumberOfPartitions() {
    Network network = MODEL.network();
    try (JavaSparkContext context = new JavaSparkContext(SmallTraining.sparkConf("local[2]"))) {
      List<Evaluation> evaluations = new ArrayList<>();
      for (int partitions : List.of(1, 3)) {
        JavaRDD<Samples> pieces =
            context
                .parallelize(IntStream.range(0, PIECES).boxed().toList(), partitions)
                .map(number -> read());
        evaluations.add(Evaluator.evaluate(context, network, MODEL.parameters(), pieces));
      }
      Evaluation first = evaluations.get(0);
      assertEquals((long) PIECES * PIECE.count(), first.samples());
      for (Evaluation evaluation : evaluations) {
        assertArrayEquals(first.counts(), evaluation.counts());
        assertEquals(first.lossSum(), evaluation.lossSum());
      }
    }
    assertEquals(2 * PIECES, READ.size());
    assertTrue(MOST_ALIVE.get() <= 4, "pieces in memory: " + MOST_ALIVE.get());
  }
}
