package io.gradcast.engine.kernel;

/**
 * The sizes of a normalisation, which its layer has checked.
 *
 * @param channels of the input, a multiple of groups
 * @param rows of a channel
 * @param columns of a row
 * @param groups of channels, each normalised by itself
 * @param perElement whether each element has a weight and bias of its own; else each channel
 * @param epsilon added to the variance
 */
public record NormalizationShape(
    int channels, int rows, int columns, int groups, boolean perElement, float epsilon) {

  /** Weights, of which there are as many biases. */
  public int weights() {
    return perElement ? channels * rows * columns : channels;
  }

  /** Rows of a group, over all of its channels. */
  int groupRows() {
    return channels / groups * rows;
  }

  /** Elements of a group. */
  int groupSize() {
    return groupRows() * columns;
  }

  /** The number of the weight of the first element of a row, and its distance to the next's. */
  int weight(int row) {
    return perElement ? row * columns : row / rows;
  }

  int weightStep() {
    return perElement ? 1 : 0;
  }
}
