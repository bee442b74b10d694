package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What programs are told of a run that is over: the last line of output, and the hooks. */
public final class RunSummary {

  private RunSummary() {}

  /** The fields of the line. */
  public static Map<String, Object> of(RunRecord record, String store) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("run", record.runId());
    summary.put("outcome", record.outcome().text());
    summary.put("exitCode", record.exitCode());
    summary.put("reason", record.reason());
    summary.put("store", store);
    summary.put("version", record.training().version());
    summary.put("champion", record.champion());
    summary.put("formerChampion", record.formerChampion());
    summary.put("accuracy", record.comparison().accuracy());
    summary.put("championAccuracy", record.comparison().championAccuracy());
    summary.put("pValue", record.comparison().pValue());
    summary.put("samples", record.data().samples());
    summary.put("seconds", record.seconds());
    summary.put("starts", record.resumed() + 1);
    summary.put("warnings", record.warnings());
    return summary;
  }

  /** The same of a run that did not begin, or lost its lock. */
  public static Map<String, Object> locked(String run, GradcastException why, String store) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("run", run);
    summary.put("outcome", "locked");
    summary.put("exitCode", why.kind().exitCode());
    summary.put("reason", why.getMessage());
    summary.put("store", store);
    return summary;
  }

  /** What a hook finds in its environment. */
  public static Map<String, String> environment(RunRecord record, String summary) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("GRADCAST_RUN", record.runId());
    environment.put("GRADCAST_OUTCOME", record.outcome().text());
    environment.put("GRADCAST_EXIT_CODE", Integer.toString(record.exitCode()));
    environment.put("GRADCAST_VERSION", record.training().version());
    environment.put("GRADCAST_CHAMPION", record.champion());
    environment.put("GRADCAST_SUMMARY", summary);
    return environment;
  }
}
