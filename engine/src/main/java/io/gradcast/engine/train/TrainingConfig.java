package io.gradcast.engine.train;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Version;
import io.gradcast.engine.data.Augmentation;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.ValidationSplit;
import io.gradcast.engine.model.Provenance;
import io.gradcast.engine.net.Recipe;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.ConstantRate;
import io.gradcast.engine.optim.Optimizer;
import io.gradcast.engine.optim.Schedule;
import io.gradcast.engine.optim.Sgd;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What decides the bytes of a trained model, besides the network and the data.
 *
 * @param epochs passes over the data at most, from 1
 * @param batchSize samples a minibatch, from 1 to {@value #LARGEST_BATCH}
 * @param learningRate above 0 and finite; the paper's alpha
 * @param seed of the initial parameters, of the order of samples and of what is held out
 * @param schedule of the learning rate
 * @param validation what part of the training data is held out and watched, instead of the test
 *     data; from 0, below 1
 * @param augmentation of training images
 * @param warmStart SHA-256 of the model whose parameters the training begins with, instead of those
 *     of the seed; in hexadecimal
 */
public record TrainingConfig(
    int epochs,
    int batchSize,
    double learningRate,
    long seed,
    Optimizer optimizer,
    Schedule schedule,
    Clipping clipping,
    Watch watch,
    double validation,
    Augmentation augmentation,
    Optional<String> warmStart) {

  /** With it a sample's gradient may still be 4 in magnitude before a sum could overflow. */
  public static final int LARGEST_BATCH = 1 << 20;

  public TrainingConfig {
    GradcastException.require(epochs >= 1, "epochs", "1 or more", epochs);
    GradcastException.require(
        batchSize >= 1 && batchSize <= LARGEST_BATCH,
        "batch-size",
        "1 to " + LARGEST_BATCH,
        batchSize);
    GradcastException.require(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning-rate",
        "a number above 0",
        learningRate);
    GradcastException.require(
        validation >= 0 && validation < 1,
        "validation",
        "a part of the data, above 0 and below 1",
        validation);
  }

  /** Gradient descent as in the paper, measured after each epoch. */
  public TrainingConfig(int epochs, int batchSize, double learningRate, long seed) {
    this(
        epochs,
        batchSize,
        learningRate,
        seed,
        new Sgd(),
        new ConstantRate(),
        Clipping.NONE,
        Watch.EPOCHS,
        0,
        Augmentation.NONE,
        Optional.empty());
  }

  public TrainingConfig with(Optimizer other) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        other,
        schedule,
        clipping,
        watch,
        validation,
        augmentation,
        warmStart);
  }

  public TrainingConfig with(Schedule other) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        optimizer,
        other,
        clipping,
        watch,
        validation,
        augmentation,
        warmStart);
  }

  public TrainingConfig with(Clipping other) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        optimizer,
        schedule,
        other,
        watch,
        validation,
        augmentation,
        warmStart);
  }

  public TrainingConfig with(Watch other) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        optimizer,
        schedule,
        clipping,
        other,
        validation,
        augmentation,
        warmStart);
  }

  public TrainingConfig with(Augmentation other) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        optimizer,
        schedule,
        clipping,
        watch,
        validation,
        other,
        warmStart);
  }

  public TrainingConfig withLearningRate(double other) {
    return new TrainingConfig(
        epochs,
        batchSize,
        other,
        seed,
        optimizer,
        schedule,
        clipping,
        watch,
        validation,
        augmentation,
        warmStart);
  }

  public TrainingConfig withValidation(double part) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        optimizer,
        schedule,
        clipping,
        watch,
        part,
        augmentation,
        warmStart);
  }

  /**
   * The same, but it begins with the parameters of a model. They are given to the training by a
   * {@link CheckpointPlan}.
   *
   * @param modelSha256 of the model's file, in hexadecimal
   */
  public TrainingConfig startingFrom(String modelSha256) {
    return new TrainingConfig(
        epochs,
        batchSize,
        learningRate,
        seed,
        optimizer,
        schedule,
        clipping,
        watch,
        validation,
        augmentation,
        Optional.of(modelSha256));
  }

  /** What of it decides the gradient of a sample. */
  public Recipe recipe() {
    return new Recipe(seed, batchSize, augmentation);
  }

  /** Minibatches of an epoch, the last of which may be short. */
  public int iterations(long samples) {
    return Math.toIntExact((samples + batchSize - 1) / batchSize);
  }

  /**
   * Which samples are held out, where {@link #validation} says that some are.
   *
   * @param samples of the data that are split
   */
  public ValidationSplit split(long samples) {
    return new ValidationSplit(seed, samples, validation);
  }

  /** Whether what is measured has a part in the model. */
  private boolean dependsOnMeasurements() {
    return watch.keepsBest() || schedule.dependsOnMeasurements();
  }

  /**
   * All that the model of a training with these settings depends on, beside the network.
   *
   * @param train of the samples that are trained on
   * @param samples how many these are
   * @param watched of those that are measured on
   */
  public Provenance provenance(Fingerprint train, long samples, Fingerprint watched) {
    SortedMap<String, Object> settings = settings();
    if (dependsOnMeasurements()) {
      settings.put("watched-fingerprint", watched.toString());
    }
    return new Provenance(
        Version.current(),
        train.toString(),
        samples,
        epochs,
        batchSize,
        learningRate,
        seed,
        settings);
  }

  /** By the keys of the settings, those that the four numbers above do not say. */
  private SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>();
    if (!optimizer.equals(new Sgd())) {
      settings.putAll(optimizer.settings());
    }
    if (!schedule.equals(new ConstantRate())) {
      settings.putAll(schedule.settings());
    }
    if (schedule.dependsOnEnd()) {
      settings.put("epochs", (long) epochs);
    }
    settings.putAll(clipping.settings());
    settings.putAll(augmentation.settings());
    if (dependsOnMeasurements()) {
      settings.putAll(watch.settings());
    }
    if (validation > 0) {
      settings.put("validation", validation);
    }
    warmStart.ifPresent(sha256 -> settings.put("warm-start", sha256));
    return settings;
  }
}
