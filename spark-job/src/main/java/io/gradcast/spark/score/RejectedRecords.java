package io.gradcast.spark.score;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.source.RejectedList;
import io.gradcast.spark.source.Source.Rejected;
import io.gradcast.spark.source.Tolerance;
import io.gradcast.spark.store.Storage;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * What becomes of records that cannot be scored: the first is an error, or all are listed. Each
 * task writes a list of its own, and of a task that Spark runs more than once only the list of the
 * run that counted is left, so that each record is listed and counted once.
 */
public final class RejectedRecords implements Serializable {

  private static final long serialVersionUID = 1;

  /** The list of what is known before the job. */
  private static final String KNOWN = "files.csv";

  private final String data;
  private final Tolerance tolerance;
  private final String folder;
  private final LongAccumulator records;
  private final CollectionAccumulator<BadList> lists;
  private final Broadcast<SerializableConfiguration> configuration;

  /**
   * Prepares for one job.
   *
   * @param data their name, for messages
   * @param folder to which lists are written
   */
  public RejectedRecords(JavaSparkContext context, String data, Tolerance tolerance, Path folder) {
    this.data = data;
    this.tolerance = tolerance;
    this.folder = folder.toString();
    records = context.sc().longAccumulator();
    lists = context.sc().collectionAccumulator();
    configuration = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
  }

  /** Of one task: the name of its list, how many are on it, and the first of them. */
  private record BadList(int partition, String file, long count, String first)
      implements Serializable {}

  /** Lists what is known to be bad before the job. */
  public void list(List<Rejected> known) {
    if (known.isEmpty()) {
      return;
    }
    try (RejectedList list = create(KNOWN)) {
      for (Rejected each : known) {
        list.add(data, each.record(), each.problem());
      }
    } catch (IOException e) {
      throw Storage.notWritable("output", new Path(folder), e);
    }
    records.add(known.size());
    lists.add(
        new BadList(-1, KNOWN, known.size(), first(known.get(0).record(), known.get(0).problem())));
  }

  private RejectedList create(String file) throws IOException {
    Storage storage = new Storage(configuration.value().value());
    return new RejectedList(storage.create(new Path(folder, file)));
  }

  private static String first(String record, String problem) {
    return "%s: %s".formatted(record, problem);
  }

  /** For the task of this thread. */
  Tally begin() {
    return new Tally(TaskContext.get());
  }

  /** Good and bad records of the job. */
  public long records() {
    return records.value();
  }

  /** Those that were bad. */
  public long bad() {
    return lists.value().stream().mapToLong(BadList::count).sum();
  }

  /** The names of the lists that count. */
  public Set<String> files() {
    return lists.value().stream().map(BadList::file).collect(Collectors.toSet());
  }

  /** Checks, after the job, that there were no more than may be left out. */
  public void requireBearable() {
    if (bad() > tolerance.most() * records()) {
      List<BadList> all = lists.value();
      String first =
          all.stream().min(Comparator.comparingInt(BadList::partition)).orElseThrow().first();
      throw GradcastException.data(
          "data %s: %s; max-bad-fraction is %s, %,d of %,d records are bad"
              .formatted(data, first, tolerance.most(), bad(), records()));
    }
  }

  /** Counts the records of one task. */
  final class Tally {

    private final TaskContext task;
    private long count;
    private long bad;
    private String first;
    private String file;
    private RejectedList list;
    private boolean ended;

    private Tally(TaskContext task) {
      this.task = task;
      task.addTaskCompletionListener((TaskCompletionListener) done -> close());
    }

    void good() {
      count++;
    }

    /**
     * Lists a bad record.
     *
     * @param record as a user would look for it
     * @param problem the end of a sentence
     */
    void bad(String record, String problem) {
      if (!tolerance.skips()) {
        throw GradcastException.data(
            "data %s: %s: %s; on-bad-record = skip leaves it out".formatted(data, record, problem));
      }
      count++;
      bad++;
      try {
        if (list == null) {
          file = "part-%05d-%d.csv".formatted(task.partitionId(), task.taskAttemptId());
          list = create(file);
          first = first(record, problem);
        }
        list.add(data, record, problem);
      } catch (IOException e) {
        throw Storage.notWritable("output", new Path(folder), e);
      }
    }

    /** Tells the driver, once all records are counted. */
    void end() {
      if (ended) {
        return;
      }
      ended = true;
      close();
      records.add(count);
      if (bad > 0) {
        lists.add(new BadList(task.partitionId(), file, bad, first));
      }
    }

    private void close() {
      try {
        if (list != null) {
          list.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
