// SPDX-License-Identifier: Apache-2.0
package org.roadhaze;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.roadhaze.anonymizer.key.KeyRing;

/** The walls of the house. */
@AnalyzeClasses(packages = "org.roadhaze", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NETTY_LIVES_IN_THE_LISTENER_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("org.roadhaze.listener..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule THE_DISRUPTOR_LIVES_IN_THE_RING_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("org.roadhaze.ring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.lmax..");

    @ArchTest
    static final ArchRule CHRONICLE_LIVES_IN_THE_STREAM_ALONE = noClasses()
            .that()
            .resideOutsideOfPackage("org.roadhaze.stream..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.openhft..");

    // The evaluation measures with JTS itself: sharing the geometry of what it judges would share its faults.
    @ArchTest
    static final ArchRule JTS_LIVES_IN_GEOMETRY_AND_IN_THE_EVALUATION_ALONE = noClasses()
            .that()
            .resideOutsideOfPackages("org.roadhaze.geometry..", "org.roadhaze.geo..", "org.roadhaze.evaluation..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.locationtech..");

    @ArchTest
    static final ArchRule SQLITE_LIVES_IN_THE_KEY_DATABASE_ALONE = noClasses()
            .that()
            .haveNameNotMatching("org.roadhaze.journal.(Key(Database|Epochs|Rewrap|StoreCopy|Tables)|SqliteLibrary)")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.sqlite..");

    @ArchTest
    static final ArchRule PROTOCOLS_SEE_BYTES_AND_POSITIONS_ONLY = noClasses()
            .that()
            .resideInAPackage("org.roadhaze.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.roadhaze.anonymizer..",
                    "org.roadhaze.listener..",
                    "org.roadhaze.ring..",
                    "org.roadhaze.stage..",
                    "org.roadhaze.stream..",
                    "org.roadhaze.engine..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("org.roadhaze.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule THE_HOT_PATH_USES_NOTHING_THAT_ALLOCATES_BY_NATURE = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.roadhaze.position..", "org.roadhaze.protocol..", "org.roadhaze.ring..", "org.roadhaze.stage..")
            .and()
            .doNotHaveFullyQualifiedName("org.roadhaze.protocol.Protocols")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.stream..", "java.util.regex..", "java.text..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Optional")
            .orShould()
            .callMethod(String.class, "format", String.class, Object[].class);

    @ArchTest
    static final ArchRule NOBODY_READS_A_CLOCK_OF_HIS_OWN = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule RANDOMNESS_IS_FOR_KEYS = noClasses()
            .that()
            .resideOutsideOfPackage("org.roadhaze.anonymizer.key..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    /** Keys of a seed are for {@code roadhaze evaluate}, which lets nothing out. */
    @ArchTest
    static final ArchRule NO_ENGINE_HAS_KEYS_OF_A_SEED =
            noClasses().should().callMethod(KeyRing.class, "repeatable", long.class, long.class);
}
