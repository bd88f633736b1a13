// SPDX-License-Identifier: Apache-2.0
package org.roadhaze;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.roadhaze.anonymizer.mechanism.MechanismParameters;

/** The walls of this module. */
@AnalyzeClasses(packages = "org.roadhaze", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] HOT = {"org.roadhaze.position..", "org.roadhaze.anonymizer.mechanism.."};

    /** Parameters are read and described once, at start; what they build runs on the path. */
    private static final DescribedPredicate<JavaClass> PARAMETERS =
            JavaClass.Predicates.assignableTo(MechanismParameters.class).as("parameters of a mechanism");

    @ArchTest
    static final ArchRule LIBRARY_WITHOUT_A_SERVER = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.netty..",
                    "com.lmax..",
                    "net.openhft..",
                    "org.roadhaze.protocol..",
                    "org.roadhaze.stage..",
                    "org.roadhaze.stream..",
                    "org.roadhaze.ring..",
                    "org.roadhaze.listener..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("org.roadhaze.(**)").should().beFreeOfCycles();

    /** It judges them, so what is wrong in one must not be wrong in the other. */
    @ArchTest
    static final ArchRule THE_JUDGE_SHARES_NOTHING_WITH_THE_JUDGED = noClasses()
            .that()
            .resideInAPackage("org.roadhaze.evaluation..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.roadhaze.anonymizer..", "org.roadhaze.device..", "org.roadhaze.geometry..");

    @ArchTest
    static final ArchRule NOTHING_SLOW_ON_THE_PATH = noClasses()
            .that(resideInAnyPackage(HOT))
            .and(not(PARAMETERS))
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.stream..", "java.util.regex..", "java.text..")
                    .or(JavaClass.Predicates.type(java.util.Optional.class))
                    .or(JavaClass.Predicates.type(java.util.Formatter.class)));

    @ArchTest
    static final ArchRule NO_TEXT_IS_FORMATTED_ON_THE_PATH = noClasses()
            .that(resideInAnyPackage(HOT))
            .and(not(PARAMETERS))
            .should()
            .callMethod(String.class, "format", String.class, Object[].class);

    @ArchTest
    static final ArchRule ONLY_KEYS_ARE_RANDOM = noClasses()
            .that()
            .resideOutsideOfPackage("org.roadhaze.anonymizer.key..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.security.SecureRandom");

    @ArchTest
    static final ArchRule NOBODY_IS_RANDOM_OTHERWISE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule NOBODY_READS_A_CLOCK = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule NOBODY_READS_SYSTEM_PROPERTIES = noClasses()
            .should()
            .callMethod(System.class, "getProperty", String.class)
            .orShould()
            .callMethod(System.class, "getenv", String.class);
}
