package io.gradcast.spark.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileOutputStream;

/** HDFS in this JVM: a name node and a data node, with their files in a folder of a test. */
public final class Hdfs implements AutoCloseable {

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

  /** An absolute path on it, as a user gives it. */
  public String uri(String path) {
    return cluster.getURI() + path;
  }

  /** For what tests do there themselves. */
  public FileSystem files() throws IOException {
    return cluster.getFileSystem();
  }

  /** Copies a local file, or a folder with all that is in it, to an absolute path. */
  public String upload(Path local, String path) throws IOException {
    files().copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), at(path));
    return uri(path);
  }

  /** Copies a file, or a folder with all that is in it, to where nothing is yet. */
  public Path download(String path, Path local) throws IOException {
    files().copyToLocalFile(false, at(path), new org.apache.hadoop.fs.Path(local.toUri()), true);
    return local;
  }

  /** Names in a folder. */
  public Set<String> names(String path) throws IOException {
    return Arrays.stream(files().listStatus(at(path)))
        .map(status -> status.getPath().getName())
        .collect(Collectors.toSet());
  }

  private static org.apache.hadoop.fs.Path at(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}
