package io.gradcast.spark.fetch;

/**
 * A gzip file to be had from any mirror. Mirrors pack differently, so it is known by its contents.
 *
 * @param sha256 of the contents, unpacked: 64 hexadecimal digits
 * @param size of the contents, unpacked, in bytes
 */
public record RemoteFile(String name, String sha256, long size) {}
