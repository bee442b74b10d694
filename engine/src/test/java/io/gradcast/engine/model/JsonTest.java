package io.gradcast.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void whatIsWrittenIsReadAgainInItsOrder() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("z", "text with \"quotes\", \\ and \u00e9");
    object.put("a", List.of(1L, 2.5, true, Map.of("deep", "er")));
    object.put("n", Arrays.asList("x", "y"));
    Map<String, Object> again = Json.read(Json.write(object));
    assertEquals(object, again);
    assertEquals(List.of("z", "a", "n"), List.copyOf(again.keySet()));
  }

  /** Pinned, because they are part of a model's bytes: Double.toString changed with JDK 19. */
  @ParameterizedTest
  @CsvSource({"0.1, 0.1", "2.0E-3, 0.002", "1e-7, 1.0E-7", "2e23, 2.0E23", "1.0, 1.0"})
  void doublesAreWrittenTheSameOnEveryJdk(double value, String text) {
    assertEquals("{\"x\":" + text + "}", Json.write(Map.of("x", value)));
  }

  @Test
  void textsAreEscapedAndReadAgain() throws IOException {
    Map<String, Object> object = Map.of("k\"", "\"\\/\n\t\u0001\u00e9\ud83d\ude00");
    String text = Json.write(object);
    assertEquals("{\"k\\\"\":\"\\\"\\\\/\\n\\t\\u0001\u00e9\ud83d\ude00\"}", text);
    assertEquals(object, Json.read(text));
  }

  @Test
  void numbersThatJsonDoesNotKnowBecomeNull() {
    assertEquals("{\"x\":null}", Json.write(Map.of("x", Double.NaN)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{", "{\"a\":}", "{\"a\":1,\"a\":2}", "nonsense", "{} trailing", "{}{}"})
  void whatIsNoObjectIsRefused(String text) {
    assertThrows(IOException.class, () -> Json.read(text));
  }

  @Test
  void nestingUpTo16IsRead() throws IOException {
    String text = "{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}";
    assertEquals(text, Json.write(Json.read(text)));
    String deeper = "{\"a\":" + "[".repeat(16) + "]".repeat(16) + "}";
    assertThrows(IOException.class, () -> Json.read(deeper));
  }

  @Test
  void nestingBeyondMeasureIsRefused() {
    IOException e =
        assertThrows(IOException.class, () -> Json.read("{\"a\":" + "[".repeat(100_000)));
    assertTrue(e.getMessage().contains("depth"), e.getMessage());
  }
}
