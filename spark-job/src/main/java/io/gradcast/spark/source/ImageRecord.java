package io.gradcast.spark.source;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.io.Serializable;
import java.util.List;

/**
 * A labelled image as it was read, or what is wrong with it.
 *
 * @param labels the names of its classes; none where they are not wanted
 * @param image null where something is wrong
 * @param problem the end of a sentence; null where nothing is wrong
 */
@DefaultSerializer(RecordRegistrator.ImageRecordSerializer.class)
public record ImageRecord(List<String> labels, Image image, String problem)
    implements Serializable {

  static ImageRecord bad(BadRecord e) {
    return new ImageRecord(List.of(), null, e.getMessage());
  }

  public boolean isGood() {
    return problem == null;
  }
}
