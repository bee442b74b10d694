package io.gradcast.spark.retrain;

import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is kept of one run of {@code retrain}. What a run does not have is an empty text or list, a
 * count of 0, and NaN as a measurement.
 *
 * @param runId its date, and the attempt where the same date ran again, such as 2026-11-24.2
 * @param runDate the date that it is for, in ISO form
 * @param started milliseconds since 1970, in UTC, when its first attempt started
 * @param ended the same when its last attempt ended
 * @param seconds of work, in all its attempts
 * @param resumed how many times it was started again
 * @param exitCode of the command
 * @param reason for the outcome, one sentence
 * @param champion version of the model that is the champion after the run
 * @param formerChampion version of the one before it
 * @param fencing number of the lock that the run held; later ones are higher
 * @param gradcastVersion that made the run
 */
public record RunRecord(
    String runId,
    String runDate,
    long started,
    long ended,
    double seconds,
    int resumed,
    Outcome outcome,
    int exitCode,
    String reason,
    List<String> warnings,
    String champion,
    String formerChampion,
    long fencing,
    Data data,
    Training training,
    Comparison comparison,
    String gradcastVersion) {

  private static final Pattern ID = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(\\.\\d{1,9})?");

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException where the id or the date is none; the id names a file
   */
  public RunRecord {
    if (!ID.matcher(runId).matches()) {
      throw new IllegalArgumentException("expected a date as runId, found " + runId);
    }
    LocalDate.parse(runDate); // throws a DateTimeException
    warnings = List.copyOf(warnings);
  }

  /** The date as a name of a run, or where that is taken the date and a number from 2. */
  static String newId(LocalDate date, List<RunRecord> runs) {
    List<String> taken = runs.stream().map(RunRecord::runId).toList();
    String id = date.toString();
    for (int i = 2; taken.contains(id); i++) {
      id = date + "." + i;
    }
    return id;
  }

  /**
   * The data of a run.
   *
   * @param samples to train on
   * @param testSamples that models are compared on
   * @param classes names
   * @param classCounts training samples of each class
   * @param pixelMeans of each channel, from 0 to 1
   * @param pixelDeviations standard deviations of the same
   * @param listing SHA-256 of the names, sizes and times of the files
   * @param fingerprint of the samples
   */
  public record Data(
      long samples,
      long testSamples,
      List<String> classes,
      List<Long> classCounts,
      List<Double> pixelMeans,
      List<Double> pixelDeviations,
      String listing,
      String fingerprint) {

    /** Of a run that read none. */
    public static final Data NONE =
        new Data(0, 0, List.of(), List.of(), List.of(), List.of(), "", "");

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException unless each class has a count, and none other
     */
    public Data {
      classes = List.copyOf(classes);
      classCounts = List.copyOf(classCounts);
      pixelMeans = List.copyOf(pixelMeans);
      pixelDeviations = List.copyOf(pixelDeviations);
      if (classes.size() != classCounts.size()) {
        throw new IllegalArgumentException(
            "expected a count of each of %d classes, found %d"
                .formatted(classes.size(), classCounts.size()));
      }
    }
  }

  /**
   * The model that a run made, the challenger.
   *
   * @param version it has in the store
   * @param epochs passes over the data
   * @param seconds of training
   * @param modelBytes of its file
   * @param modelSha256 of its file, in hex
   */
  public record Training(
      String version, int epochs, double seconds, long modelBytes, String modelSha256) {

    /** Of a run that made none. */
    public static final Training NONE = new Training("", 0, Double.NaN, 0, "");
  }

  /**
   * Challenger and champion on the held-out data.
   *
   * @param accuracy of the challenger, from 0 to 1
   * @param championAccuracy of the champion before the run
   * @param onlyChampionRight samples that the champion alone has right
   * @param onlyChallengerRight samples that the challenger alone has right
   * @param pValue that a difference like theirs is chance
   * @param decision the gate's rules with their numbers, as JSON
   */
  public record Comparison(
      double accuracy,
      double championAccuracy,
      long onlyChampionRight,
      long onlyChallengerRight,
      double pValue,
      String decision) {

    /** Of a run that came to none. */
    public static final Comparison NONE =
        new Comparison(Double.NaN, Double.NaN, 0, 0, Double.NaN, "");
  }
}
