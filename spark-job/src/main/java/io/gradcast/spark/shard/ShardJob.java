package io.gradcast.spark.shard;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
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

  /** An empty result. */
  protected abstract R begin();

  /** Adds what a shard contributes; on an executor. */
  protected abstract void add(Shard shard, R result);

  /** Runs the job; one result a partition, in their order, merged by nobody. */
  @SuppressWarnings("unchecked")
  public final R[] run(Shards shards) {
    return (R[])
        shards
            .rdd()
            .context()
            .runJob(shards.rdd().rdd(), new Body<>(this), ClassTag$.MODULE$.apply(type));
  }

  private static final class Body<R> extends AbstractFunction2<TaskContext, Iterator<Shard>, R>
      implements Serializable {

    private static final long serialVersionUID = 1;

    private final ShardJob<R> job;

    Body(ShardJob<R> job) {
      this.job = job;
    }

    @Override
    public R apply(TaskContext context, Iterator<Shard> shards) {
      R result = job.begin();
      while (shards.hasNext()) {
        job.add(shards.next(), result);
      }
      return result;
    }
  }
}
