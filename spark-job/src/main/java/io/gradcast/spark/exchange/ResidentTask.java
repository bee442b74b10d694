package io.gradcast.spark.exchange;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Holder;
import io.gradcast.engine.train.NetworkGang;
import io.gradcast.engine.train.ShardedGradient;
import io.gradcast.spark.shard.Gangs;
import io.gradcast.spark.shard.Shard;
import io.gradcast.spark.shard.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * A task that stays for all rounds of an epoch that are left: it computes the gradients of its
 * shards, with all the threads it was given, for whatever round the driver is at.
 *
 * @param job for which the driver knows it
 * @param epoch from 0
 */
record ResidentTask(long job, int epoch, Task task) implements VoidFunction<Iterator<Shard>> {

  @Override
  public void call(Iterator<Shard> shards) {
    List<Part> parts = new ArrayList<>();
    while (shards.hasNext()) {
      parts.add(Part.of(shards.next().samples(), task, epoch));
    }
    Gangs.use(task.network(), gang -> serve(parts, gang));
  }

  private void serve(List<Part> parts, NetworkGang gang) {
    TaskContext context = TaskContext.get();
    ShardedGradient gradient = new ShardedGradient(gang, task.recipe());
    try (Crew.Member member =
        Crew.join(
            job,
            context.partitionId(),
            gang.size(),
            ResidentPlugin::ask,
            context::killTaskIfInterrupted)) {
      for (int round = member.next(); round != Answer.OVER; round = member.next()) {
        member.sum().clear();
        gradient.begin(epoch, member.parameters(), member.sum());
        for (Part part : parts) {
          part.gradient(round, gradient);
        }
        gradient.end();
      }
    }
  }

  /** A shard and its rows in the order of the epoch, which no other task may turn to another. */
  private record Part(Holder holder, EpochRows rows) {

    static Part of(Holder holder, Task task, int epoch) {
      EpochRows rows = task.rows(holder);
      rows.begin(epoch);
      return new Part(holder, rows);
    }

    void gradient(int minibatch, ShardedGradient into) {
      into.add(holder, rows.rows(), rows.start(minibatch), rows.start(minibatch + 1));
    }
  }
}
