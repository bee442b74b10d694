package io.gradcast.spark.cli;

import io.gradcast.spark.store.Hdfs;
import io.gradcast.spark.store.RemoteFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** With all files on HDFS. */
@Tag("newer")
class HdfsTest extends RemoteRun {

  @Override
  RemoteFiles start(Path there) throws IOException {
    return Hdfs.start(there);
  }
}
