package io.gradcast.spark.report;

import com.samskivert.mustache.Mustache;
import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Example;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes what a data set is like as one HTML page: {@code data.html} filled. */
public final class DataSheetPage {

  private static final String[] COLOURS = {"red", "green", "blue"};

  private DataSheetPage() {}

  private record ClassRow(String name, String count, String part, String share) {}

  private record Channel(String name, String mean, String deviation) {}

  private record Picture(String picture, String id, String labels) {}

  private record Group(String name, List<Picture> examples) {}

  /** The page, in UTF-8. */
  public static byte[] write(DataSheet sheet) {
    Map<String, Object> page = new HashMap<>();
    page.put("css", Resources.text("report.css"));
    page.put("title", sheet.name());
    page.put(
        "parts",
        IntStream.range(0, sheet.parts().size())
            .mapToObj(i -> part(sheet.parts().get(i), i))
            .toList());
    // Whatever is put in with two braces is escaped.
    String html = Mustache.compiler().compile(Resources.text("data.html")).execute(page);
    return html.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> part(DataSheet.Part part, int number) {
    Map<String, Object> page = new HashMap<>();
    DataStatistics statistics = part.inspection().statistics();
    page.put("number", number);
    page.put("heading", part.name().isEmpty() ? "Data" : title(part.name()));
    page.put("images", Numbers.count(part.inspection().samples()));
    page.put("classCount", Numbers.count(part.classes().size()));
    page.put("size", "%d × %d".formatted(part.shape().height(), part.shape().width()));
    page.put(
        "channelCount",
        part.shape().channels() == 1 ? "1 channel" : part.shape().channels() + " channels");
    page.put("imbalance", "1 : " + Numbers.decimal(1, part.imbalance()));
    page.put("bad", Numbers.count(part.bad()));
    page.put("channels", channels(statistics));
    page.put("classes", classes(part, statistics.samples()));
    page.put("problems", part.problems());
    page.put("hasProblems", !part.problems().isEmpty());
    page.put("groups", groups(part));
    return page;
  }

  private static String title(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1) + " data";
  }

  private static List<Channel> channels(DataStatistics statistics) {
    float[] means = statistics.means();
    float[] deviations = statistics.deviations();
    return IntStream.range(0, means.length)
        .mapToObj(
            i ->
                new Channel(
                    channel(i, means.length),
                    Numbers.decimal(4, means[i]),
                    Numbers.decimal(4, deviations[i])))
        .toList();
  }

  private static String channel(int number, int channels) {
    if (channels == 1) {
      return "grey";
    }
    return channels == COLOURS.length ? COLOURS[number] : Integer.toString(number + 1);
  }

  private static List<ClassRow> classes(DataSheet.Part part, long[] counts) {
    long largest = Math.max(1, Arrays.stream(counts).max().orElse(1));
    return IntStream.range(0, counts.length)
        .mapToObj(
            i ->
                new ClassRow(
                    part.classes().get(i),
                    Numbers.count(counts[i]),
                    Numbers.percent((double) counts[i] / part.inspection().samples()),
                    Numbers.decimal(4, (double) counts[i] / largest)))
        .toList();
  }

  /** The examples of each class that has some. */
  private static List<Group> groups(DataSheet.Part part) {
    List<Example> all = part.inspection().examples();
    return IntStream.range(0, part.classes().size())
        .mapToObj(
            i ->
                new Group(
                    part.classes().get(i),
                    all.stream()
                        .filter(example -> Arrays.stream(example.labels()).anyMatch(it -> it == i))
                        .map(example -> picture(example, part.classes()))
                        .toList()))
        .filter(group -> !group.examples().isEmpty())
        .toList();
  }

  private static Picture picture(Example example, List<String> classes) {
    return new Picture(
        Pictures.image(Plane.of(example.pixels(), example.shape())),
        Numbers.count(example.id()),
        Arrays.stream(example.labels()).mapToObj(classes::get).collect(Collectors.joining(" + ")));
  }
}
