package dev.sclera.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class SpectrumFigureTest {

    /** A thousand times the mean is at the top of the plot, the mean in its middle, a thousandth at its bottom. */
    @Test
    void powerIsDrawnOnALogarithmicScale() throws Exception {
        List<double[]> points = points(new Spectrum(List.of(1000.0, 1.0, 0.001, 10.0), 0.1, 0.2, 0.3));
        assertThat(points).hasSize(4);
        double top = points.get(0)[1];
        double bottom = points.get(2)[1];
        assertThat(bottom).isGreaterThan(top);
        assertThat(points.get(1)[1]).isCloseTo((top + bottom) / 2, within(0.1));
        assertThat(points.get(3)[1]).isCloseTo(points.get(1)[1] - (bottom - top) / 6, within(0.1));
        for (int ring = 1; ring < points.size(); ring++) {
            assertThat(points.get(ring)[0] - points.get(ring - 1)[0]).isCloseTo(80, within(0.1));
        }
    }

    /** Powers beyond the scale, none among them, stay within the plot. */
    @Test
    void whatIsBeyondTheScaleIsAtItsEdge() throws Exception {
        List<double[]> points = points(new Spectrum(List.of(0.0, 0.001, 1e9, 1000.0), 0, 0, 0));
        assertThat(points.get(0)[1]).isEqualTo(points.get(1)[1]);
        assertThat(points.get(2)[1]).isEqualTo(points.get(3)[1]);
    }

    @Test
    void sharesAreWrittenInPercent() throws Exception {
        Document figure = parsed(SpectrumFigure.of(new Spectrum(List.of(1.0), 0.104, 0.25, 0.996)));
        assertThat(figure.getDocumentElement().getTextContent()).contains("⅛: 10 %", "¼: 25 %", "½: 100 %");
    }

    private static List<double[]> points(Spectrum spectrum) throws Exception {
        Document figure = parsed(SpectrumFigure.of(spectrum));
        Element curve = (Element) figure.getElementsByTagName("polyline").item(0);
        return Stream.of(curve.getAttribute("points").split(" "))
                .map(point -> Stream.of(point.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
