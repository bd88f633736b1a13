// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Properties;

/** What every page carries: its style, its script, and Chart.js, which draws its charts, with its licence. */
final class PageParts {
    private static final String WEBJAR = "META-INF/resources/webjars/chart.js/";

    private PageParts() {}

    static String style() {
        return text("org/roadhaze/report/report.css");
    }

    static String script() {
        return text("org/roadhaze/report/report.js");
    }

    static String chartVersion() {
        final Properties pom = new Properties();
        try (InputStream in = open("META-INF/maven/org.webjars.npm/chart.js/pom.properties")) {
            pom.load(in);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return pom.getProperty("version");
    }

    /** Without the line that tells developers' tools where to load its sources from. */
    static String chartLibrary() {
        return text(WEBJAR + chartVersion() + "/dist/chart.umd.min.js").replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    }

    static String chartLicence() {
        return text(WEBJAR + chartVersion() + "/LICENSE.md");
    }

    /**
     * How a Content-Security-Policy names a script or style that may run.
     *
     * @param text what stands between the tags.
     * @return its source expression.
     */
    static String hash(final String text) {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String text(final String resource) {
        try (InputStream in = open(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(final String resource) {
        final InputStream in = PageParts.class.getClassLoader().getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("this build lacks " + resource);
        }
        return in;
    }
}
