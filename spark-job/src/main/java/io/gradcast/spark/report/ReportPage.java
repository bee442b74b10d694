package io.gradcast.spark.report;

import com.samskivert.mustache.Mustache;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Writes a report as one HTML page: {@code report.html} filled with what the report tells. */
public final class ReportPage {

  /** The file's name in the output of a training. */
  public static final String FILE = "report.html";

  private ReportPage() {}

  /** The page, in UTF-8. */
  public static byte[] write(Report report) {
    Map<String, Object> page = new HashMap<>();
    RunSections.put(report, page);
    ResultSections.put(report, page);
    PictureSections.put(report, page);
    page.put("css", Resources.text("report.css"));
    Charts.put("report.js", ChartData.of(report), page);
    // Whatever is put in with two braces is escaped.
    String html = Mustache.compiler().compile(Resources.text("report.html")).execute(page);
    return html.getBytes(StandardCharsets.UTF_8);
  }
}
