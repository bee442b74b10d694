package io.gradcast.spark.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueType;
import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.Nearest;
import java.io.File;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The settings of one run: a flag goes before --set, that before the file, that before the default.
 */
final class Settings {

  private static final String VALUE = "value";

  private final List<? extends Key> keys;
  private final Map<String, String> values = new HashMap<>();

  private Settings(List<? extends Key> keys) {
    this.keys = keys;
  }

  /** Gives a command the flags of some settings, and --conf and --set. */
  static void addOptions(CommandSpec command, Collection<? extends Key> settings) {
    for (Key setting : settings) {
      command.addOption(
          OptionSpec.builder(setting.flag())
              .paramLabel(setting.label())
              .arity(setting.isSwitch() ? "0..1" : "1")
              .fallbackValue("true")
              .type(String.class)
              .description(description(setting))
              .build());
    }
    command.addOption(
        OptionSpec.builder("--conf")
            .paramLabel("FILE")
            .type(File.class)
            .description("settings from a file like conf/gradcast.conf")
            .build());
    command.addOption(
        OptionSpec.builder("--set")
            .paramLabel("KEY=VALUE")
            .type(Map.class)
            .auxiliaryTypes(String.class, String.class)
            .description("one setting by its key in conf/gradcast.conf; repeatable")
            .build());
  }

  private static String description(Key setting) {
    String fallback = setting.defaultValue();
    return setting.help() + (fallback.isEmpty() ? "" : " (default: " + fallback + ")");
  }

  /** Brings together what a command line and its files say of a training. */
  static Settings of(ParseResult line) {
    return of(line, List.of(Setting.values()));
  }

  /** Brings together what a command line and its files say of some settings. */
  static Settings of(ParseResult line, List<? extends Key> keys) {
    Settings settings = new Settings(keys);
    for (Key setting : keys) {
      settings.values.put(setting.key(), setting.defaultValue());
    }
    File file = line.matchedOptionValue("--conf", (File) null);
    if (file != null) {
      settings.putAll(settings.read(file), file.getPath());
    }
    Map<String, String> set = line.matchedOptionValue("--set", Map.of());
    settings.putAll(set, "--set");
    for (Key setting : keys) {
      // A command may have a flag of its own by the name of a setting that it does not take.
      if (line.matchedOptionValue(setting.flag(), (Object) null) instanceof String given) {
        settings.values.put(setting.key(), given);
      }
    }
    return settings;
  }

  private Map<String, String> read(File file) {
    if (!file.isFile()) {
      throw GradcastException.usage("--conf: expected a file, found none at " + file);
    }
    try {
      Config config = ConfigFactory.parseFile(file).resolve();
      Map<String, String> values = new HashMap<>();
      for (String key : config.root().keySet()) {
        if (config.root().get(key).valueType() == ConfigValueType.OBJECT) {
          // Nested keys are unknown ones; the name of the outermost is enough to say so.
          values.put(key, "");
        } else if (config.root().get(key).valueType() == ConfigValueType.LIST && takesLists(key)) {
          values.put(key, config.root().get(key).render(ConfigRenderOptions.concise()));
        } else {
          values.put(key, config.getString(key));
        }
      }
      return values;
    } catch (ConfigException e) {
      throw new GradcastException(Kind.USAGE, "--conf: " + e.getMessage(), e);
    }
  }

  private boolean takesLists(String name) {
    return keys.stream().anyMatch(key -> key.key().equals(name) && key.label().contains("LIST"));
  }

  private void putAll(Map<String, String> given, String where) {
    List<String> names = keys.stream().map(Key::key).toList();
    for (Map.Entry<String, String> entry : given.entrySet()) {
      if (!names.contains(entry.getKey())) {
        throw GradcastException.usage(
            "%s: there is no key %s. %s"
                .formatted(where, entry.getKey(), Nearest.question(entry.getKey(), names)));
      }
      values.put(entry.getKey(), entry.getValue());
    }
  }

  /** Replaces one of them. */
  void put(Key setting, String text) {
    values.put(setting.key(), text);
  }

  /** All that have a value, by their keys, in the order of the table. */
  Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>();
    for (Key setting : keys) {
      if (!text(setting).isEmpty()) {
        given.put(setting.key(), text(setting));
      }
    }
    return given;
  }

  String text(Key setting) {
    return values.get(setting.key());
  }

  boolean flag(Key setting) {
    return switch (text(setting)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw unexpected(setting, "true or false");
    };
  }

  int integer(Key setting, int least) {
    try {
      int value = Integer.parseInt(text(setting));
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw unexpected(setting, "an integer of " + least + " or more");
    }
    throw unexpected(setting, "an integer of " + least + " or more");
  }

  /** One of the names of an enum, in lower case. */
  <E extends Enum<E>> E choice(Key setting, Class<E> type) {
    E[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> name(constant).equals(text(setting)))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = Arrays.stream(constants).map(Settings::name).toList();
              return unexpected(setting, "one of " + String.join(", ", names));
            });
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Whether there is a value, given or by default. */
  boolean has(Key setting) {
    return !text(setting).isEmpty();
  }

  double number(Key setting) {
    try {
      return Double.parseDouble(text(setting));
    } catch (NumberFormatException e) {
      throw unexpected(setting, "a number");
    }
  }

  /** As "90 minutes" or "2h". */
  Duration duration(Key setting) {
    try {
      return value(setting).getDuration(VALUE);
    } catch (ConfigException e) {
      throw unexpected(setting, "a duration such as 90 minutes");
    }
  }

  /** As ["mail", "-s", "done"]. */
  List<String> list(Key setting) {
    try {
      return has(setting) ? value(setting).getStringList(VALUE) : List.of();
    } catch (ConfigException e) {
      throw unexpected(setting, "a list such as [\"one\", \"two\"]");
    }
  }

  private Config value(Key setting) {
    String text = text(setting);
    return text.startsWith("[")
        ? ConfigFactory.parseString(VALUE + " = " + text)
        : ConfigFactory.parseMap(Map.of(VALUE, text));
  }

  long seed() {
    try {
      return Long.parseLong(text(Setting.SEED));
    } catch (NumberFormatException e) {
      throw unexpected(Setting.SEED, "an integer");
    }
  }

  private GradcastException unexpected(Key setting, String expected) {
    return GradcastException.usage(
        "%s: expected %s, found %s".formatted(setting.key(), expected, text(setting)));
  }
}
