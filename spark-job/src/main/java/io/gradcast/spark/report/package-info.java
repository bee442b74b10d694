/**
 * The report of a training or an evaluation, and other pages: HTML files that need nothing else.
 *
 * <p>{@link io.gradcast.spark.report.Report} is what it tells, {@link
 * io.gradcast.spark.report.ReportPage} writes it. Tables and pictures are made here; curves are
 * drawn by D3 in the reader's browser, from numbers that stand in tables too. Layout, style and
 * drawing are {@code report.html}, {@code report.css} and {@code report.js} among the resources.
 * The history of many runs is {@link io.gradcast.spark.report.HistoryPage}, of {@link
 * io.gradcast.spark.report.HistoryPoint}s.
 */
package io.gradcast.spark.report;
