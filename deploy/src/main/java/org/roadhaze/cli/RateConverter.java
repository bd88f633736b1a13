// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.roadhaze.simulator.SimulatorOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Records a second, {@code 5000/s}, or {@code max}. */
final class RateConverter implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})/s");
    private static final long MAX_RECORDS_PER_SECOND = 100_000_000;

    @Override
    public Long convert(final String value) {
        if (value.equals("max")) {
            return SimulatorOptions.MAX_RATE;
        }
        final Matcher matcher = FORM.matcher(value);
        final long rate = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (rate == 0 || rate > MAX_RECORDS_PER_SECOND) {
            throw new TypeConversionException("found '" + value + "', allowed N/s from 1/s to 100000000/s, or max");
        }
        return rate;
    }
}
