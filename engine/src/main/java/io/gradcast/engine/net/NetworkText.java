package io.gradcast.engine.net;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A network as a user has written it (HOCON), which may leave some things to the data: its input,
 * where the text has none; {@code ${classes}}; whether samples have several labels; and {@code
 * normalize = data}.
 */
public final class NetworkText {

  private final Config config;
  private final String origin;

  private NetworkText(Config config, String origin) {
    this.config = config;
    this.origin = origin;
  }

  /**
   * Reads a text.
   *
   * @param origin where it is from, for messages
   */
  public static NetworkText parse(String text, String origin) {
    return parse(text, origin, ConfigSyntax.CONF);
  }

  static NetworkText parse(String text, String origin, ConfigSyntax syntax) {
    try {
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setSyntax(syntax).setOriginDescription(origin);
      return new NetworkText(ConfigFactory.parseString(text, options), origin);
    } catch (ConfigException e) {
      throw new GradcastException(GradcastException.Kind.USAGE, origin + ": " + e.getMessage(), e);
    }
  }

  /** One of the networks that come with Gradcast, by its name. */
  public static NetworkText named(String name) {
    String resource = "networks/" + name + ".net";
    try (InputStream in = GradcastException.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw GradcastException.usage(
            "network: expected the name of a network in conf/networks or a file, found " + name);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), "network " + name);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + resource + " from our own jar", e);
    }
  }

  /** The same text with another value, itself as text, at a key. */
  public NetworkText with(String key, String value) {
    NetworkText other = parse(key + " = " + value, origin + ", " + key);
    return new NetworkText(other.config.withFallback(config.withoutPath(key)), origin);
  }

  /** Whether the data are to be gone over before the network is known. */
  public boolean wantsStatistics() {
    return is(NetworkSpec.NORMALIZE, "data") || is(NetworkSpec.CLASS_WEIGHTS, "balanced");
  }

  private boolean is(String key, String value) {
    return config.root().containsKey(key) && config.root().get(key).unwrapped().equals(value);
  }

  /** The same without what is to be measured, for whoever goes over the data. */
  public NetworkText unmeasured() {
    return with(NetworkSpec.NORMALIZE, "none").with(NetworkSpec.CLASS_WEIGHTS, "none");
  }

  /** The network, where the facts have all that the text leaves open. */
  public NetworkSpec resolve(DataFacts facts) {
    try {
      Config open = config;
      if (facts.input() != null) {
        open = open.withFallback(ConfigFactory.parseString("input = " + sides(facts.input())));
      }
      if (facts.severalLabels()) {
        open =
            open.withFallback(
                ConfigFactory.parseString(NetworkSpec.LABELS + " = " + NetworkSpec.SEVERAL));
      }
      // The facts are looked up, but are no part of the text.
      String classes = facts.classes() > 0 ? "classes = " + facts.classes() : "";
      Config resolved = open.resolveWith(open.withFallback(ConfigFactory.parseString(classes)));
      if (is(NetworkSpec.NORMALIZE, "data")) {
        resolved = withNormalization(resolved, facts);
      }
      if (is(NetworkSpec.CLASS_WEIGHTS, "balanced")) {
        resolved = withClassWeights(resolved, facts);
      }
      return NetworkSpec.read(resolved, resolved.root().render(ConfigRenderOptions.concise()));
    } catch (ConfigException.UnresolvedSubstitution e) {
      throw new GradcastException(
          GradcastException.Kind.USAGE,
          origin + ": expected values for all of its ${...}, found one without: " + e.getMessage(),
          e);
    } catch (ConfigException | IllegalArgumentException | ArithmeticException e) {
      throw new GradcastException(GradcastException.Kind.USAGE, origin + ": " + e.getMessage(), e);
    } catch (GradcastException e) {
      throw new GradcastException(e.kind(), origin + ": " + e.getMessage(), e);
    }
  }

  private static String sides(Shape shape) {
    return "[%d, %d, %d]".formatted(shape.channels(), shape.height(), shape.width());
  }

  private static Config withNormalization(Config config, DataFacts facts) {
    if (facts.mean().isEmpty()) {
      throw GradcastException.usage(
          "normalize: expected data from which to take the mean, found none");
    }
    String text =
        "%s { mean = %s, deviation = %s }"
            .formatted(
                NetworkSpec.NORMALIZE,
                Normalization.decimals(facts.mean()),
                Normalization.decimals(facts.deviation()));
    return ConfigFactory.parseString(text).withFallback(config.withoutPath(NetworkSpec.NORMALIZE));
  }

  /** By which each class counts as much as the others: labels / (classes * labels of it). */
  private static Config withClassWeights(Config config, DataFacts facts) {
    if (facts.samples().isEmpty()) {
      throw GradcastException.usage(
          "class-weights: expected data of which to count the classes, found none");
    }
    long all = facts.samples().stream().mapToLong(Long::longValue).sum();
    double share = (double) all / facts.samples().size();
    List<Float> weights =
        facts.samples().stream().map(count -> count == 0 ? 1f : (float) (share / count)).toList();
    String text = "%s = %s".formatted(NetworkSpec.CLASS_WEIGHTS, Normalization.decimals(weights));
    return ConfigFactory.parseString(text)
        .withFallback(config.withoutPath(NetworkSpec.CLASS_WEIGHTS));
  }
}
