package io.gradcast.engine.net;

import io.gradcast.engine.data.Augmentation;
import java.io.Serializable;

/**
 * What the gradient of a sample depends on in training, beside the network, the parameters, the
 * sample and the epoch.
 *
 * @param seed of all that is drawn
 * @param batchSize samples in a whole minibatch, from which the range of a sum is known
 * @param augmentation of images
 */
public record Recipe(long seed, int batchSize, Augmentation augmentation) implements Serializable {

  /** With images as they are. */
  public Recipe(long seed, int batchSize) {
    this(seed, batchSize, Augmentation.NONE);
  }
}
