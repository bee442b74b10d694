package io.gradcast.spark.source;

import io.gradcast.engine.data.DataStatistics;
import io.gradcast.engine.data.Fingerprint;

/** What one task wrote of a packed data set. */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record PackedPart(PackedFile[] files, Fingerprint fingerprint, DataStatistics statistics) {}
