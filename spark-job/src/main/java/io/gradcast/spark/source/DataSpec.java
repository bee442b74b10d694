package io.gradcast.spark.source;

/**
 * What a user says of some data.
 *
 * @param uri where they are; empty with a query
 * @param query in SQL, whose rows they are; empty for files
 * @param format of the files
 * @param columns of a table
 * @param form that images are to have
 * @param header whether CSV has a header line
 * @param tolerance of bad records
 */
public record DataSpec(
    String uri,
    String query,
    Format format,
    Columns columns,
    ImageForm form,
    CsvTable.Header header,
    Tolerance tolerance) {

  /** Files of a format that is found out, in which all is as it mostly is. */
  public static DataSpec of(String uri) {
    return new DataSpec(
        uri,
        "",
        Format.AUTO,
        Columns.USUAL,
        ImageForm.AS_IT_IS,
        CsvTable.Header.AUTO,
        Tolerance.NONE);
  }

  /** The same of other files. */
  public DataSpec withUri(String newUri) {
    return new DataSpec(newUri, "", format, columns, form, header, tolerance);
  }

  /** The same for images of another form. */
  public DataSpec withForm(ImageForm newForm) {
    return new DataSpec(uri, query, format, columns, newForm, header, tolerance);
  }

  /** The same with more or less patience. */
  public DataSpec withTolerance(Tolerance newTolerance) {
    return new DataSpec(uri, query, format, columns, form, header, newTolerance);
  }
}
