package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of images that are files or lines of their own. */
class PredictFilesTest {

  @TempDir private Path folder;

  @Test
  void imagesInFoldersAreNamedByTheirPaths() throws IOException {
    Path images = folder.resolve("images");
    for (int i = 0; i < 20; i++) {
      String name = i < 15 ? Predicting.MODEL.classes().get(Predicting.SAMPLES.label(i)) : "new";
      Path file = Files.createDirectories(images.resolve(name)).resolve(i + ".png");
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      byte[] pixels = Predicting.SAMPLES.image(i);
      for (int p = 0; p < pixels.length; p++) {
        image.getRaster().setSample(p % 28, p / 28, 0, pixels[p] & 0xff);
      }
      ImageIO.write(image, "png", file.toFile());
    }
    Predicting.with(Predicting.writeModel(folder), images, folder.resolve("out")).succeeded();
    List<Map<String, Object>> rows = Predicting.rows(folder.resolve("out"));
    assertEquals(20, rows.size());
    for (Map<String, Object> row : rows) {
      Path file = Path.of(row.get("id").toString().replaceFirst("^file:", ""));
      int i = Integer.parseInt(file.getFileName().toString().replace(".png", ""));
      assertTrue(Files.exists(file), row::toString);
      assertEquals(Predicting.PREDICTIONS.get(i), row.get("predicted"));
      assertEquals(
          i < 15 ? Predicting.MODEL.classes().get(Predicting.SAMPLES.label(i)) : null,
          row.get("label"));
    }
  }

  @Test
  void linesOfCsvArePredicted() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      byte[] pixels = Predicting.SAMPLES.image(i);
      lines.add(
          Predicting.SAMPLES.label(i)
              + IntStream.range(0, pixels.length)
                  .mapToObj(p -> "," + (pixels[p] & 0xff))
                  .collect(Collectors.joining()));
    }
    Path csv = Files.write(folder.resolve("lines.csv"), lines);
    Predicting.with(Predicting.writeModel(folder), csv, folder.resolve("out"), "--label-column=0")
        .succeeded();
    List<Map<String, Object>> rows = Predicting.rows(folder.resolve("out"));
    assertEquals(
        Predicting.PREDICTIONS.subList(0, 20), rows.stream().map(r -> r.get("predicted")).toList());
    assertEquals("file:" + csv + "#3", rows.get(3).get("id"));
    assertEquals(Integer.toString(Predicting.SAMPLES.label(3)), rows.get(3).get("label"));
  }
}
