package io.gradcast.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  @Test
  void countsInsertionsDeletionsAndSubstitutions() {
    assertEquals(0, Nearest.edits("same", "same"));
    assertEquals(3, Nearest.edits("kitten", "sitting"));
    assertEquals(4, Nearest.edits("", "four"));
    assertEquals(4, Nearest.edits("four", ""));
  }

  @Test
  void asksForTheWordFewestEditsAway() {
    List<String> known = List.of("epochs", "seed", "batch-size");
    assertEquals("Did you mean epochs?", Nearest.question("epoch", known));
    assertEquals("Did you mean batch-size?", Nearest.question("batchsize", known));
  }
}
