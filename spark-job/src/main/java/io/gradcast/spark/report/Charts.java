package io.gradcast.spark.report;

import java.util.Map;

/** The parts of a page that draw: D3, ours, and what they draw. */
final class Charts {

  private static final String D3 = "/META-INF/resources/webjars/d3/7.9.0/";

  private Charts() {}

  /**
   * Puts them into a page.
   *
   * @param script among the resources
   * @param data that it draws, as JSON
   */
  static void put(String script, String data, Map<String, Object> page) {
    page.put("d3", Resources.text(D3 + "dist/d3.min.js"));
    page.put("licence", Resources.text(D3 + "LICENSE"));
    page.put("js", Resources.text("drawing.js") + Resources.text(script));
    page.put("data", data);
  }
}
