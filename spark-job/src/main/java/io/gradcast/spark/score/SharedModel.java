package io.gradcast.spark.score;

import io.gradcast.engine.model.Model;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkSpec;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A model that tasks can take along: its parameters come to each executor once, and are there once
 * for all of its threads.
 */
public final class SharedModel implements Serializable, AutoCloseable {

  private static final long serialVersionUID = 1;

  private final String network;
  private final String[] classes;
  private final Broadcast<float[]> parameters;

  /** Of a model whose parameters do not change any more. */
  public SharedModel(JavaSparkContext context, Model model) {
    network = model.network().spec().text();
    classes = model.classes().toArray(String[]::new);
    parameters = context.broadcast(model.parameters());
  }

  /** A new scorer, for one thread of an executor. */
  public Scorer scorer() {
    Network own = new Network(NetworkSpec.parseJson(network, "the network of this job"));
    return new Scorer(own, parameters.value(), List.of(classes));
  }

  /** Lets go of it everywhere; no job may need it any more. */
  @Override
  public void close() {
    parameters.destroy();
  }
}
