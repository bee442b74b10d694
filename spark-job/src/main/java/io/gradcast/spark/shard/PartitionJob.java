package io.gradcast.spark.shard;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * A Spark job that computes one result from each partition, as lean as Spark has them. Its function
 * is an object of a named class: for a lambda Spark would read and take apart bytecode on every
 * run, to see what it captures.
 *
 * @param <T> type of a partition's elements
 * @param <R> type of a result
 */
public abstract class PartitionJob<T, R> implements Serializable {

  private static final long serialVersionUID = 1;

  private final Class<R> type;

  protected PartitionJob(Class<R> type) {
    this.type = type;
  }

  /** The result of a partition; on an executor. */
  protected abstract R compute(Iterator<T> elements);

  /** Runs the job; one result a partition, in their order, merged by nobody. */
  @SuppressWarnings("unchecked")
  public final R[] run(JavaRDD<T> rdd) {
    return (R[]) rdd.context().runJob(rdd.rdd(), new Body<>(this), ClassTag$.MODULE$.apply(type));
  }

  private static final class Body<T, R>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, R>
      implements Serializable {

    private static final long serialVersionUID = 1;

    private final PartitionJob<T, R> job;

    Body(PartitionJob<T, R> job) {
      this.job = job;
    }

    @Override
    public R apply(TaskContext context, scala.collection.Iterator<T> elements) {
      return job.compute(CollectionConverters.asJava(elements));
    }
  }
}
