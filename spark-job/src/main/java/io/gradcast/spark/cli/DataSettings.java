package io.gradcast.spark.cli;

import io.gradcast.engine.GradcastException;
import io.gradcast.spark.source.Columns;
import io.gradcast.spark.source.CsvTable;
import io.gradcast.spark.source.DataSpec;
import io.gradcast.spark.source.Format;
import io.gradcast.spark.source.ImageForm;
import io.gradcast.spark.source.Tolerance;
import java.nio.file.Path;

/** What data are, from the settings. */
final class DataSettings {

  private enum ChannelOrder {
    PLANES,
    PIXELS
  }

  private enum OnBadRecord {
    FAIL,
    SKIP
  }

  private DataSettings() {}

  /** The data of a command; where there are none, the digits that come with Gradcast. */
  static DataSpec of(Settings settings) {
    String query = settings.text(Setting.QUERY);
    String uri = settings.text(Setting.DATA);
    if (!query.isEmpty() && !uri.isEmpty()) {
      throw GradcastException.usage("query: expected none beside data, found both");
    }
    return new DataSpec(
        uri.isEmpty() && query.isEmpty() ? embedded() : uri,
        query,
        settings.choice(Setting.FORMAT, Format.class),
        new Columns(
            settings.text(Setting.IMAGE_COLUMN),
            settings.text(Setting.LABEL_COLUMN),
            settings.text(Setting.ID_COLUMN)),
        form(settings),
        settings.choice(Setting.HEADER, CsvTable.Header.class),
        tolerance(settings));
  }

  private static ImageForm form(Settings settings) {
    int channels = 0;
    if (settings.has(Setting.CHANNELS)) {
      channels = settings.integer(Setting.CHANNELS, 1);
      GradcastException.require(
          channels == 1 || channels == 3, Setting.CHANNELS.key(), "1 or 3", channels);
    }
    double white = settings.number(Setting.WHITE);
    GradcastException.require(
        white > 0 && white < Double.POSITIVE_INFINITY,
        Setting.WHITE.key(),
        "a number above 0",
        settings.text(Setting.WHITE));
    ImageForm form =
        new ImageForm(
            0,
            0,
            channels,
            settings.choice(Setting.CHANNEL_ORDER, ChannelOrder.class) == ChannelOrder.PIXELS,
            white);
    return settings.has(Setting.IMAGE_SIZE)
        ? form.withSize(settings.text(Setting.IMAGE_SIZE))
        : form;
  }

  private static Tolerance tolerance(Settings settings) {
    double most = settings.number(Setting.MAX_BAD_FRACTION);
    GradcastException.require(
        most >= 0 && most <= 1,
        Setting.MAX_BAD_FRACTION.key(),
        "a part, from 0 to 1",
        settings.text(Setting.MAX_BAD_FRACTION));
    boolean skips = settings.choice(Setting.ON_BAD_RECORD, OnBadRecord.class) == OnBadRecord.SKIP;
    return new Tolerance(skips, most);
  }

  /** The digits in the checkout that submit.sh was started from. */
  private static String embedded() {
    Path home = Path.of(System.getProperty("gradcast.home", ""));
    return Local.uri(home.resolve("src-test-data").resolve("digits"));
  }
}
