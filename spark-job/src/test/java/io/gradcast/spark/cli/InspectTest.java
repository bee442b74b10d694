package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of images with everything wrong, as inspect tells it. */
class InspectTest {

  @TempDir private Path folder;
  private Path data;

  /** Ids are by path: ant 0 to 21, bee 22 and 23. */
  @BeforeEach
  void makeData() throws IOException {
    data = folder.resolve("data");
    for (int i = 0; i < 22; i++) {
      write("ant", "%02d.png".formatted(i), 5, i);
    }
    write("bee", "a.png", 5, 3); // as ant 3, with another label
    write("bee", "b.png", 5, 0xff_ff_ff_ff);
    write("bee", "large.png", 6, 7);
    Files.writeString(data.resolve("bee").resolve("z.png"), "no image");
    write("eel<i>", "c.png", 6, 8);
  }

  /** Noise by a seed; white for -1. */
  private void write(String label, String name, int side, int seed) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < side * side; i++) {
      image
          .getRaster()
          .setSample(i % side, i / side, 0, seed == -1 ? 255 : (i + 1) * (seed + 5) % 256);
    }
    Files.createDirectories(data.resolve(label));
    assertTrue(ImageIO.write(image, "png", data.resolve(label).resolve(name).toFile()));
  }

  @Test
  void everyProblemIsSaid() {
    Run run = Run.of("inspect", "--data=" + data).succeeded();
    Run.assertPieces(
        run.out(),
        "Images     24 of 1x5x5, and 3 bad records\n",
        "\nant            22  ##############################\n",
        "\nbee             2  ###\n",
        "\neel<i>          0\n",
        "1 classes without an image\n    eel<i>\n",
        "2 bad records: expected an image of 1x5x5 like the first, found 1x6x6",
        "bee/large.png",
        "1 bad records: expected ",
        "bee/z.png",
        "1 classes with less than a tenth of the 22 images of the largest",
        "    bee: 2\n",
        "1 images that are there again with other labels\n    image 3 and image 22\n",
        "1 images that are copies of others",
        "1 images of one colour all over\n    image 23\n");
    assertEquals("", run.err());
  }

  @Test
  void pageShowsExamplesAndNeedsNothingElse() throws IOException {
    Path page = folder.resolve("data.html");
    Run.of("inspect", "--data=" + data, "--output=" + page).succeeded();
    String html = Files.readString(page);
    assertEquals(
        14, Pattern.compile("<img src=\"data:image/png;base64,").matcher(html).results().count());
    assertTrue(html.contains("alt=\"Image 0, of label ant\""), "a description");
    assertTrue(html.contains("2 bad records: expected an image of 1x5x5"), "the problems");
    assertFalse(html.contains("<i>"), "a name as it is");
    assertFalse(Pattern.compile("(src|href)=\"(?!data:|#)").matcher(html).find(), "a link");
    Run.of("inspect", "--data=" + data, "--output=" + page)
        .failedWith(5, "data.html: expected nothing there, found a file; --overwrite replaces it");
  }

  @Test
  void partsAreToldApart() throws IOException {
    Path idx = IdxFiles.write(folder.resolve("idx"), 100, 10, 8);
    Run run = Run.of("inspect", "--data=" + idx).succeeded();
    Run.assertPieces(run.out(), "train\nImages     100 of 1x8x8", "\ntest\nImages     10 of 1x8x8");
  }
}
