package io.gradcast.spark.store;

import io.gradcast.engine.GradcastException.Kind;
import io.gradcast.engine.model.Fields;
import io.gradcast.engine.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Who holds a lock.
 *
 * @param work what it is held for, such as a run's name
 * @param machine where process numbers mean the same: a boot and a name space of processes
 * @param started when the process began, in milliseconds; its number may be another's later
 * @param since when it took the lock, for people
 */
record LockOwner(
    String work, String host, String user, String machine, long pid, long started, String since) {

  /** Of a number, so that names are in the order of numbers. */
  private static final int DIGITS = 10;

  /** This process. */
  static LockOwner here(String work) {
    ProcessHandle process = ProcessHandle.current();
    return new LockOwner(
        work,
        hostName(),
        System.getProperty("user.name", ""),
        thisMachine(),
        process.pid(),
        startOf(process),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Empty where nothing tells, as on systems other than Linux. */
  private static String thisMachine() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return boot + " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Whether it was a process of this machine, of which there is none any more. */
  boolean isGone() {
    return !machine.isEmpty()
        && machine.equals(thisMachine())
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> startOf(process) == started)
            .isEmpty();
  }

  /** A name for an owner of a lock that no other has, in the order of the locks' numbers. */
  static String name(long number) {
    return digits(number) + "-" + UUID.randomUUID();
  }

  static String digits(long number) {
    return ("%0" + DIGITS + "d").formatted(number);
  }

  /** The number in a name. */
  static long number(String name) {
    return Long.parseLong(name.substring(0, DIGITS));
  }

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("work", work);
    fields.put("host", host);
    fields.put("user", user);
    fields.put("machine", machine);
    fields.put("pid", pid);
    fields.put("started", started);
    fields.put("since", since);
    return fields;
  }

  byte[] toBytes() {
    return (Json.write(fields()) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static LockOwner fromBytes(byte[] bytes, String where) {
    return of(Fields.parse(Kind.OUTPUT, new String(bytes, StandardCharsets.UTF_8), where));
  }

  static LockOwner of(Fields fields) {
    return new LockOwner(
        fields.text("work"),
        fields.text("host"),
        fields.text("user"),
        fields.text("machine"),
        fields.integer("pid", 0, Long.MAX_VALUE),
        fields.integer("started", 0, Long.MAX_VALUE),
        fields.text("since"));
  }

  /** For a sentence. */
  @Override
  public String toString() {
    return "%s (process %d of %s on %s, since %s)".formatted(work, pid, user, host, since);
  }
}
