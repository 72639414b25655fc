package io.sluice.system;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.NATIVE;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages, as DESIGN.md draws them. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ArchitectureTest.OurClasses.class)
final class ArchitectureTest {
    /** What is delivered: not the tests, theirs or ours, be they in directories or in a jar of tests. */
    static final class OurClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/")
                    && !location.contains("-tests.jar")
                    && !location.contains("/bench/");
        }
    }

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWN = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.sluice..")
            .withOptionalLayers(true)
            .layer("linux")
            .definedBy("io.sluice.linux..")
            .layer("block")
            .definedBy("io.sluice.block..")
            .layer("pci")
            .definedBy("io.sluice.pci..")
            .layer("nvme")
            .definedBy("io.sluice.nvme..")
            .layer("emulator")
            .definedBy("io.sluice.emulator..")
            .layer("uring")
            .definedBy("io.sluice.uring..")
            .layer("partition")
            .definedBy("io.sluice.partition..")
            .layer("vfs")
            .definedBy("io.sluice.vfs..")
            .layer("tester")
            .definedBy("io.sluice.tester..")
            .layer("export")
            .definedBy("io.sluice.export..")
            .layer("cli")
            .definedBy("io.sluice.cli..")
            .layer("report")
            .definedBy("io.sluice.report..")
            .layer("reproduce")
            .definedBy("io.sluice.reproduce..")
            .whereLayer("linux")
            .mayNotAccessAnyLayer()
            .whereLayer("block")
            .mayNotAccessAnyLayer()
            .whereLayer("pci")
            .mayOnlyAccessLayers("linux")
            .whereLayer("nvme")
            .mayOnlyAccessLayers("pci", "block")
            .whereLayer("emulator")
            .mayOnlyAccessLayers("pci", "block")
            .whereLayer("uring")
            .mayOnlyAccessLayers("linux", "block")
            .whereLayer("partition")
            .mayOnlyAccessLayers("block")
            .whereLayer("vfs")
            .mayOnlyAccessLayers("block", "partition")
            .whereLayer("tester")
            .mayOnlyAccessLayers("block")
            .whereLayer("export")
            .mayOnlyAccessLayers("linux", "block", "pci", "emulator")
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("reproduce")
            .whereLayer("report")
            .mayNotAccessAnyLayer()
            .whereLayer("reproduce")
            .mayOnlyAccessLayers("report", "cli", "tester", "pci")
            .whereLayer("reproduce")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule NATIVE_CODE_IS_IN_LINUX_ALONE = noClasses()
            .that(resideOutsideOfPackage("io.sluice.linux.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.sun.jna..", "com.kenai.jffi..", "jnr.ffi..", "jnr.posix.."))
            .orShould()
            .callMethod(System.class, "load", String.class)
            .orShould()
            .callMethod(System.class, "loadLibrary", String.class)
            .orShould()
            .callMethod(Runtime.class, "load", String.class)
            .orShould()
            .callMethod(Runtime.class, "loadLibrary", String.class);

    @ArchTest
    static final ArchRule NATIVE_METHODS_ARE_IN_LINUX_ALONE = noMethods()
            .that()
            .areDeclaredInClassesThat(resideOutsideOfPackage("io.sluice.linux.."))
            .should()
            .haveModifier(NATIVE);

    @ArchTest
    static final ArchRule NOBODY_USES_UNSAFE =
            noClasses().that(alwaysTrue()).should().dependOnClassesThat(resideInAPackage("sun.misc.."));
}
