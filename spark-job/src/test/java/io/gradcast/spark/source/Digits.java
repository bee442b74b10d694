package io.gradcast.spark.source;

import io.gradcast.engine.data.IdxReader;
import io.gradcast.engine.data.IdxWriter;
import io.gradcast.engine.data.Samples;
import io.gradcast.spark.source.IdxSource.Split;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Some of the digits that come with Gradcast, to be written in all forms that data come in. They
 * are in the order of their classes, since that is the one that a folder a class gives them.
 */
public final class Digits {

  private static final int SIDE = 28;
  private static final int PIXELS = SIDE * SIDE;

  /**
   * One of them.
   *
   * @param id its place among them, and in whatever is written
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Digit(int id, int label, byte[] pixels) {

    /** As a grey PNG. */
    public byte[] png() {
      return png(SIDE);
    }

    /** The first rows and columns, as a grey PNG. */
    public byte[] png(int side) {
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        ImageIO.write(image.getSubimage(0, 0, side, side), "png", out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }

    /** Pixels, 0 to 255. */
    public int[] levels() {
      return IntStream.range(0, PIXELS).map(i -> pixels[i] & 0xff).toArray();
    }

    /** Pixels, 0 to 1. */
    public double[] shares() {
      return IntStream.of(levels()).mapToDouble(level -> level / 255.0).toArray();
    }
  }

  /** What an image column may hold. */
  public enum Pixels {
    PNG,
    RAW,
    INTS,
    /** With 1 for white. */
    DOUBLES,
    /** With 1 for white; sparse, since most of a digit is black. */
    VECTORS;

    /** The number that is white. */
    public int white() {
      return this == DOUBLES || this == VECTORS ? 1 : 255;
    }

    private DataType type() {
      return switch (this) {
        case PNG, RAW -> DataTypes.BinaryType;
        case INTS -> DataTypes.createArrayType(DataTypes.IntegerType);
        case DOUBLES -> DataTypes.createArrayType(DataTypes.DoubleType);
        case VECTORS -> SQLDataTypes.VectorType();
      };
    }

    private Object of(Digit digit) {
      return switch (this) {
        case PNG -> digit.png();
        case RAW -> digit.pixels();
        case INTS -> digit.levels();
        case DOUBLES -> digit.shares();
        case VECTORS -> Vectors.dense(digit.shares()).toSparse();
      };
    }
  }

  private final Split split;
  private final List<Digit> digits;

  private Digits(Split split, List<Digit> digits) {
    this.split = split;
    this.digits = digits;
  }

  /** The first so many of a split. */
  public static Digits of(Split split, int count) throws IOException {
    try (IdxReader images = IdxReader.images(open(split, "images-idx3"), "images");
        IdxReader labels = IdxReader.labels(open(split, "labels-idx1"), "labels")) {
      Samples samples = IdxReader.read(images, labels, 0, count);
      List<Integer> order =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparingInt(i -> samples.labels()[i]))
              .toList();
      List<Digit> digits = new ArrayList<>();
      for (int i : order) {
        byte[] pixels = new byte[PIXELS];
        System.arraycopy(samples.pixels(), i * PIXELS, pixels, 0, PIXELS);
        digits.add(new Digit(digits.size(), samples.labels()[i], pixels));
      }
      return new Digits(split, digits);
    }
  }

  private static InputStream open(Split split, String content) throws IOException {
    String name = "%s-%s-ubyte.gz".formatted(prefix(split), content);
    return new GZIPInputStream(
        Files.newInputStream(Path.of("..", "src-test-data", "digits", name)));
  }

  private static String prefix(Split split) {
    return split == Split.TRAIN ? "train" : "t10k";
  }

  /** Those of them in their order. */
  public List<Digit> all() {
    return digits;
  }

  /** The same in another order, with the ids that they have. */
  public Digits shuffled() {
    List<Digit> shuffled = new ArrayList<>(digits);
    Collections.shuffle(shuffled, new Random(7));
    return new Digits(split, shuffled);
  }

  /** Writes a pair of IDX files into a folder. */
  public void writeIdx(Path folder) throws IOException {
    Files.createDirectories(folder);
    String file = folder.resolve(prefix(split)) + "-%s-ubyte";
    try (IdxWriter images =
            IdxWriter.images(
                Files.newOutputStream(Path.of(file.formatted("images-idx3"))),
                digits.size(),
                SIDE,
                SIDE);
        IdxWriter labels =
            IdxWriter.labels(
                Files.newOutputStream(Path.of(file.formatted("labels-idx1"))), digits.size())) {
      for (Digit digit : digits) {
        images.write(digit.pixels());
        labels.write((byte) digit.label());
      }
    }
  }

  /** Writes a PNG each into folders of their classes. */
  public void writePngs(Path folder) throws IOException {
    for (Digit digit : digits) {
      Path file = folder.resolve("%d/%05d.png".formatted(digit.label(), digit.id()));
      Files.createDirectories(file.getParent());
      Files.write(file, digit.png());
    }
  }

  /** Writes a file of lines of a label and the pixels, below a line of the columns' names. */
  public void writeCsv(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("label," + join(IntStream.range(0, PIXELS), "pixel%d"));
    digits.forEach(digit -> lines.add(digit.label() + "," + pixels(digit)));
    write(file, lines);
  }

  /** Writes a file of lines of an id, a label and the pixels. */
  public void writeCsvWithIds(Path file) throws IOException {
    write(
        file,
        digits.stream().map(d -> "%d,%d,%s".formatted(d.id(), d.label(), pixels(d))).toList());
  }

  private static String pixels(Digit digit) {
    return join(IntStream.of(digit.levels()), "%d");
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  private static String join(IntStream numbers, String format) {
    return numbers.mapToObj(format::formatted).collect(Collectors.joining(","));
  }

  /** A table of the columns {@code id} long, {@code label} int and {@code image}, in one part. */
  public Dataset<Row> table(SparkSession spark, Pixels pixels) {
    List<Row> rows =
        digits.stream()
            .map(d -> RowFactory.create((long) d.id(), d.label(), pixels.of(d)))
            .toList();
    StructType schema =
        new StructType()
            .add("id", DataTypes.LongType)
            .add("label", DataTypes.IntegerType)
            .add("image", pixels.type());
    return spark.createDataFrame(rows, schema).coalesce(1);
  }
}
