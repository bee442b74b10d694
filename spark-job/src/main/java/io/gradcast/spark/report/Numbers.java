package io.gradcast.spark.report;

import java.util.Locale;

/** Numbers as people read them, alike in every country. */
final class Numbers {

  /** Where there is no number. */
  static final String NONE = "–";

  private Numbers() {}

  /** With separators between thousands. */
  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.2f %%", 100 * share) : NONE;
  }

  static String decimal(int digits, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : NONE;
  }

  /** Of a test of chance: small ones as less than the least that is written. */
  static String probability(double value) {
    return value < 1e-4 ? "< 0.0001" : decimal(4, value);
  }

  /** As exact as one wants to know it, such as 45 s, 9 min 5 s, 12 min or 1 h 5 min. */
  static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return NONE;
    }
    long whole = Math.round(seconds);
    long minutes = Math.round(seconds / 60);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 600) {
      return "%d min %d s".formatted(whole / 60, whole % 60);
    }
    return minutes < 60 ? minutes + " min" : "%d h %d min".formatted(minutes / 60, minutes % 60);
  }

  /** A whole number without its point, others with two digits. */
  static String epoch(double value) {
    return value == Math.rint(value) ? count((long) value) : decimal(2, value);
  }

  /** A value of any kind that a table of facts may hold. */
  static String any(Object value) {
    if (value instanceof Double number) {
      double magnitude = Math.abs(number);
      boolean plain = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e9);
      return plain ? trimmed(number) : number.toString();
    }
    return String.valueOf(value);
  }

  /** Up to six digits behind the point, none that are zero at the end. */
  private static String trimmed(double number) {
    String text = String.format(Locale.ROOT, "%.6f", number);
    return text.replaceFirst("\\.?0+$", "");
  }
}
