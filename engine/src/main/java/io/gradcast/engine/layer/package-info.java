/**
 * The layers, one file each, forward directly above backward, with the equation numbers of Zhang,
 * "Derivation of Backpropagation in Convolutional Neural Network (CNN)", University of Tennessee,
 * 2016. The letters are those of the tensor package.
 */
package io.gradcast.engine.layer;
