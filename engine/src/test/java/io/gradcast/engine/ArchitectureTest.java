package io.gradcast.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Packages depend on each other in one direction; the root package has what all may use. */
@AnalyzeClasses(packages = "io.gradcast.engine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule PACKAGES_USE_ONLY_WHAT_IS_BELOW_THEM =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("kernel")
          .definedBy("..kernel..")
          .layer("random")
          .definedBy("..random..")
          .layer("tensor")
          .definedBy("..tensor..")
          .layer("layer")
          .definedBy("..layer..")
          .layer("data")
          .definedBy("..data..")
          .layer("eval")
          .definedBy("..eval..")
          .layer("optim")
          .definedBy("..optim..")
          .layer("net")
          .definedBy("..net..")
          .layer("model")
          .definedBy("..model..")
          .layer("train")
          .definedBy("..train..")
          .whereLayer("train")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("train")
          .whereLayer("net")
          .mayOnlyBeAccessedByLayers("model", "train")
          .whereLayer("optim")
          .mayOnlyBeAccessedByLayers("model", "train")
          .whereLayer("eval")
          .mayOnlyBeAccessedByLayers("net", "model", "train")
          .whereLayer("data")
          .mayOnlyBeAccessedByLayers("net", "train")
          .whereLayer("layer")
          .mayOnlyBeAccessedByLayers("net")
          .whereLayer("random")
          .mayOnlyBeAccessedByLayers("layer", "data")
          .whereLayer("tensor")
          .mayOnlyBeAccessedByLayers("layer", "data", "optim", "net", "model", "train");

  @ArchTest
  static final ArchRule KERNELS_USE_NOTHING_OF_OURS =
      noClasses()
          .that()
          .resideInAnyPackage("..kernel..", "..random..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.gradcast.engine",
              "..tensor..",
              "..layer..",
              "..data..",
              "..eval..",
              "..optim..",
              "..net..",
              "..model..",
              "..train..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.gradcast.engine.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ENGINE_KNOWS_NO_CLUSTER =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");
}
