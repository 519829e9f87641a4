package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth is what {@code numpy.save} of NumPy 2.4.6 writes. */
class NpyTest {

    private static final String UINT8 = numpy("|u1", "(2, 3)") + "000102030405";
    private static final String FLOAT32 = numpy("<f4", "(2,)") + "0000c03f000000c0";
    private static final String INT64 = numpy("<i8", "(1, 1)") + "0300000000000000";

    @Test
    void bytesAreWrittenAsNumpyDoes() {
        assertThat(hex(Npy.of(new byte[] {0, 1, 2, 3, 4, 5}, 2, 3))).isEqualTo(UINT8);
    }

    @Test
    void floatsAreWrittenAsNumpyDoes() {
        assertThat(hex(Npy.of(new float[] {1.5f, -2}, 2))).isEqualTo(FLOAT32);
    }

    @Test
    void wholeNumbersAreWrittenAsNumpyDoes() {
        assertThat(hex(Npy.of(new long[] {3}, 1, 1))).isEqualTo(INT64);
    }

    @Test
    void aShardsHeaderIsWrittenAsNumpyDoes() {
        // numpy.zeros((0, 224, 224, 3), uint8): the header's length is 128 whatever the first extent is
        assertThat(hex(Npy.of(new byte[0], 0, 224, 224, 3))).isEqualTo(numpy("|u1", "(0, 224, 224, 3)"));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(decode(UINT8).bytes()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(decode(UINT8).shape()).containsExactly(2, 3);
        assertThat(decode(FLOAT32).floats()).containsExactly(1.5f, -2);
        assertThat(decode(INT64).longs()).containsExactly(3);
    }

    @ParameterizedTest
    @CsvSource({"02", "03"})
    void laterVersionsAreRead(String version) {
        // numpy.lib.format.write_array(numpy.arange(3, dtype="int32"), version=(2 or 3, 0))
        String header = "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }";
        String file = "934e554d5059" + version + "0074000000" + ascii(header + " ".repeat(115 - header.length()))
                + "0a000000000100000002000000";

        assertThat(decode(file).longs()).containsExactly(0, 1, 2);
    }

    @Test
    void fortranOrderIsRefused() {
        assertThatThrownBy(() -> decode(UINT8.replace(ascii("False"), ascii("True "))))
                .hasMessageContaining("Fortran order");
    }

    @Test
    void aFileThatEndsEarlyIsRefused() {
        assertThatThrownBy(() -> decode(UINT8.substring(0, UINT8.length() - 2)))
                .hasMessageContaining("promises 6 bytes of data, but it has 5");
    }

    @Test
    void aHugeHeaderIsRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> decode("934e554d50590200ffffff7f"))
                .hasMessageContaining("its header has 2147483647 bytes");
    }

    @Test
    void anotherFileIsRefused() {
        assertThatThrownBy(() -> decode("89504e470d0a1a0a00000000")).hasMessageContaining("not a .npy file");
    }

    @Test
    void aTypeThatIsNotReadIsNamed() {
        assertThatThrownBy(() -> decode(numpy("<c8", "(0,)"))).hasMessageContaining("<c8");
    }

    private static Npy decode(String hex) {
        return Npy.decode(HexFormat.of().parseHex(hex));
    }

    private static String hex(Npy array) {
        return HexFormat.of().formatHex(array.encode());
    }

    /** A version 1.0 header of 128 bytes. */
    private static String numpy(String type, String shape) {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
        String file = "934e554d505901007600" + ascii(header + " ".repeat(118 - 1 - header.length())) + "0a";
        assertThat(file).hasSize(256);
        return file;
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
