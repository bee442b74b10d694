package io.gradcast.spark.store;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;

/** HDFS in this JVM: a name node and a data node, with their files in a folder of a test. */
public final class Hdfs extends RemoteFiles {

  private final MiniDFSCluster cluster;

  private Hdfs(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts it and waits until files can be written. */
  public static Hdfs start(Path folder) throws IOException {
    // Nothing of it has to outlive the machine.
    EditLogFileOutputStream.setShouldSkipFsyncForTesting(true);
    Configuration configuration = new Configuration();
    // Closing a file asks again so many milliseconds later whether its last block is there.
    configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 5);
    return new Hdfs(
        new MiniDFSCluster.Builder(configuration, folder.toFile())
            .numDataNodes(1)
            .storagesPerDatanode(1)
            .build());
  }

  @Override
  public String uri(String path) {
    return cluster.getURI() + path;
  }

  @Override
  public FileSystem files() throws IOException {
    return cluster.getFileSystem();
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}
