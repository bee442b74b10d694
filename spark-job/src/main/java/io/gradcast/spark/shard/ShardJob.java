package io.gradcast.spark.shard;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * A Spark job that computes one result from each partition's shards, as lean as Spark has them. Its
 * function is an object of a named class: for a lambda Spark would read and take apart bytecode on
 * every run, to see what it captures.
 *
 * @param <R> type of a result
 */
public abstract class ShardJob<R> implements Serializable {

  private static final long serialVersionUID = 1;

  private final Class<R> type;

  protected ShardJob(Class<R> type) {
    this.type = type;
  }

  /** The result of some shards; on an executor. */
  protected abstract R compute(Iterator<Shard> shards);

  /** Runs the job; one result a partition, in their order, merged by nobody. */
  @SuppressWarnings("unchecked")
  public final R[] run(JavaRDD<Shard> shards) {
    return (R[])
        shards.context().runJob(shards.rdd(), new Body<>(this), ClassTag$.MODULE$.apply(type));
  }

  private static final class Body<R>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<Shard>, R>
      implements Serializable {

    private static final long serialVersionUID = 1;

    private final ShardJob<R> job;

    Body(ShardJob<R> job) {
      this.job = job;
    }

    @Override
    public R apply(TaskContext context, scala.collection.Iterator<Shard> shards) {
      return job.compute(CollectionConverters.asJava(shards));
    }
  }
}
