package dev.sclera.dataset;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A perturbation's spectrum as a small drawing: power over frequency, the power on a logarithmic scale from a
 * thousandth of the mean to a thousand times the mean, with a line at white noise. Stands alone, and takes a page's
 * style sheet.
 */
public final class SpectrumFigure {

    private static final int WIDTH = 320;
    private static final int TOP = 26;
    private static final int PLOT = 84;
    private static final double DECADES = 3;

    private SpectrumFigure() {}

    /** The SVG. */
    public static String of(Spectrum spectrum) {
        List<Double> radial = spectrum.radial();
        String points = IntStream.range(0, radial.size())
                .mapToObj(ring -> String.format(
                        Locale.ROOT, "%.1f,%.1f", (ring + 0.5) * WIDTH / radial.size(), y(radial.get(ring))))
                .collect(Collectors.joining(" "));
        String share = String.format(
                Locale.ROOT,
                "below ⅛: %.0f %%   ¼: %.0f %%   ½: %.0f %%",
                100 * spectrum.eighth(),
                100 * spectrum.quarter(),
                100 * spectrum.half());
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" font-family="sans-serif" font-size="12" fill="#1b2733" aria-label="Power by spatial frequency"><title>Power by spatial frequency</title>
                <text x="0" y="16">power by frequency</text><text class="value" x="%1$d" y="16" text-anchor="end">%3$s</text>
                <rect class="frame" x="0" y="%4$d" width="%1$d" height="%5$d" rx="3" fill="#d5dce3" opacity=".3"/>
                <path class="grid" d="M0 %6$.1fh%1$d" stroke="#8a96a3"/>
                <polyline class="curve" points="%7$s" fill="none" stroke="#c44f00" stroke-width="2"/>
                <text class="dim" x="0" y="%2$d" dy="-4">tint, blobs</text><text class="dim" x="%1$d" y="%2$d" dy="-4" text-anchor="end">single pixels</text>
                </svg>
                """, WIDTH, TOP + PLOT + 20, share, TOP, PLOT, y(1), points);
    }

    private static double y(double power) {
        double decades = Math.max(-DECADES, Math.min(DECADES, Math.log10(power)));
        return TOP + PLOT * (DECADES - decades) / (2 * DECADES);
    }
}
