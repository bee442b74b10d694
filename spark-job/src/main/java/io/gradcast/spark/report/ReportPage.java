package io.gradcast.spark.report;

import com.samskivert.mustache.Mustache;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes a report as one HTML page: {@code report.html} filled with what the report tells. */
public final class ReportPage {

  /** The file's name in the output of a training. */
  public static final String FILE = "report.html";

  private static final String D3 = "/META-INF/resources/webjars/d3/7.9.0/";

  private ReportPage() {}

  /** The page, in UTF-8. */
  public static byte[] write(Report report) {
    Map<String, Object> page = new HashMap<>();
    RunSections.put(report, page);
    ResultSections.put(report, page);
    PictureSections.put(report, page);
    page.put("css", Resources.text("report.css"));
    page.put("js", Resources.text("report.js"));
    page.put("d3", Resources.text(D3 + "dist/d3.min.js"));
    page.put("licence", Resources.text(D3 + "LICENSE"));
    page.put("data", ChartData.of(report));
    // Whatever is put in with two braces is escaped.
    String html = Mustache.compiler().compile(Resources.text("report.html")).execute(page);
    return html.getBytes(StandardCharsets.UTF_8);
  }
}
