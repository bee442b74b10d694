package io.gradcast.spark.cli;

import io.gradcast.engine.data.Inspection;
import io.gradcast.spark.report.DataSheet;
import io.gradcast.spark.report.DataSheetPage;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.Duplicates;
import io.gradcast.spark.source.Inspector;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.source.Tolerance;
import io.gradcast.spark.store.NewFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at data: how much there is, of which classes, and what is wrong with it. */
@Command(
    name = "inspect",
    description = "Says what data are like, and what is wrong with them, with example images.")
final class InspectCommand implements Callable<Integer> {

  @Mixin private MasterOption master;

  private CommandSpec spec;

  /** Called by picocli while it makes the command. */
  @Spec
  void setSpec(CommandSpec newSpec) {
    spec = newSpec;
    Settings.addOptions(newSpec, Setting.OF_DATA);
  }

  @Option(
      names = "--output",
      paramLabel = "URI",
      description = "file to write a page with example images to, in HTML that needs nothing else")
  private String output = "";

  @Option(names = "--overwrite", description = "replace an earlier page")
  private boolean overwrite;

  @Override
  public Integer call() {
    // Bad records are what it is to find.
    DataSpec data =
        DataSettings.of(Settings.of(spec.commandLine().getParseResult()))
            .withTolerance(new Tolerance(true, 1));
    try (Session session = Session.start(master.value())) {
      if (output.isEmpty()) {
        System.out.print(DataSheetText.of(sheet(session, data)));
      } else {
        try (NewFile file = session.storage().create("output", output, overwrite)) {
          DataSheet sheet = sheet(session, data);
          byte[] page = DataSheetPage.write(sheet);
          Path path = file.write(out -> out.write(page));
          System.out.print(DataSheetText.of(sheet));
          System.out.printf("%nPage  %s%n", path);
        }
      }
    }
    return 0;
  }

  private static DataSheet sheet(Session session, DataSpec data) {
    Map<String, Source> sources = DataParts.open(session, data);
    return JobProgress.during(
        session,
        "inspecting",
        () -> {
          List<DataSheet.Part> parts = new ArrayList<>();
          sources.forEach((name, source) -> parts.add(part(session, name, source)));
          return new DataSheet(data.uri().isEmpty() ? data.query() : data.uri(), parts);
        });
  }

  private static DataSheet.Part part(Session session, String name, Source source) {
    Inspection inspection = Inspector.inspect(session.context(), source);
    Duplicates duplicates = Inspector.duplicates(session.context(), source);
    return new DataSheet.Part(
        name,
        source.shape(),
        source.classes(),
        inspection,
        source.bad(),
        Problems.of(source, inspection, duplicates));
  }
}
