package io.gradcast.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Packages depend on each other in one direction: cli on all, store on none. */
@AnalyzeClasses(
    packages = "io.gradcast.spark",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "io.gradcast.spark";
  private static final String CLI = "io.gradcast.spark.cli..";
  private static final String STORE = "io.gradcast.spark.store..";
  private static final String SOURCE = "io.gradcast.spark.source..";
  private static final String SHARD = "io.gradcast.spark.shard..";
  private static final String MONITOR = "io.gradcast.spark.monitor..";
  private static final String EXCHANGE = "io.gradcast.spark.exchange..";
  private static final String SCORE = "io.gradcast.spark.score..";
  private static final String SQL = "io.gradcast.spark.sql..";
  private static final String ML = "io.gradcast.spark.ml..";
  private static final String REPORT = "io.gradcast.spark.report..";
  private static final String RETRAIN = "io.gradcast.spark.retrain..";

  @ArchTest
  static final ArchRule nothingDependsOnTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CLI);

  @ArchTest
  static final ArchRule nothingDependsOnPipelines =
      noClasses()
          .that()
          .resideOutsideOfPackage(ML)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ML);

  @ArchTest
  static final ArchRule onlyTheCommandLineRetrains =
      noClasses()
          .that()
          .resideOutsideOfPackages(RETRAIN, CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(RETRAIN);

  @ArchTest
  static final ArchRule picocliIsForTheCommandLineAlone =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule storeStandsAlone =
      mayNotUse(STORE, ROOT, SOURCE, SHARD, MONITOR, EXCHANGE, SCORE, REPORT, CLI);

  @ArchTest
  static final ArchRule sourceUsesOnlyStore =
      mayNotUse(SOURCE, ROOT, SHARD, MONITOR, EXCHANGE, SCORE, REPORT, CLI);

  @ArchTest
  static final ArchRule monitorUsesOnlyStore =
      mayNotUse(MONITOR, ROOT, SOURCE, SHARD, EXCHANGE, SCORE, REPORT, CLI);

  @ArchTest
  static final ArchRule shardUsesOnlySourceAndStore =
      mayNotUse(SHARD, ROOT, MONITOR, EXCHANGE, SCORE, REPORT, CLI);

  @ArchTest
  static final ArchRule exchangeUsesOnlyShardAndMonitor =
      mayNotUse(EXCHANGE, ROOT, SOURCE, STORE, SCORE, REPORT, CLI);

  @ArchTest
  static final ArchRule scoreUsesOnlyShardSourceAndStore =
      mayNotUse(SCORE, ROOT, MONITOR, EXCHANGE, REPORT, CLI);

  @ArchTest
  static final ArchRule sqlUsesOnlyScoreSourceAndStore =
      mayNotUse(SQL, ROOT, SHARD, MONITOR, EXCHANGE, REPORT, CLI);

  @ArchTest
  static final ArchRule retrainUsesNeitherMonitorNorSql = mayNotUse(RETRAIN, MONITOR, SQL);

  @ArchTest
  static final ArchRule reportKnowsTheEngineAlone =
      noClasses()
          .that()
          .resideInAPackage(REPORT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT, SOURCE, STORE, SHARD, MONITOR, EXCHANGE, SCORE, CLI, "org.apache..", "scala..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.gradcast.spark.(*)..").should().beFreeOfCycles();

  private static ArchRule mayNotUse(String user, String... used) {
    return noClasses()
        .that()
        .resideInAPackage(user)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(used);
  }
}
