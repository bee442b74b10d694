package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException;
import io.gradcast.engine.Sha256;
import io.gradcast.engine.model.Model;
import io.gradcast.engine.model.SafeTensors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The versions of a model that is trained again and again, in a folder: {@code models/<version>/},
 * none of which ever changes, and {@code champion}, a small file that names the one to use. Who
 * reads sees a version whole or not at all, and always a champion once there was one.
 */
public final class ModelStore {

  private static final String MODELS = "models";
  private static final String HIDDEN = ".inprogress-";

  private final StoreFolder files;

  private ModelStore(StoreFolder files) {
    this.files = files;
  }

  /** The store in a folder, which need not be there yet. */
  public static ModelStore open(Storage storage, String uri) {
    return new ModelStore(StoreFolder.open(storage, uri));
  }

  /** What else is in its folder. */
  public StoreFolder files() {
    return files;
  }

  /** The version that the pointer names, if there is a pointer. */
  public Optional<String> champion() {
    return files.attempt(() -> Champion.of(files.storage(), files.root()));
  }

  /**
   * Makes a version the champion, in one step.
   *
   * @throws GradcastException of kind LOCKED, and nothing is changed, if the lock was lost
   */
  public void promote(StoreLock lock, String version) {
    files.attempt(
        () -> {
          lock.publish(version);
          return version;
        });
  }

  /** All versions, by date and name. */
  public List<ModelVersion> versions() {
    return files.names(MODELS).stream()
        .filter(name -> !name.startsWith("."))
        .flatMap(name -> version(name).stream())
        .sorted(Comparator.comparing(ModelVersion::runDate).thenComparing(ModelVersion::name))
        .toList();
  }

  /** A version, if it is there. */
  public Optional<ModelVersion> version(String name) {
    String file = "%s/%s/%s".formatted(MODELS, name, ModelVersion.MANIFEST);
    return files
        .read(file)
        .map(bytes -> ModelVersion.fromBytes(bytes, "manifest " + files.path(file)));
  }

  /**
   * The model of a version, once all files of that are what its manifest says.
   *
   * @throws GradcastException of kind MODEL where the version is not there or damaged, of kind
   *     OUTPUT where the store cannot be read
   */
  public Model load(String name) {
    ModelVersion version =
        version(name)
            .orElseThrow(
                () ->
                    GradcastException.model(
                        "store %s: expected the version %s, found none of that name"
                            .formatted(files.root(), name)));
    requireWhole(version);
    Path file = new Path(folder(name), Models.FILE);
    return files.attempt(
        () -> {
          try (InputStream in = files.storage().open(file)) {
            return SafeTensors.read(in, version.model().bytes(), "model " + file);
          }
        });
  }

  /** Where a version is, in full. */
  public Path folder(String version) {
    return files.path(MODELS + "/" + version);
  }

  /**
   * Adds a version: its files are written under a hidden name, read again and compared, and get
   * their name with all others in one step. A version that is there is left as it is, if it is the
   * same.
   *
   * @param lock under which that happens
   * @param contents of its files, by their names
   * @param manifest makes the manifest of the files
   */
  public void add(
      StoreLock lock,
      String version,
      Map<String, Publication.Content> contents,
      Function<List<ModelVersion.File>, ModelVersion> manifest) {
    files.attempt(
        () -> {
          Path hidden = folder(HIDDEN + lock.name());
          FileSystem system = files.system();
          system.delete(hidden, true);
          files.step().makeFolder(hidden);
          List<ModelVersion.File> written = new ArrayList<>();
          for (Map.Entry<String, Publication.Content> file : contents.entrySet()) {
            written.add(write(new Path(hidden, file.getKey()), file.getValue()));
          }
          ModelVersion made = manifest.apply(written);
          write(new Path(hidden, ModelVersion.MANIFEST), out -> out.write(made.toBytes()));
          requireWhole(hidden, made);
          if (!files.step().claim(hidden, folder(version), ModelVersion.MANIFEST)) {
            requireSame(made);
            system.delete(hidden, true);
          }
          return made;
        });
  }

  private ModelVersion.File write(Path file, Publication.Content content) throws IOException {
    MessageDigest digest = Sha256.digest();
    FSDataOutputStream out = files.system().create(file, false);
    Storage.write(
        out,
        stream -> {
          content.writeTo(new DigestOutputStream(stream, digest));
          // On the disk before the folder has its name: that outlives a failing machine.
          out.hsync();
        });
    return new ModelVersion.File(
        file.getName(),
        files.system().getFileStatus(file).getLen(),
        HexFormat.of().formatHex(digest.digest()));
  }

  private void requireSame(ModelVersion made) throws IOException {
    if (!version(made.name()).equals(Optional.of(made))) {
      throw new IOException(
          "version %s is there already, and is another one: no version ever changes"
              .formatted(made.name()));
    }
  }

  /** That all files of a version are what its manifest says; an error of kind MODEL if not. */
  public void requireWhole(ModelVersion version) {
    files.attempt(
        () -> {
          requireWhole(folder(version.name()), version);
          return version;
        });
  }

  private void requireWhole(Path folder, ModelVersion version) throws IOException {
    for (ModelVersion.File file : version.files()) {
      Path path = new Path(folder, file.name());
      MessageDigest digest = Sha256.digest();
      long bytes;
      try (InputStream in = files.storage().open(path)) {
        bytes = in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      } catch (FileNotFoundException e) {
        throw damaged(version, path, "none");
      }
      String found = HexFormat.of().formatHex(digest.digest());
      if (bytes != file.bytes() || !found.equals(file.sha256())) {
        throw damaged(version, path, "%,d bytes with the SHA-256 %s".formatted(bytes, found));
      }
    }
  }

  private static GradcastException damaged(ModelVersion version, Path file, String found) {
    ModelVersion.File expected =
        version.files().stream()
            .filter(it -> it.name().equals(file.getName()))
            .findFirst()
            .orElseThrow();
    return GradcastException.model(
        "version %s: %s: expected %,d bytes with the SHA-256 %s, found %s"
            .formatted(version.name(), file, expected.bytes(), expected.sha256(), found));
  }

  /** Takes away what killed owners of the lock had not finished, here and among the versions. */
  public void deleteUnfinished() {
    files.deleteHidden("");
    files.deleteHidden(MODELS);
    if (files.step().showsHalf()) {
      files.names(MODELS).stream()
          .filter(name -> version(name).isEmpty())
          .forEach(name -> files.delete(MODELS + "/" + name));
    }
  }

  /** Takes away all versions but the last ones and the champion. */
  public void retain(int last) {
    String champion = champion().orElse("");
    List<ModelVersion> all = versions();
    for (ModelVersion version : all.subList(0, Math.max(0, all.size() - last))) {
      if (!version.name().equals(champion)) {
        files.attempt(
            () -> {
              files.step().remove(folder(version.name()), ModelVersion.MANIFEST);
              return version;
            });
      }
    }
  }
}
