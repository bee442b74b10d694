package io.gradcast.spark.source;

import java.util.Optional;

/**
 * The data of one training.
 *
 * @param validation what is measured in its course; where there is none, a part held out of the
 *     training data, or the test data
 */
public record Sources(Source train, Optional<Source> validation, Source test) {}
