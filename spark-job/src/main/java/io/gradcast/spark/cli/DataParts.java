package io.gradcast.spark.cli;

import io.gradcast.spark.source.DataSources;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.IdxSource.Split;
import io.gradcast.spark.source.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data of commands that take all of them. */
final class DataParts {

  private DataParts() {}

  /** Training and test data by these names; where there is no such division all, without a name. */
  static Map<String, Source> open(Session session, DataSpec spec) {
    return JobProgress.during(
        session,
        "reading",
        () -> {
          DataSources data = new DataSources(session.spark());
          Source all = data.open(spec, Split.TRAIN, List.of());
          if (!data.hasPart(spec, Split.TEST)) {
            return Map.of("", all);
          }
          Map<String, Source> parts = new LinkedHashMap<>();
          parts.put("train", all);
          parts.put("test", data.open(spec, Split.TEST, all.classes()));
          return parts;
        });
  }
}
