package io.gradcast.spark.source;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.spark.store.Storage;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.HadoopParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** Reads a Parquet file of a packed data set, of which all must be as its manifest says. */
final class PackedReader implements Closeable {

  private final Path path;
  private final PackedFile file;
  private final PackedManifest manifest;
  private final MessageType columns;
  private final ParquetFileReader reader;

  PackedReader(Storage storage, Path folder, PackedFile file, PackedManifest manifest) {
    path = new Path(folder, file.name());
    this.file = file;
    this.manifest = manifest;
    columns = PackedLayout.columns(manifest.severalLabels());
    try {
      reader =
          ParquetFileReader.open(
              new Input(storage, path, file.bytes()),
              ParquetReadOptions.builder(new HadoopParquetConfiguration(storage.configuration()))
                  .build());
      requireAsInManifest();
    } catch (IOException | RuntimeException e) {
      throw damaged(path.toString(), e);
    }
  }

  private void requireAsInManifest() {
    MessageType found = reader.getFileMetaData().getSchema();
    if (!found.equals(columns)) {
      throw unlike(path.toString(), "columns", columns, found);
    }
    List<BlockMetaData> groups = reader.getRowGroups();
    if (groups.size() != file.rows().length) {
      throw unlike(path.toString(), "row groups", file.rows().length, groups.size());
    }
    for (int group = 0; group < groups.size(); group++) {
      long rows = groups.get(group).getRowCount();
      if (rows != file.rows()[group]) {
        throw unlike(where(group), "rows", file.rows()[group], rows);
      }
    }
  }

  /** A row group. */
  Samples read(int group) {
    try {
      int rows = file.rows()[group];
      Shape shape = manifest.shape();
      int classes = manifest.severalLabels() ? manifest.classes().size() : 0;
      PackedRows filled =
          new PackedRows(
              new Samples(
                  shape,
                  new long[rows],
                  new byte[Math.multiplyExact(rows, shape.size())],
                  new int[Math.multiplyExact(rows, Math.max(1, classes))],
                  classes));
      RecordReader<Samples> records =
          new ColumnIOFactory()
              .getColumnIO(columns)
              .getRecordReader(reader.readRowGroup(group), filled);
      PackedChecksum checksum = new PackedChecksum();
      for (int row = 0; row < rows; row++) {
        checksum.add(records.read(), row);
      }
      int found = checksum.take();
      if (found != file.checksums()[group]) {
        throw unlike(
            where(group),
            "rows of the checksum",
            Integer.toHexString(file.checksums()[group]),
            Integer.toHexString(found));
      }
      return filled.getCurrentRecord();
    } catch (IOException | RuntimeException e) {
      throw damaged(where(group), e);
    }
  }

  private String where(int group) {
    return "%s, row group %d".formatted(path, group);
  }

  private static GradcastException unlike(
      String where, String what, Object expected, Object found) {
    return GradcastException.data(
        "%s: expected %s %s, as in %s, found %s"
            .formatted(where, what, expected, PackedManifest.FILE, found));
  }

  /** What Parquet says of a file that is not whole: any exception. */
  private static GradcastException damaged(String where, Exception e) {
    if (e instanceof GradcastException known) {
      return known;
    }
    String found =
        e instanceof FileNotFoundException
            ? "nothing there"
            : "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage());
    return new GradcastException(
        Kind.DATA,
        "%s: expected packed data as in %s, found %s"
            .formatted(where, PackedManifest.FILE, found.lines().findFirst().orElse("")),
        e);
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw damaged(path.toString(), e);
    }
  }

  private record Input(Storage storage, Path path, long bytes) implements InputFile {

    @Override
    public long getLength() {
      return bytes;
    }

    @Override
    public SeekableInputStream newStream() throws IOException {
      return HadoopStreams.wrap(storage.open(path));
    }
  }
}
