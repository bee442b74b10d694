package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Interval;
import io.gradcast.engine.data.Augmentation;
import io.gradcast.engine.eval.Monitor;
import io.gradcast.engine.optim.Adam;
import io.gradcast.engine.optim.AdamW;
import io.gradcast.engine.optim.Clipping;
import io.gradcast.engine.optim.ConstantRate;
import io.gradcast.engine.optim.CosineDecay;
import io.gradcast.engine.optim.ExponentialDecay;
import io.gradcast.engine.optim.Momentum;
import io.gradcast.engine.optim.Nesterov;
import io.gradcast.engine.optim.Optimizer;
import io.gradcast.engine.optim.ReduceOnPlateau;
import io.gradcast.engine.optim.Schedule;
import io.gradcast.engine.optim.Sgd;
import io.gradcast.engine.optim.StepDecay;
import io.gradcast.engine.optim.WarmUp;
import io.gradcast.engine.train.TrainingConfig;
import io.gradcast.engine.train.Watch;
import java.util.Set;

/**
 * What decides the bytes of a model, from the settings: which of them go together, and defaults.
 */
final class TrainingSettings {

  private enum Optimizers {
    SGD,
    MOMENTUM,
    NESTEROV,
    ADAM,
    ADAMW
  }

  private enum Schedules {
    CONSTANT,
    STEP,
    EXPONENTIAL,
    COSINE,
    PLATEAU
  }

  private static final Set<Optimizers> WITH_VELOCITY =
      Set.of(Optimizers.MOMENTUM, Optimizers.NESTEROV);
  private static final Set<Optimizers> WITH_MOMENTS = Set.of(Optimizers.ADAM, Optimizers.ADAMW);

  private final Settings settings;
  private final Optimizers optimizer;
  private final Schedules schedule;

  private TrainingSettings(Settings settings) {
    this.settings = settings;
    optimizer = settings.choice(Setting.OPTIMIZER, Optimizers.class);
    schedule = settings.choice(Setting.SCHEDULE, Schedules.class);
  }

  /** The configuration of a training. */
  static TrainingConfig of(Settings settings) {
    return new TrainingSettings(settings).config();
  }

  private TrainingConfig config() {
    Optimizer chosen = optimizer();
    TrainingConfig config =
        new TrainingConfig(
            settings.integer(Setting.EPOCHS, 1),
            settings.integer(Setting.BATCH_SIZE, 1),
            number(Setting.LEARNING_RATE, chosen.usualRate()),
            settings.seed());
    return config
        .with(chosen)
        .with(warmedUp(schedule()))
        .with(clipping())
        .with(watch())
        .with(augmentation())
        .withValidation(validation());
  }

  private Optimizer optimizer() {
    requireUse(Setting.MOMENTUM, Setting.OPTIMIZER, WITH_VELOCITY.contains(optimizer));
    requireUse(Setting.BETA1, Setting.OPTIMIZER, WITH_MOMENTS.contains(optimizer));
    requireUse(Setting.BETA2, Setting.OPTIMIZER, WITH_MOMENTS.contains(optimizer));
    requireUse(Setting.EPSILON, Setting.OPTIMIZER, WITH_MOMENTS.contains(optimizer));
    double momentum = number(Setting.MOMENTUM, Momentum.USUAL);
    double beta1 = number(Setting.BETA1, Adam.BETA1);
    double beta2 = number(Setting.BETA2, Adam.BETA2);
    double epsilon = number(Setting.EPSILON, Adam.EPSILON);
    double decay = number(Setting.WEIGHT_DECAY, optimizer == Optimizers.ADAMW ? AdamW.DECAY : 0);
    return switch (optimizer) {
      case SGD -> new Sgd(decay);
      case MOMENTUM -> new Momentum(momentum, decay);
      case NESTEROV -> new Nesterov(momentum, decay);
      case ADAM -> new Adam(beta1, beta2, epsilon, decay);
      case ADAMW -> new AdamW(beta1, beta2, epsilon, decay);
    };
  }

  private Schedule schedule() {
    boolean counts = schedule == Schedules.STEP || schedule == Schedules.PLATEAU;
    requireUse(Setting.DECAY, Setting.SCHEDULE, counts || schedule == Schedules.EXPONENTIAL);
    requireUse(Setting.DECAY_AFTER, Setting.SCHEDULE, counts);
    requireUse(Setting.DECAY_FLOOR, Setting.SCHEDULE, schedule == Schedules.COSINE);
    double decay = number(Setting.DECAY, schedule == Schedules.EXPONENTIAL ? 0.95 : 0.1);
    int after = settings.has(Setting.DECAY_AFTER) ? settings.integer(Setting.DECAY_AFTER, 1) : 10;
    return switch (schedule) {
      case CONSTANT -> new ConstantRate();
      case STEP -> new StepDecay(decay, after);
      case EXPONENTIAL -> new ExponentialDecay(decay);
      case COSINE -> new CosineDecay(number(Setting.DECAY_FLOOR, 0));
      case PLATEAU -> new ReduceOnPlateau(decay, after);
    };
  }

  private Schedule warmedUp(Schedule then) {
    return settings.has(Setting.WARM_UP) ? new WarmUp(interval(Setting.WARM_UP), then) : then;
  }

  private Clipping clipping() {
    return new Clipping(
        number(Setting.CLIP_NORM, Double.POSITIVE_INFINITY),
        number(Setting.CLIP_VALUE, Double.POSITIVE_INFINITY));
  }

  private Augmentation augmentation() {
    return new Augmentation(
        settings.number(Setting.AUGMENT_SHIFT),
        settings.number(Setting.AUGMENT_ROTATE),
        settings.number(Setting.AUGMENT_SCALE),
        settings.flag(Setting.AUGMENT_FLIP),
        settings.number(Setting.AUGMENT_ERASE),
        settings.number(Setting.AUGMENT_ELASTIC));
  }

  private Watch watch() {
    int patience = settings.integer(Setting.PATIENCE, 0);
    Monitor monitor = settings.choice(Setting.MONITOR, Monitor.class);
    if (monitor != Monitor.LOSS && patience == 0 && schedule != Schedules.PLATEAU) {
      throw GradcastException.usage(
          "monitor: expected patience or schedule = plateau, which go by it, found neither");
    }
    return new Watch(interval(Setting.EVALUATE_EVERY), monitor, patience);
  }

  /** The part that is held out; 0 where there is none. */
  private double validation() {
    return settings.has(Setting.VALIDATION) && !isData(settings, Setting.VALIDATION)
        ? part(settings, Setting.VALIDATION)
        : 0;
  }

  /** A part of the data that is to be held out. */
  static double part(Settings settings, Setting setting) {
    double part = settings.number(setting);
    GradcastException.require(
        part > 0, setting.key(), "a part of the data, above 0 and below 1", settings.text(setting));
    return part;
  }

  /** Whether a setting names other data than the training data, and no part of these. */
  static boolean isData(Settings settings, Setting setting) {
    String text = settings.text(setting);
    try {
      Double.parseDouble(text);
      return false;
    } catch (NumberFormatException e) {
      return !text.isEmpty();
    }
  }

  private double number(Setting setting, double fallback) {
    return settings.has(setting) ? settings.number(setting) : fallback;
  }

  private Interval interval(Setting setting) {
    return Interval.parse(setting.key(), settings.text(setting));
  }

  /** A value that nothing would use is a mistake. */
  private void requireUse(Setting setting, Setting of, boolean used) {
    if (settings.has(setting) && !used) {
      throw GradcastException.usage(
          "%s: expected none with %s = %s, found %s"
              .formatted(setting.key(), of.key(), settings.text(of), settings.text(setting)));
    }
  }
}
