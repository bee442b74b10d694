/**
 * Models as a function of Spark SQL. The function takes a way through Spark's query planner of its
 * own, so that images go through a network in groups: {@code PredictFunction} is the expression
 * that a query names, {@code ExtractPredictions} moves it into a {@code Predictions} node below the
 * operator that uses it, {@code PredictionsStrategy} plans that as {@code PredictionsExec}, and on
 * executors {@code PredictedRows} fills groups of rows. This is how Spark treats functions in
 * Python.
 */
package io.gradcast.spark.sql;
