package io.gradcast.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.tensor.GradientSum;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What resident tasks and the driver say to each other, as bytes. */
class MessagesTest {

  private static Ask ask() {
    GradientSum sum = new GradientSum();
    long[] gradient = sum.gradient(3);
    gradient[0] = Long.MIN_VALUE;
    gradient[2] = 5;
    sum.markDiverged(4);
    sum.addBusyNanos(6);
    sum.addLosses(new float[] {0.5f, 0.25f}, 2, 1);
    return new Ask(-9, 17, new int[] {2, 0}, sum);
  }

  @Test
  void askComesBackFromItsBytes() {
    Ask ask = ask();
    Ask back = Ask.fromBytes(ask.toBytes(), new GradientSum());
    assertEquals(-9, back.job());
    assertEquals(17, back.round());
    assertArrayEquals(new int[] {2, 0}, back.parts());
    assertArrayEquals(new long[] {Long.MIN_VALUE, 0, 5}, back.sum().gradient(3));
    assertEquals(ask.sum().loss(), back.sum().loss());
    assertEquals(2, back.sum().samples());
    assertEquals(6, back.sum().busyNanos());
    assertEquals(4, back.sum().divergedLayer());
  }

  @Test
  void askWithoutPartsCarriesNoSum() {
    Ask back =
        Ask.fromBytes(new Ask(1, Ask.NONE, new int[0], ask().sum()).toBytes(), new GradientSum());
    assertEquals(Ask.NONE, back.round());
    assertEquals(0, back.parts().length);
    assertEquals(0, back.sum().samples());
  }

  @Test
  void answersComeBackFromTheirBytes() {
    Answer begin = Answer.fromBytes(Answer.begin(3, new float[] {1.5f, -0f}).toBytes());
    assertEquals(3, begin.round());
    assertArrayEquals(new float[] {1.5f, -0f}, begin.parameters());
    Answer hold = Answer.fromBytes(Answer.hold(4, 99).toBytes());
    assertEquals(4, hold.round());
    assertEquals(99, hold.waitNanos());
    assertEquals(0, hold.parameters().length);
    Answer without = Answer.fromBytes(Answer.without(5, new int[] {8}).toBytes());
    assertArrayEquals(new int[] {8}, without.known());
    assertEquals(Answer.OVER, Answer.fromBytes(Answer.over().toBytes()).round());
  }

  @Test
  void truncatedMessageIsRefusedBeforeMemoryIsTakenForIt() {
    byte[] ask = ask().toBytes();
    byte[] answer = Answer.begin(3, new float[] {1, 2}).toBytes();
    for (int length = 0; length < ask.length; length++) {
      byte[] part = Arrays.copyOf(ask, length);
      assertThrows(RuntimeException.class, () -> Ask.fromBytes(part, new GradientSum()));
    }
    for (int length = 0; length < answer.length; length++) {
      byte[] part = Arrays.copyOf(answer, length);
      assertThrows(RuntimeException.class, () -> Answer.fromBytes(part));
    }
  }

  @Test
  void impossibleCountIsRefusedBeforeMemoryIsTakenForIt() {
    byte[] bytes = ask().toBytes();
    int parts = Long.BYTES + Integer.BYTES;
    bytes[parts + 3] = 0x7f;
    assertThrows(IllegalArgumentException.class, () -> Ask.fromBytes(bytes, new GradientSum()));
  }
}
