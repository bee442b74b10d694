package io.gradcast.spark.source;

import io.gradcast.spark.store.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Reads one image file after another; each task of an executor has one of its own. */
final class ImageFiles implements Serializable {

  private static final long serialVersionUID = 1;

  /** Bytes of a file at most. */
  private static final int LARGEST = 1 << 26;

  private final Broadcast<SerializableConfiguration> configuration;
  private final Decoding decoding;
  private final PixelDecoder decoder;
  private transient Storage storage;

  private ImageFiles(Broadcast<SerializableConfiguration> configuration, Decoding decoding) {
    this.configuration = configuration;
    this.decoding = decoding;
    decoder = new PixelDecoder(decoding.form());
  }

  static ImageFiles of(JavaSparkContext context, Decoding decoding) {
    return new ImageFiles(
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())), decoding);
  }

  /** The image in a file, of the class of its folder. */
  ImageRecord read(String path) {
    if (storage == null) {
      storage = new Storage(configuration.value().value());
    }
    try {
      List<String> labels = decoding.labels(FolderRecords.label(path));
      return new ImageRecord(labels, decoder.decode(bytes(path)), null);
    } catch (BadRecord e) {
      return ImageRecord.bad(e);
    }
  }

  private byte[] bytes(String path) throws BadRecord {
    try {
      byte[] bytes = storage.read(path, LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new BadRecord("a file of %,d bytes at most".formatted(LARGEST), "a larger one");
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw new BadRecord("the file that was listed", "nothing there any more");
    } catch (AccessControlException e) {
      throw new BadRecord("a file that may be read", "no permission");
    } catch (IOException e) {
      throw new BadRecord("a readable file", e.getMessage());
    }
  }
}
