package io.gradcast.spark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What commands leave behind. */
final class Outputs {

  private Outputs() {}

  /** Names in a folder, hidden ones too. */
  static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  /** Checks that a folder holds these and nothing else: no output, nothing half made. */
  static void assertNothingBeside(Path folder, String... names) throws IOException {
    assertEquals(Set.of(names), names(folder));
  }

  /** Makes an earlier output and returns its folder. */
  static Path earlier(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("deep"));
    Files.writeString(folder.resolve("model.safetensors"), "earlier model");
    Files.writeString(folder.resolve("deep").resolve("part"), "earlier part");
    return folder;
  }

  /** Checks that an earlier output is as it was. */
  static void assertEarlier(Path folder) throws IOException {
    assertEquals(
        Map.of("model.safetensors", "earlier model", "deep/part", "earlier part"),
        contents(folder));
  }

  /** All files below a folder, each with its bytes as Latin-1 text. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }
}
