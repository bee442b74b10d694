package io.gradcast.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash by which files and data are told apart. */
public final class Sha256 {

  private Sha256() {}

  /** A new SHA-256, of nothing yet. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
