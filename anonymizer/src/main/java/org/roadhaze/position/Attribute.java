// SPDX-License-Identifier: Apache-2.0
package org.roadhaze.position;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The vocabulary of what a device may say beside its position, and of what the stages derive.
 *
 * <p>On the path an attribute is an {@code int} key:
 * <pre>
 *   31     30 ..... 17    16     15 ............. 0
 *  +------+-------------+------+--------------------+
 *  | BYTES|     0       |  IO  |      number        |
 *  +------+-------------+------+--------------------+
 * </pre>
 * A key without {@code IO} is a named attribute of this class. With {@code IO} it is the device's own I/O element with
 * that number, named {@code io<number>}, raw, for what no name exists for. {@code BYTES} marks a text or binary value.
 *
 * <p>Keys are stored in queues: a number is never used again for something else.
 */
public enum Attribute {
    SPEED(1, "speed", "km/h", 2, Kind.MOTION),
    COURSE(2, "course", "deg", 2, Kind.MOTION),
    ALTITUDE(3, "altitude", "m", 2, Kind.MOTION),
    SATELLITES(4, "satellites", "", 0, Kind.STATUS),
    HDOP(5, "hdop", "", 2, Kind.STATUS),
    PDOP(6, "pdop", "", 2, Kind.STATUS),
    EVENT(7, "event", "", 0, Kind.STATUS),
    PRIORITY(8, "priority", "", 0, Kind.STATUS),
    IGNITION(9, "ignition", "bool", 0, Kind.STATUS),
    MOVEMENT(10, "movement", "bool", 0, Kind.STATUS),
    EXTERNAL_VOLTAGE(11, "power", "V", 3, Kind.STATUS),
    BATTERY_VOLTAGE(12, "battery", "V", 3, Kind.STATUS),
    BATTERY_CURRENT(13, "batteryCurrent", "A", 3, Kind.STATUS),
    BATTERY_LEVEL(14, "batteryLevel", "%", 0, Kind.STATUS),
    GSM_SIGNAL(15, "gsmSignal", "", 0, Kind.STATUS),
    GNSS_STATUS(16, "gnssStatus", "", 0, Kind.STATUS),
    SLEEP_MODE(17, "sleepMode", "", 0, Kind.STATUS),
    DATA_MODE(18, "dataMode", "", 0, Kind.STATUS),
    OPERATOR(19, "operator", "", 0, Kind.IDENTIFYING),
    CELL_ID(20, "cellId", "", 0, Kind.IDENTIFYING),
    LOCATION_AREA(21, "locationAreaCode", "", 0, Kind.IDENTIFYING),
    MCC(22, "mobileCountryCode", "", 0, Kind.IDENTIFYING),
    MNC(23, "mobileNetworkCode", "", 0, Kind.IDENTIFYING),
    DIGITAL_INPUT_1(24, "in1", "bool", 0, Kind.STATUS),
    DIGITAL_INPUT_2(25, "in2", "bool", 0, Kind.STATUS),
    DIGITAL_INPUT_3(26, "in3", "bool", 0, Kind.STATUS),
    DIGITAL_INPUT_4(27, "in4", "bool", 0, Kind.STATUS),
    DIGITAL_OUTPUT_1(28, "out1", "bool", 0, Kind.STATUS),
    DIGITAL_OUTPUT_2(29, "out2", "bool", 0, Kind.STATUS),
    ANALOG_INPUT_1(30, "adc1", "V", 3, Kind.STATUS),
    ANALOG_INPUT_2(31, "adc2", "V", 3, Kind.STATUS),
    ODOMETER(32, "odometer", "m", 0, Kind.MONOTONE, 1_000),
    TRIP_ODOMETER(33, "tripOdometer", "m", 0, Kind.MONOTONE, 1_000),
    ENGINE_HOURS(34, "engineHours", "s", 0, Kind.MONOTONE, 3_600),
    FUEL_LEVEL(35, "fuel", "l", 1, Kind.MONOTONE, 100),
    FUEL_USED(36, "fuelUsed", "l", 1, Kind.MONOTONE, 100),
    RPM(37, "rpm", "1/min", 0, Kind.STATUS),
    OBD_SPEED(38, "obdSpeed", "km/h", 0, Kind.MOTION),
    COOLANT_TEMPERATURE(39, "coolantTemperature", "degC", 1, Kind.STATUS),
    AXIS_X(40, "axisX", "mG", 0, Kind.MOTION),
    AXIS_Y(41, "axisY", "mG", 0, Kind.MOTION),
    AXIS_Z(42, "axisZ", "mG", 0, Kind.MOTION),
    TEMPERATURE_1(43, "temperature1", "degC", 1, Kind.STATUS),
    TEMPERATURE_2(44, "temperature2", "degC", 1, Kind.STATUS),
    TEMPERATURE_3(45, "temperature3", "degC", 1, Kind.STATUS),
    TEMPERATURE_4(46, "temperature4", "degC", 1, Kind.STATUS),
    HUMIDITY(47, "humidity", "%", 1, Kind.STATUS),
    ALARM(48, "alarm", "", 0, Kind.STATUS),
    STATUS(49, "status", "", 0, Kind.STATUS),
    CHARGING(50, "charging", "bool", 0, Kind.STATUS),
    ARMED(51, "armed", "bool", 0, Kind.STATUS),
    BLOCKED(52, "blocked", "bool", 0, Kind.STATUS),
    DOOR(53, "door", "bool", 0, Kind.STATUS),
    ARCHIVE(54, "archive", "bool", 0, Kind.STATUS),
    SERIAL_NUMBER(55, "serialNumber", "", 0, Kind.IDENTIFYING),
    VIN(56, "vin", "", 0, Kind.IDENTIFYING),
    ICCID(57, "iccid", "", 0, Kind.IDENTIFYING),
    IMSI(58, "imsi", "", 0, Kind.IDENTIFYING),
    DRIVER_ID(59, "driverId", "", 0, Kind.IDENTIFYING),
    RESULT(60, "result", "", 0, Kind.IDENTIFYING),
    WIFI(61, "wifi", "", 0, Kind.IDENTIFYING),
    CARD(62, "card", "", 0, Kind.IDENTIFYING),
    /** The frame's own kind, as the protocol numbers it. */
    MESSAGE_TYPE(63, "type", "", 0, Kind.STATUS),
    /** Why the device made the record, as the protocol numbers it. */
    GENERATION_TYPE(80, "generationType", "", 0, Kind.STATUS),

    /** Derived: number of the geofence that the vehicle entered with this fix. */
    GEOFENCE_ENTER(1024, "geofenceEnter", "fence", 0, Kind.DERIVED),
    /** Derived: number of the geofence that the vehicle left with this fix. */
    GEOFENCE_EXIT(1025, "geofenceExit", "fence", 0, Kind.DERIVED),
    /** Derived: a trip began with this fix. */
    TRIP_START(1026, "tripStart", "bool", 0, Kind.DERIVED),
    /** Derived: the trip ended, the vehicle has stopped. The value is how long it had stood when we knew. */
    TRIP_END(1027, "tripEnd", "s", 0, Kind.DERIVED),
    /** Derived: driven since the trip began. To the metre it links the records of a trip as an odometer does. */
    TRIP_DISTANCE(1028, "tripDistance", "m", 0, Kind.MONOTONE, 1_000),
    /** Derived: whether the vehicle is on a trip. */
    ON_TRIP(1029, "onTrip", "bool", 0, Kind.DERIVED),

    /** Of an aggregate: how many devices, with noise. */
    DEVICE_COUNT(2048, "deviceCount", "", 0, Kind.AGGREGATE),
    /** Of an aggregate: their mean speed, with noise. */
    MEAN_SPEED(2049, "meanSpeed", "km/h", 2, Kind.AGGREGATE),
    /** Of an aggregate: what its window costs one device of its privacy. */
    EPSILON(2050, "epsilon", "", 6, Kind.AGGREGATE),
    /** Of an aggregate: what the windows of its day, to the end of its own, cost one device together. */
    EPSILON_OF_DAY(2051, "epsilonOfDay", "", 6, Kind.AGGREGATE);

    /** What an attribute can give away; the policy judges by it. */
    public enum Kind {
        /** How the vehicle moves right now. */
        MOTION,
        /** State that changes and returns. */
        STATUS,
        /**
         * Counts up, or down, for the life of the vehicle, for a trip or from one filling to the next, and so re-links any
         * two segments of it; leaves in steps of {@link #leastBucket()} at the finest.
         */
        MONOTONE,
        /** Names the person, the vehicle, the device or its place. */
        IDENTIFYING,
        /** Computed by the stages: an event or a state, which counts nothing up. */
        DERIVED,
        /** Of many devices together, made by a mechanism: no position has it, and no list of attributes lets it out. */
        AGGREGATE
    }

    /** Key bit: the value is text or bytes in the frame. */
    public static final int BYTES = 1 << 31;

    private static final int IO = 1 << 16;
    private static final int FIRST_DERIVED = 1024;
    private static final int NUMBER_MASK = 0xFFFF;

    private static final Map<String, Attribute> BY_NAME = new HashMap<>();
    private static final Map<Integer, Attribute> BY_KEY = new HashMap<>();

    static {
        for (final Attribute attribute : values()) {
            BY_NAME.put(attribute.label, attribute);
            if (attribute.kind == Kind.MONOTONE && attribute.leastBucket == 1) {
                throw new IllegalStateException("counts up, and has no least bucket: " + attribute.label);
            }
            if (BY_KEY.put(attribute.key, attribute) != null) {
                throw new IllegalStateException("attribute number used twice: " + attribute.key);
            }
        }
    }

    private final int key;
    private final String label;
    private final String unit;
    private final int decimals;
    private final Kind kind;
    private final long leastBucket;

    Attribute(final int key, final String label, final String unit, final int decimals, final Kind kind) {
        this(key, label, unit, decimals, kind, 1);
    }

    Attribute(
            final int key,
            final String label,
            final String unit,
            final int decimals,
            final Kind kind,
            final long leastBucket) {
        this.key = key;
        this.label = label;
        this.unit = unit;
        this.decimals = decimals;
        this.kind = kind;
        this.leastBucket = leastBucket;
    }

    /**
     * The key as positions and records carry it.
     *
     * @return the key, without {@link #BYTES}.
     */
    public int key() {
        return key;
    }

    /**
     * The name that policies, command lines and JSON use.
     *
     * @return the name in camel case.
     */
    public String label() {
        return label;
    }

    /**
     * The unit of the value once {@link #decimals()} are applied.
     *
     * @return the unit, {@code bool} for 0 and 1, or an empty string.
     */
    public String unit() {
        return unit;
    }

    /**
     * How many decimal digits the integer value carries: 12345 with 3 decimals is 12.345.
     *
     * @return the digits.
     */
    public int decimals() {
        return decimals;
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Whether stages add it to a position, from the raw track: no device says it.
     *
     * @return true for the numbers from 1024 to 2047.
     */
    public boolean isDerived() {
        return key >= FIRST_DERIVED && kind != Kind.AGGREGATE;
    }

    /**
     * The finest step in which a policy may let the value out: 1 km, 1 h, 10 l for what is {@linkplain Kind#MONOTONE
     * monotone}.
     *
     * @return the step in the attribute's integer scale; 1 where the value may leave as it is.
     */
    public long leastBucket() {
        return leastBucket;
    }

    /**
     * The key of a device's own I/O element.
     *
     * @param number its number, in [0, 65535].
     * @return the key.
     */
    public static int ioKey(final int number) {
        return IO | (number & NUMBER_MASK);
    }

    public static boolean isIo(final int key) {
        return (key & IO) != 0;
    }

    public static boolean isBytes(final int key) {
        return key < 0;
    }

    public static int number(final int key) {
        return key & NUMBER_MASK;
    }

    /**
     * The named attribute of a key.
     *
     * @param key the key, with or without {@link #BYTES}.
     * @return the attribute, or null for an I/O element or an unknown number.
     */
    public static Attribute ofKey(final int key) {
        return BY_KEY.get(key & ~BYTES);
    }

    /**
     * The name of a key.
     *
     * @param key the key, with or without {@link #BYTES}.
     * @return the label, {@code io<number>}, or {@code unknown<number>}.
     */
    public static String labelOf(final int key) {
        if (isIo(key)) {
            return "io" + number(key);
        }
        final Attribute attribute = ofKey(key);
        return attribute == null ? "unknown" + number(key) : attribute.label;
    }

    /**
     * A value as a person reads it.
     *
     * @param key   the attribute's key.
     * @param value the integer in its scale.
     * @return a {@link Boolean}, a {@link Long}, or, for an attribute with decimals, a {@link BigDecimal}
     *         without needless zeros, but with one decimal at least.
     */
    public static Object scaled(final int key, final long value) {
        final Attribute attribute = ofKey(key);
        if (attribute == null) {
            return value;
        }
        if ("bool".equals(attribute.unit)) {
            return value != 0;
        }
        if (attribute.decimals == 0) {
            return value;
        }
        final BigDecimal exact = BigDecimal.valueOf(value, attribute.decimals).stripTrailingZeros();
        return exact.scale() < 1 ? exact.setScale(1) : exact;
    }

    /**
     * The key of a name as policies write it.
     *
     * @param name a label, or {@code io<number>}.
     * @return the key, or -1 for a name that does not exist.
     */
    public static int keyOf(final String name) {
        final Attribute attribute = BY_NAME.get(name);
        if (attribute != null) {
            return attribute.key;
        }
        if (name.toLowerCase(Locale.ROOT).startsWith("io") && name.length() > 2 && name.length() <= 7) {
            int number = 0;
            for (int i = 2; i < name.length(); i++) {
                final char c = name.charAt(i);
                if (c < '0' || c > '9') {
                    return -1;
                }
                number = 10 * number + c - '0';
            }
            return number <= NUMBER_MASK ? ioKey(number) : -1;
        }
        return -1;
    }
}
