package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Version;
import java.util.concurrent.Callable;
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
      EvaluateCommand.class,
      PredictCommand.class,
      SynthCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Gradcast.VersionLine.class,
    usageHelpWidth = 100,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a defect of Gradcast or of the cluster, with its stack trace",
      "2:a flag, a setting or a network that cannot be",
      "3:data that cannot be read or do not fit",
      "4:a model that cannot be read or does not fit",
      "5:an output that cannot be written, or is there already",
      "6:training diverged",
      "130:interrupted (Ctrl-C); an earlier output is as it was"
    })
public final class Gradcast implements Callable<Integer> {

  @Spec private CommandSpec spec;

  private Gradcast() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
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
    // Spark wraps what a task throws; the sentence for the user may be several causes down.
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof GradcastException ours) {
        System.err.println("gradcast: " + ours.getMessage());
        return ours.kind().exitCode();
      }
    }
    System.err.println("gradcast: this should not happen; please report it with what follows:");
    e.printStackTrace();
    return 1;
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
