package io.gradcast.spark.exchange;

import io.gradcast.engine.data.EpochRows;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import io.gradcast.engine.tensor.GradientSum;
import io.gradcast.engine.train.NetworkGang;
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
    TaskContext context = TaskContext.get();
    Network network = new Network(NetworkSpec.parseJson(task.network(), "the network of this job"));
    List<Part> parts = new ArrayList<>();
    while (shards.hasNext()) {
      parts.add(Part.of(shards.next().samples(), task, epoch));
    }
    try (NetworkGang gang = new NetworkGang(network, context.cpus());
        Crew.Member member =
            Crew.join(
                job,
                context.partitionId(),
                gang.size(),
                ResidentPlugin::ask,
                context::killTaskIfInterrupted)) {
      for (int round = member.next(); round != Answer.OVER; round = member.next()) {
        GradientSum sum = member.sum();
        sum.clear();
        for (Part part : parts) {
          part.gradient(gang, round, member.parameters(), task.batchSize(), sum);
        }
      }
    }
  }

  /** A shard and its rows in the order of the epoch, which no other task may turn to another. */
  private record Part(Samples samples, EpochRows rows) {

    static Part of(Samples samples, Task task, int epoch) {
      EpochRows rows = new EpochRows(samples, task.seed(), task.sampleCount(), task.batchSize());
      rows.begin(epoch);
      return new Part(samples, rows);
    }

    void gradient(
        NetworkGang gang, int minibatch, float[] parameters, int batchSize, GradientSum sum) {
      int from = rows.start(minibatch);
      int to = rows.start(minibatch + 1);
      if (from < to) {
        gang.gradient(samples, rows.rows(), from, to, parameters, batchSize, sum);
      }
    }
  }
}
