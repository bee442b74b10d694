package io.gradcast.spark.source;

import io.gradcast.engine.data.Samples;
import io.gradcast.engine.tensor.Shape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Packs records as samples, as many at a time as a bounded memory holds. */
record SamplePacker(Shape shape, List<String> classes, boolean severalLabels)
    implements Serializable {

  private static final int PIECE = 1 << 22;

  /** Samples with ids from the first one on. */
  Iterator<Samples> pack(Iterator<ImageRecord> records, long firstId) {
    Map<String, Integer> numbers = new HashMap<>();
    classes.forEach(name -> numbers.put(name, numbers.size()));
    int most = Math.max(1, PIECE / shape.size());
    return new Iterator<>() {

      private long id = firstId;

      @Override
      public boolean hasNext() {
        return records.hasNext();
      }

      @Override
      public Samples next() {
        List<ImageRecord> piece = new ArrayList<>();
        while (piece.size() < most && records.hasNext()) {
          piece.add(records.next());
        }
        Samples samples = samples(piece, id, numbers);
        id += piece.size();
        return samples;
      }
    };
  }

  private Samples samples(List<ImageRecord> piece, long firstId, Map<String, Integer> numbers) {
    int labelClasses = severalLabels ? classes.size() : 0;
    long[] ids = new long[piece.size()];
    byte[] pixels = new byte[piece.size() * shape.size()];
    int[] labels = new int[piece.size() * Math.max(1, labelClasses)];
    for (int i = 0; i < ids.length; i++) {
      ImageRecord record = piece.get(i);
      ids[i] = firstId + i;
      System.arraycopy(record.image().pixels(), 0, pixels, i * shape.size(), shape.size());
      for (String label : record.labels()) {
        int number = numbers.get(label);
        if (severalLabels) {
          labels[i * labelClasses + number] = 1;
        } else {
          labels[i] = number;
        }
      }
    }
    return new Samples(shape, ids, pixels, labels, labelClasses);
  }
}
