package io.gradcast.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GangTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void everyThreadDoesItsPartOfEveryRound(int threads) {
    int rounds = 3000;
    AtomicIntegerArray done = new AtomicIntegerArray(threads);
    try (Gang gang = new Gang(threads)) {
      for (int round = 1; round <= rounds; round++) {
        gang.run(done::incrementAndGet);
        for (int i = 0; i < threads; i++) {
          assertEquals(round, done.get(i), "a round ends only when all have ended");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void failureOfAnyThreadReachesTheCallerAndTheGangGoesOn(int failing) {
    try (Gang gang = new Gang(2)) {
      RuntimeException e =
          assertThrows(
              RuntimeException.class,
              () ->
                  gang.run(
                      i -> {
                        if (i == failing) {
                          throw new IllegalArgumentException("part " + i);
                        }
                      }));
      assertTrue(e.toString().contains("part " + failing), e.toString());
      AtomicIntegerArray done = new AtomicIntegerArray(2);
      gang.run(done::incrementAndGet);
      assertEquals(2, done.get(0) + done.get(1));
    }
  }
}
