package io.gradcast.spark.source;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;
import io.gradcast.engine.data.Samples;
import io.gradcast.spark.store.Storage;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopStreams;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * Writes the samples of one task to Parquet files, a row group in memory at a time, and notes of
 * each what the manifest says.
 */
final class PackedWriter implements Closeable {

  /** Of a row group at most: rows are the bound, and this is well above what they take. */
  private static final long MOST_BYTES = 1L << 30;

  private final Storage storage;
  private final Path folder;
  private final String prefix;
  private final PackedLayout layout;
  private final List<PackedFile> files = new ArrayList<>();
  private final PackedChecksum checksum = new PackedChecksum();
  private final List<Integer> rows = new ArrayList<>();
  private final List<Integer> checksums = new ArrayList<>();
  private final DataStatistics statistics;
  private Fingerprint fingerprint = Fingerprint.EMPTY;
  private Target target;
  private ParquetWriter<PackedRow> writer;
  private int groupRows;
  private int fileRows;

  /**
   * Starts with no file.
   *
   * @param prefix of the files' names, which no other task has, nor another attempt at this one
   */
  PackedWriter(Storage storage, Path folder, String prefix, PackedLayout layout) {
    this.storage = storage;
    this.folder = folder;
    this.prefix = prefix;
    this.layout = layout;
    statistics = new DataStatistics(layout.shape().channels(), layout.classes());
  }

  void write(Samples samples) throws IOException {
    for (int row = 0; row < samples.count(); row++) {
      if (writer == null) {
        open();
      }
      writer.write(new PackedRow(samples, row));
      checksum.add(samples, row);
      groupRows++;
      fileRows++;
      if (groupRows == layout.groupRows()) {
        endGroup();
      }
      if (fileRows == layout.fileRows()) {
        endFile();
      }
    }
    fingerprint = fingerprint.plus(Fingerprint.of(samples));
    statistics.add(samples);
  }

  private void open() throws IOException {
    // Where the job has failed, it is gone; making a file would make it again.
    if (storage.statusOrNull(folder) == null) {
      throw new FileNotFoundException(folder + " is gone");
    }
    target =
        new Target(storage, new Path(folder, "%s-%03d.parquet".formatted(prefix, files.size())));
    writer =
        new Builder(target, layout.severalLabels())
            .withConf(storage.configuration())
            .withRowGroupRowCountLimit(layout.groupRows())
            .withRowGroupSize(MOST_BYTES)
            .withCompressionCodec(CompressionCodecName.LZ4_RAW)
            .withDictionaryEncoding(false)
            .withStatisticsEnabled(PackedLayout.IMAGE, false)
            .build();
  }

  private void endGroup() {
    rows.add(groupRows);
    checksums.add(checksum.take());
    groupRows = 0;
  }

  private void endFile() throws IOException {
    if (groupRows > 0) {
      endGroup();
    }
    writer.close();
    writer = null;
    files.add(new PackedFile(target.path.getName(), target.bytes(), array(rows), array(checksums)));
    rows.clear();
    checksums.clear();
    fileRows = 0;
  }

  private static int[] array(List<Integer> values) {
    return values.stream().mapToInt(value -> value).toArray();
  }

  /** Ends the last file. */
  PackedPart finish() throws IOException {
    if (writer != null) {
      endFile();
    }
    return new PackedPart(files.toArray(PackedFile[]::new), fingerprint, statistics);
  }

  /** Lets go of a file that was not ended, because something failed. */
  @Override
  public void close() throws IOException {
    if (target != null) {
      target.stream.close();
    }
  }

  private static final class Builder extends ParquetWriter.Builder<PackedRow, Builder> {

    private final boolean severalLabels;

    Builder(OutputFile file, boolean severalLabels) {
      super(file);
      this.severalLabels = severalLabels;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<PackedRow> getWriteSupport(Configuration configuration) {
      return new PackedRow.Support(severalLabels);
    }
  }

  /** A new file. */
  private static final class Target implements OutputFile {

    private final Path path;
    private final FSDataOutputStream stream;

    Target(Storage storage, Path path) throws IOException {
      this.path = path;
      stream = storage.create(path);
    }

    long bytes() {
      return stream.getPos();
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return HadoopStreams.wrap(stream);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
