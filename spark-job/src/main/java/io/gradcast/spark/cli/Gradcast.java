package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Version;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SparkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: where every run starts. */
@Command(
    name = "submit.sh",
    description = "Trains convolutional networks on Spark, with the same bytes everywhere.",
    subcommands = {
      TrainCommand.class,
      RetrainCommand.class,
      ModelsCommand.class,
      RollbackCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      PackCommand.class,
      InspectCommand.class,
      DescribeCommand.class,
      SynthCommand.class,
      FetchCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Gradcast.VersionLine.class,
    usageHelpWidth = 100,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a defect of Gradcast, with its stack trace",
      "2:a flag, a setting or a network that cannot be",
      "3:data that cannot be read or do not fit",
      "4:a model or checkpoint that cannot be read, or does not fit",
      "5:an output that cannot be written, or is there already",
      "6:training diverged",
      "7:Spark gave up: no master, too many failed tasks",
      "8:somebody else is at work on the same model store, or took its lock over",
      "9:a retraining made no model that may be published, and there is no champion",
      "10:time was over before there was a model",
      "130:interrupted (Ctrl-C); an earlier output is as it was"
    })
public final class Gradcast implements Callable<Integer> {

  private static final int SPARK_FAILED = 7;

  /** What the JVM exits with after SIGINT. */
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  private Gradcast() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    // Before Spark's own, whose threads tell each other of their ends with stack traces.
    ShutdownHookManager.get().addShutdownHook(Gradcast::silenceOthers, Integer.MAX_VALUE);
    System.exit(run(arguments));
  }

  /** From here on standard error is for our sentences. */
  private static void silenceOthers() {
    PrintStream err = System.err;
    System.setErr(
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (line != null && line.startsWith("gradcast: ")) {
              err.println(line);
            }
          }
        });
  }

  static int run(String... arguments) {
    return new CommandLine(new Gradcast())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, line) -> misspelt(e))
        .setExecutionExceptionHandler((e, line, result) -> failed(e))
        .execute(arguments);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command, found none");
  }

  private static int misspelt(ParameterException e) {
    CommandLine line = e.getCommandLine();
    line.getErr().println("gradcast: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, line.getErr());
    line.getErr().println("See " + line.getCommandSpec().qualifiedName() + " --help");
    return GradcastException.Kind.USAGE.exitCode();
  }

  private static int failed(Exception e) {
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      // Ctrl-C has stopped Spark under the command: what it fails with is no news.
      return INTERRUPTED;
    }
    // Spark wraps what a task throws; the sentence for the user may be several causes down.
    Optional<GradcastException> ours = GradcastException.in(e);
    if (ours.isPresent()) {
      System.err.println("gradcast: " + ours.get().getMessage());
    } else if (isOfSpark(e)) {
      System.err.println(
          "gradcast: Spark gave up: %s%ngradcast: why is in its log%s"
              .formatted(firstLine(e), logFile()));
    } else {
      System.err.println("gradcast: this should not happen; please report it with what follows:");
      e.printStackTrace();
    }
    return exitCode(e);
  }

  /** What a command that ends with a failure exits with. */
  static int exitCode(Exception e) {
    return GradcastException.in(e)
        .map(ours -> ours.kind().exitCode())
        .orElse(isOfSpark(e) ? SPARK_FAILED : 1);
  }

  private static boolean isOfSpark(Exception e) {
    return e instanceof SparkException || isStopped(e);
  }

  /** What any call meets once Spark has lost its master or its driver's memory. */
  private static boolean isStopped(Exception e) {
    return e instanceof IllegalStateException && firstLine(e).contains("stopped SparkContext");
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String logFile() {
    String file = System.getProperty("gradcast.log");
    return file == null ? "" : ", " + file;
  }

  /** For --version. */
  static final class VersionLine implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {
        "Gradcast " + Version.current() + ", Java " + System.getProperty("java.version")
      };
    }
  }
}
