package io.gradcast.spark.cli;

import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.PackedManifest;
import io.gradcast.spark.source.Packer;
import io.gradcast.spark.source.Source;
import io.gradcast.spark.store.Publication;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Packs data once, so that later runs start fast. */
@Command(
    name = "pack",
    description = "Writes images and labels of any source as packed Parquet, with checksums.")
final class PackCommand implements Callable<Integer> {

  @Mixin private MasterOption master;

  private CommandSpec spec;

  /** Called by picocli while it makes the command. */
  @Spec
  void setSpec(CommandSpec newSpec) {
    spec = newSpec;
    Settings.addOptions(newSpec, Setting.OF_DATA);
  }

  @Option(names = "--output", required = true, paramLabel = "URI", description = "folder to make")
  private String output;

  @Option(names = "--overwrite", description = "replace an earlier output")
  private boolean overwrite;

  @Override
  public Integer call() {
    DataSpec data = DataSettings.of(Settings.of(spec.commandLine().getParseResult()));
    try (Session session = Session.start(master.value());
        Publication publication = session.storage().publish(output, overwrite)) {
      long start = System.nanoTime();
      Map<String, Source> parts = DataParts.open(session, data);
      Packer packer = new Packer(session.context(), publication);
      Map<String, PackedManifest> packed = new LinkedHashMap<>();
      parts.forEach((folder, source) -> packed.put(folder, pack(packer, folder, source)));
      double seconds = (System.nanoTime() - start) * 1e-9;
      BadRecords.write(publication, List.copyOf(parts.values()));
      print(packed, seconds, publication.commit().toString());
    }
    return 0;
  }

  private static PackedManifest pack(Packer packer, String folder, Source source) {
    ProgressLine line = ProgressLine.onStandardError();
    try {
      return packer.pack(
          source,
          folder,
          done ->
              line.update(
                  (double) done / source.count(),
                  () -> "packing: %,d of %,d images".formatted(done, source.count())));
    } finally {
      line.clear();
    }
  }

  private static void print(Map<String, PackedManifest> packed, double seconds, String folder) {
    String counts =
        packed.entrySet().stream()
            .map(part -> "%,d %s".formatted(part.getValue().count(), part.getKey()).trim())
            .collect(Collectors.joining(" and "));
    long images = packed.values().stream().mapToLong(PackedManifest::count).sum();
    long bytes = packed.values().stream().mapToLong(PackedManifest::bytes).sum();
    System.out.printf(
        "%s images in %s, %,d bytes: %,.0f images/s%n", counts, folder, bytes, images / seconds);
  }
}
