package io.gradcast.spark.shard;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/** What Spark's UI says of the jobs that the calling thread starts. */
public final class JobDescription {

  private static final String PROPERTY = "spark.job.description";

  private JobDescription() {}

  /** Does some work under a description, and leaves that which was there before. */
  public static <T> T during(SparkContext context, String description, Supplier<T> work) {
    String former = context.getLocalProperty(PROPERTY);
    context.setJobDescription(description);
    try {
      return work.get();
    } finally {
      context.setJobDescription(former);
    }
  }
}
