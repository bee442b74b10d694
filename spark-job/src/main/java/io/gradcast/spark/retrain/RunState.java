package io.gradcast.spark.retrain;

import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Fields;
import io.gradcast.engine.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run knows of itself when it is started again.
 *
 * @param runId its name
 * @param identity of the data and the settings, which another start must share to go on
 * @param champion when it began, from which a warm start begins; empty if there was none
 * @param started when it began, in milliseconds since 1970
 * @param starts how often it was started, this time included
 */
record RunState(String runId, String identity, String champion, long started, int starts) {

  RunState startedAgain() {
    return new RunState(runId, identity, champion, started, starts + 1);
  }

  byte[] toBytes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runId", runId);
    fields.put("identity", identity);
    fields.put("champion", champion);
    fields.put("started", started);
    fields.put("starts", starts);
    return Json.write(fields).getBytes(StandardCharsets.UTF_8);
  }

  static RunState fromBytes(byte[] bytes, String where) {
    Fields fields = Fields.parse(Kind.OUTPUT, new String(bytes, StandardCharsets.UTF_8), where);
    return new RunState(
        fields.text("runId"),
        fields.text("identity"),
        fields.text("champion"),
        fields.integer("started", 0, Long.MAX_VALUE),
        (int) fields.integer("starts", 1, Integer.MAX_VALUE));
  }
}
