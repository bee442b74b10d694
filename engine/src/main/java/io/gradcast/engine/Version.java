package io.gradcast.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
public final class Version {

  private Version() {}

  /** As in the project's build, such as 0.1.0. */
  public static String current() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read version.properties from our own jar", e);
    }
    return properties.getProperty("version");
  }
}
