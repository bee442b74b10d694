package io.gradcast.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.kernel.Padding;
import io.gradcast.engine.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What layers say of sizes that they cannot have. */
class LayerSizesTest {

  @Test
  void sizesThatCannotBeNameLayerExpectedAndFound() {
    Shape shape = new Shape(1, 6, 4);
    assertSentence(
        "layer a (conv): expected a kernel of at most 6x4, its input 1x6x4 with its padding,"
            + " found 5x5",
        () -> new Convolution("a", shape, 1, 5, 5, 1, Padding.of(0, 0), 1));
    assertSentence(
        "layer a (conv): expected a kernel of 1 or more rows and columns, found 0x2",
        () -> new Convolution("a", shape, 1, 0, 2, 1, Padding.of(0, 0), 1));
    assertSentence(
        "layer a (conv): expected maps of 1 or more, found 0",
        () -> new Convolution("a", shape, 0, 3, 3, 1, Padding.of(0, 0), 1));
    assertSentence(
        "layer a (conv): expected a stride of 1 or more, found 0",
        () -> new Convolution("a", shape, 1, 3, 3, 0, Padding.of(0, 0), 1));
    assertSentence(
        "layer a (conv): expected a padding from 0 to 1 rows, less than the kernel 2x3, found 2",
        () -> new Convolution("a", shape, 1, 2, 3, 1, Padding.of(2, 2), 1));
    assertSentence(
        "layer a (conv): expected a padding from 0 to 2 columns, less than the kernel 2x3, found -1",
        () -> new Convolution("a", shape, 1, 2, 3, 1, new Padding(0, 0, 0, -1), 1));
    assertSentence(
        "layer a (conv): expected a stride of 1 or more, found 0",
        () -> Convolution.same("a", shape, 1, 3, 3, 0, 1));
    assertSentence(
        "layer a (conv): expected groups that divide its 1 channels and 4 maps, found 2",
        () -> new Convolution("a", shape, 4, 3, 3, 1, Padding.NONE, 2));
    assertSentence(
        "layer a (mean-pool): expected a size from 1 to 4, that of its input 1x6x4, found 5",
        () -> new MeanPooling("a", shape, 5, 1));
    assertSentence(
        "layer a (mean-pool): expected a stride of 1 or more, found -1",
        () -> new MeanPooling("a", shape, 2, -1));
    assertSentence(
        "layer a (max-pool): expected a size from 1 to 4, that of its input 1x6x4, found 0",
        () -> new MaxPooling("a", shape, 0, 1));
    assertSentence(
        "layer a (dense): expected units of 1 or more, found 0", () -> new Dense("a", shape, 0));
    assertSentence(
        "layer a (dropout): expected a rate of 0 or more and less than 1, found 1.0",
        () -> new Dropout("a", shape, 1, 0));
    assertSentence(
        "layer a (leaky-relu): expected a slope of 0 or more and less than 1, found -0.5",
        () -> new Relu("a", shape, -0.5f));
    assertSentence(
        "layer a (group-norm): expected a number of groups that divides the channels of its input"
            + " 3x1x1, found 2",
        () -> new GroupNorm("a", Shape.vector(3), 2));
    assertSentence(
        "layer a (residual): expected layers of 1 or more, found none",
        () -> new Residual("a", shape, new Chain(shape, List.of()), new Chain(shape, List.of())));
    assertSentence(
        "layer a (residual): expected layers that end in the 1x6x4 of its shortcut, found 2x1x1",
        () ->
            new Residual(
                "a",
                shape,
                new Chain(shape, List.of(new Dense("b", shape, 2))),
                new Chain(shape, List.of())));
  }

  private static void assertSentence(String sentence, Executable making) {
    assertEquals(sentence, assertThrows(GradcastException.class, making).getMessage());
  }
}
