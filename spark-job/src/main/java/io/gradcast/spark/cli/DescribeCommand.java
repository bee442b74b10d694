package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.layer.Layer;
import io.gradcast.engine.layer.Residual;
import io.gradcast.engine.net.DataFacts;
import io.gradcast.engine.net.Network;
import io.gradcast.engine.net.NetworkText;
import io.gradcast.engine.tensor.Shape;
import io.gradcast.engine.tensor.Tensor;
import io.gradcast.spark.store.NetworkFiles;
import io.gradcast.spark.store.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a network as a table, as it would be for some data. */
@Command(
    name = "describe",
    description = "Prints the layers of a network, their output shapes and parameters.")
final class DescribeCommand implements Callable<Integer> {

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      description = "a network of conf/networks by its name, or a file like them (default: zhang)")
  private String network = "zhang";

  @Option(
      names = "--input",
      split = ",",
      paramLabel = "SIDE",
      description =
          "channels, height and width of the images, where the network leaves that to the data"
              + " (default: 1,28,28)")
  private List<Integer> input = List.of(1, 28, 28);

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "classes, where the network leaves that to the data (default: 10)")
  private int classes = 10;

  @Override
  public Integer call() {
    if (input.size() != 3 || input.stream().anyMatch(side -> side < 1)) {
      throw GradcastException.usage(
          "--input: expected channels, height and width of 1 or more, found " + input);
    }
    if (classes < 1) {
      throw GradcastException.usage("--classes: expected 1 or more, found " + classes);
    }
    Shape shape = new Shape(input.get(0), input.get(1), input.get(2));
    NetworkText text = NetworkFiles.load(new Storage(new Configuration()), network);
    DataFacts facts = new DataFacts(shape, classes, false);
    System.out.print(table(new Network(text.unmeasured().resolve(facts))));
    return 0;
  }

  /** One line a layer, those within others moved to the right. */
  static String table(Network network) {
    List<String[]> lines = new ArrayList<>();
    lines.add(new String[] {"layer", "type", "output", "parameters"});
    lines.add(new String[] {"", "input", network.input().toString(), ""});
    add(lines, network.layers(), "");
    int[] widths = new int[3];
    for (String[] line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    text.append("Network %s%n%n".formatted(network.spec().name()));
    String format = "%%-%ds  %%-%ds  %%-%ds  %%10s%n".formatted(widths[0], widths[1], widths[2]);
    lines.forEach(
        line -> text.append(format.formatted((Object[]) line).stripTrailing()).append('\n'));
    text.append(
        "%nLoss %s, %,d parameters%n"
            .formatted(network.spec().loss().name(), network.parameterCount()));
    return text.toString();
  }

  private static void add(List<String[]> lines, List<Layer> layers, String margin) {
    for (Layer layer : layers) {
      int parameters = layer.tensors().stream().mapToInt(Tensor::size).sum();
      lines.add(
          new String[] {
            margin + layer.name(),
            layer.getClass().getSimpleName(),
            layer.output().toString(),
            parameters == 0 ? "" : "%,d".formatted(parameters)
          });
      if (layer instanceof Residual residual) {
        add(lines, residual.body().layers(), margin + "  ");
        add(lines, residual.shortcut().layers(), margin + "  ");
      }
    }
  }
}
