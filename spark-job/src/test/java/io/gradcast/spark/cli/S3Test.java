package io.gradcast.spark.cli;

import io.gradcast.spark.store.ObjectStore;
import io.gradcast.spark.store.RemoteFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** With all files on S3. */
@Tag("newer")
class S3Test extends RemoteRun {

  @Override
  RemoteFiles start(Path there) throws IOException {
    return ObjectStore.start(there);
  }
}
