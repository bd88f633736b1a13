// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.cli;

import java.time.ZoneOffset;
import org.roadhaze.config.UtcOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time zone as the configuration has it: {@code +08:00}. */
final class UtcOffsetConverter implements ITypeConverter<ZoneOffset> {
    @Override
    public ZoneOffset convert(final String value) {
        final ZoneOffset offset = UtcOffset.parse(value);
        if (offset == null) {
            throw new TypeConversionException("found '" + value + "', allowed " + UtcOffset.ALLOWED);
        }
        return offset;
    }
}
