package dev.sclera.dataset.synthetic;

/** The lesions of diabetic retinopathy; a {@link LesionMap} holds their {@link #label()}. */
public enum LesionKind {
    /** A bulge of a capillary: a small dark red dot. */
    MICROANEURYSM(1, 0xd62728, false),
    /** Blood within the retina: a dot, a blot or a flame. */
    HAEMORRHAGE(2, 0x8c1414, false),
    /** Lipid: small yellow patches with sharp edges. */
    HARD_EXUDATE(3, 0xffd92f, false),
    /** An infarct of the nerve fibre layer: a white patch with soft edges. */
    COTTON_WOOL_SPOT(4, 0xf0f0f0, false),
    /** A vein whose width varies as a string of beads. */
    VENOUS_BEADING(5, 0x4169e1, false),
    /** An intraretinal microvascular abnormality: a small tangle within the retina. */
    IRMA(6, 0x9467bd, false),
    /** New vessels, at the disc or elsewhere. */
    NEOVASCULARISATION(7, 0x2ca02c, true),
    /** Blood before the retina, often boat-shaped: it settles under a level upper edge. */
    PRERETINAL_HAEMORRHAGE(8, 0xff7f0e, true),
    /** Blood in the vitreous: a dark cloud. */
    VITREOUS_HAEMORRHAGE(9, 0x8c564b, true);

    private final int label;
    private final int rgb;
    private final boolean proliferative;

    LesionKind(int label, int rgb, boolean proliferative) {
        this.label = label;
        this.rgb = rgb;
        this.proliferative = proliferative;
    }

    /** Its value in a lesion map, 1 to 9. */
    public int label() {
        return label;
    }

    /** Its colour where a map is shown, {@code 0xRRGGBB}. */
    public int rgb() {
        return rgb;
    }

    /** Whether it makes retinopathy proliferative: grade 4. */
    public boolean proliferative() {
        return proliferative;
    }
}
