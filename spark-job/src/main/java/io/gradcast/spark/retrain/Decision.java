package io.gradcast.spark.retrain;

import io.gradcast.engine.model.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the gate says of a challenger.
 *
 * @param rules that were looked at, each with its numbers
 * @param champion whether there is one, which stays where a rule is broken
 */
record Decision(List<Rule> rules, boolean champion) {

  /**
   * A rule, and what it was applied to.
   *
   * @param expected in words
   * @param found in words
   */
  record Rule(String name, boolean holds, String expected, String found) {}

  Outcome outcome() {
    if (rules.stream().allMatch(Rule::holds)) {
      return Outcome.PROMOTED;
    }
    return champion ? Outcome.KEPT : Outcome.GATE_FAILED;
  }

  /** Why, in a sentence. */
  String reason() {
    String broken =
        rules.stream()
            .filter(rule -> !rule.holds())
            .map(
                rule ->
                    "%s: expected %s, found %s"
                        .formatted(rule.name(), rule.expected(), rule.found()))
            .collect(Collectors.joining("; "));
    if (!broken.isEmpty()) {
      return broken;
    }
    return switch (rules.size()) {
      case 0 -> "no rule is set";
      case 1 -> "the one rule holds";
      default -> "all %d rules hold".formatted(rules.size());
    };
  }

  String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("outcome", outcome().text());
    fields.put("rules", rules.stream().map(Decision::fields).toList());
    return Json.write(fields);
  }

  private static Map<String, Object> fields(Rule rule) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rule", rule.name());
    fields.put("holds", rule.holds());
    fields.put("expected", rule.expected());
    fields.put("found", rule.found());
    return fields;
  }
}
