package io.gradcast.spark.source;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data of one training.
 *
 * @param validation what is measured in its course; where there is none, a part held out of the
 *     training data, or the test data
 */
public record Sources(Source train, Optional<Source> validation, Source test) {

  /** Each data set once, whatever parts of it are used. */
  public Set<Source> distinct() {
    return Stream.concat(Stream.of(train, test), validation.stream())
        .map(source -> source instanceof Part part ? part.whole() : source)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
