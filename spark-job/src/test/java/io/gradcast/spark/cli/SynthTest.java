package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that are made. */
class SynthTest {

  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  @TempDir private Path folder;

  @Test
  void synthMakesTheSameImagesPackedAndPlain() throws IOException {
    Path data = folder.resolve("data");
    Run.of("synth", "--output", data, "--train", 300, "--test", 100).succeeded();
    Path plain = folder.resolve("plain");
    Run run =
        Run.of("synth", "--output", plain, "--train", 300, "--test", 100, "--no-gzip").succeeded();
    assertEquals("300 training and 100 test images in file:%s%n".formatted(plain), run.out());
    assertEquals(Set.copyOf(FILES), Outputs.names(plain));
    assertEquals(
        FILES.stream().map(name -> name + ".gz").collect(Collectors.toSet()), Outputs.names(data));
    for (String name : FILES) {
      assertArrayEquals(
          Files.readAllBytes(plain.resolve(name)),
          IdxFiles.unpacked(data.resolve(name + ".gz")),
          name);
    }
  }
}
