package io.gradcast.engine.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * Where the terms of a convolution's sums lie, as tables of offsets: a plan of its forward pass, or
 * of its input gradient. Both fill the places of some maps with sums over places of other maps,
 * through those taps of the kernel that meet one. Which taps do depends on how near a place is to
 * the border and, with a stride, on its remainder. Places with the same taps make up a region; they
 * can go side by side, and no zero is ever multiplied. Where a convolution has groups, this is any
 * one of them, and its weights and maps are counted from its own first.
 *
 * @param regions all places of one map, each in one region
 * @param sourceMaps how many maps are summed over
 * @param placeMaps how many maps are filled
 * @param sources elements of one source map
 * @param places elements of one filled map
 */
record Gather(List<Region> regions, int sourceMaps, int placeMaps, int sources, int places) {

  /** From a place to the same place of the next filled map. */
  int plane() {
    return places * Kernels.LANES;
  }

  /**
   * All offsets are in floats.
   *
   * @param taps two numbers for each term, in the order of the sum: where its source is, relative
   *     to the place's first, and the number of its weight among those of one filled map
   * @param sources the place's first, for each place
   * @param places where each place is in its map
   */
  @SuppressWarnings("ArrayRecordComponent") // tables, never compared
  record Region(int[] taps, int[] sources, int[] places) {}

  /** A forward pass: the output is filled from the input. */
  static Gather forward(ConvolutionShape s) {
    List<Axis> rows = Axis.regions(s.outHeight(), s.kernelHeight(), s.height(), s::row);
    List<Axis> columns = Axis.regions(s.outWidth(), s.kernelWidth(), s.width(), s::column);
    return of(
        rows, columns, s, s.groupChannels(), s.height(), s.width(), s.groupMaps(), s.outWidth());
  }

  /** An input gradient: the input's is filled from the output's. */
  static Gather inputGradient(ConvolutionShape s) {
    List<Axis> rows =
        Axis.regions(s.height(), s.kernelHeight(), s.outHeight(), inverse(s::row, s.stride()));
    List<Axis> columns =
        Axis.regions(s.width(), s.kernelWidth(), s.outWidth(), inverse(s::column, s.stride()));
    return of(
        rows, columns, s, s.groupMaps(), s.outHeight(), s.outWidth(), s.groupChannels(), s.width());
  }

  /** The output position at which a tap meets an input position; negative if there is none. */
  private static IntBinaryOperator inverse(IntBinaryOperator source, int stride) {
    return (place, tap) -> {
      int distance = place - source.applyAsInt(0, tap);
      return distance % stride == 0 ? distance / stride : -1;
    };
  }

  private static Gather of(
      List<Axis> rows,
      List<Axis> columns,
      ConvolutionShape shape,
      int sourceMaps,
      int sourceHeight,
      int sourceWidth,
      int placeMaps,
      int placeWidth) {
    List<Region> regions = new ArrayList<>();
    int places = 0;
    for (Axis row : rows) {
      for (Axis column : columns) {
        int[] taps = new int[2 * sourceMaps * row.taps.size() * column.taps.size()];
        int at = 0;
        for (int map = 0; map < sourceMaps; map++) {
          for (int u = 0; u < row.taps.size(); u++) {
            for (int v = 0; v < column.taps.size(); v++) {
              int source = (map * sourceHeight + row.steps.get(u)) * sourceWidth;
              taps[at++] = (source + column.steps.get(v)) * Kernels.LANES;
              int tap = row.taps.get(u) * shape.kernelWidth() + column.taps.get(v);
              taps[at++] = map * shape.area() + tap;
            }
          }
        }
        Region region =
            new Region(
                taps,
                Axis.product(row.firsts, sourceWidth, column.firsts),
                Axis.product(row.places, placeWidth, column.places));
        regions.add(region);
        places += region.places.length;
      }
    }
    return new Gather(
        List.copyOf(regions), sourceMaps, placeMaps, sourceHeight * sourceWidth, places);
  }

  /**
   * Rows, or columns, that are met by the same taps.
   *
   * @param taps which they are
   * @param steps from the source of the first tap to that of each
   * @param places the rows or columns
   * @param firsts the source of the first tap, for each place
   */
  private record Axis(
      List<Integer> taps, List<Integer> steps, List<Integer> places, List<Integer> firsts) {

    /**
     * @param source of (place, tap); there is none where it is not in [0, sources)
     */
    static List<Axis> regions(int places, int taps, int sources, IntBinaryOperator source) {
      Map<List<Integer>, Axis> regions = new LinkedHashMap<>();
      for (int place = 0; place < places; place++) {
        List<Integer> met = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        int first = 0;
        for (int tap = 0; tap < taps; tap++) {
          int at = source.applyAsInt(place, tap);
          if (at >= 0 && at < sources) {
            first = met.isEmpty() ? at : first;
            met.add(tap);
            steps.add(at - first);
          }
        }
        Axis region =
            regions.computeIfAbsent(
                met, m -> new Axis(m, steps, new ArrayList<>(), new ArrayList<>()));
        region.places.add(place);
        region.firsts.add(first);
      }
      return List.copyOf(regions.values());
    }

    static int[] product(List<Integer> rows, int width, List<Integer> columns) {
      return rows.stream()
          .flatMapToInt(
              row -> columns.stream().mapToInt(column -> (row * width + column) * Kernels.LANES))
          .toArray();
    }
  }
}
