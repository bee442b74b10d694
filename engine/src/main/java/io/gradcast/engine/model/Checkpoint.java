package io.gradcast.engine.model;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.net.Network;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A training on its way, with all by which it can be told from others. It may only go on as what it
 * was, or its end would not be that of an undisturbed one.
 *
 * @param provenance of the model that is to be; its epochs are those that were asked for
 */
public record Checkpoint(Network network, Provenance provenance, TrainingState state) {

  /** What is not said of a run is as in plain gradient descent. */
  private static final String UNSET = "none";

  /** Minibatches done since the training began, of all epochs. */
  public long iterations() {
    return state.epoch() * minibatches(provenance) + state.minibatch();
  }

  /** Minibatches of one epoch. */
  static long minibatches(Provenance provenance) {
    return (provenance.samples() - 1) / provenance.batchSize() + 1;
  }

  /**
   * Checks that a run may go on from here. It may have more or fewer epochs than this one was to
   * have, but not end before the position.
   *
   * @param where the checkpoint's name, for messages
   */
  public void requireContinuedBy(Network newNetwork, Provenance run, String where) {
    same(where, "version of Gradcast", run.version(), provenance.version());
    requireNetwork(newNetwork.spec().text(), where);
    same(where, "batch-size", run.batchSize(), provenance.batchSize());
    same(where, "learning-rate", run.learningRate(), provenance.learningRate());
    same(where, "seed", run.seed(), provenance.seed());
    requireSettings(run.settings(), where);
    if (run.samples() != provenance.samples()
        || !run.dataFingerprint().equals(provenance.dataFingerprint())) {
      throw GradcastException.data(
          "%s: expected %s, as the training data are, found a run on %s"
              .formatted(where, data(run), data(provenance)));
    }
    int least = state.epoch() + (state.minibatch() > 0 ? 1 : 0);
    if (run.epochs() < least) {
      throw GradcastException.usage(
          "%s: expected a position within epochs = %d, found one in epoch %d"
              .formatted(where, run.epochs(), least));
    }
  }

  /** Names the first setting that differs, by the order of their names. */
  private void requireSettings(Map<String, Object> expected, String where) {
    Map<String, Object> found = provenance.settings();
    Set<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(found.keySet());
    for (String key : keys) {
      same(where, key, expected.getOrDefault(key, UNSET), found.getOrDefault(key, UNSET));
    }
  }

  private static String data(Provenance of) {
    return "%,d samples of fingerprint %s".formatted(of.samples(), of.dataFingerprint());
  }

  private static void same(String where, String key, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw GradcastException.usage(
          "%s: expected %s = %s, as this run has, found %s".formatted(where, key, expected, found));
    }
  }

  /** Shows the first place where two networks differ: their texts are long. */
  private void requireNetwork(String expected, String where) {
    String found = network.spec().text();
    if (!expected.equals(found)) {
      int same = 0;
      while (same < Math.min(expected.length(), found.length())
          && expected.charAt(same) == found.charAt(same)) {
        same++;
      }
      throw GradcastException.usage(
          "%s: expected the network of this run, with ...%s, found one with ...%s"
              .formatted(where, excerpt(expected, same), excerpt(found, same)));
    }
  }

  private static String excerpt(String text, int at) {
    return Fields.brief(text.substring(Math.max(0, at - 40)));
  }
}
