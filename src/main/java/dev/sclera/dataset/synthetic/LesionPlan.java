package dev.sclera.dataset.synthetic;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which lesions an eye has, as the International Clinical Diabetic Retinopathy scale (Wilkinson et al. 2003) has it: 0
 * none; 1 microaneurysms only; 2 more than that and less than 3; 3 any of more than 20 haemorrhages in each of the four
 * quadrants, venous beading in two or more, IRMA in one or more; 4 new vessels, or blood before the retina.
 *
 * @param microaneurysms how many
 * @param haemorrhages how many in each quadrant
 * @param exudates how many groups of hard exudates
 * @param wool how many cotton-wool spots
 * @param beading in which quadrants veins are beaded
 * @param irma in which quadrants there are IRMA
 * @param discVessels whether new vessels grow at the disc
 * @param vesselsElsewhere at how many places they grow elsewhere
 * @param preretinal how many haemorrhages lie before the retina
 * @param vitreous whether blood clouds the vitreous
 */
record LesionPlan(
        int microaneurysms,
        Map<Quadrant, Integer> haemorrhages,
        int exudates,
        int wool,
        Set<Quadrant> beading,
        Set<Quadrant> irma,
        boolean discVessels,
        int vesselsElsewhere,
        int preretinal,
        boolean vitreous) {

    /** More haemorrhages than this in every quadrant are severe. */
    static final int MOST_MODERATE = 20;

    /** So many more, since two that touch look like one. */
    private static final int SPARE = 4;

    static LesionPlan of(int grade, Chance chance) {
        return switch (grade) {
            case 0 -> background(0, Map.of(), 0, 0);
            case 1 -> background(chance.count(3, 9), Map.of(), 0, 0);
            case 2 -> moderate(chance);
            case 3 -> severe(chance);
            case 4 -> proliferative(chance);
            default -> throw new IllegalArgumentException("there is no grade " + grade);
        };
    }

    private static LesionPlan background(
            int microaneurysms, Map<Quadrant, Integer> haemorrhages, int exudates, int wool) {
        return new LesionPlan(microaneurysms, haemorrhages, exudates, wool, Set.of(), Set.of(), false, 0, 0, false);
    }

    private static LesionPlan moderate(Chance chance) {
        Map<Quadrant, Integer> haemorrhages = everywhere(chance, 1, 9);
        int exudates = chance.withProbability(0.75) ? chance.count(1, 4) : 0;
        int wool = chance.withProbability(0.4) ? chance.count(1, 3) : 0;
        return background(chance.count(8, 22), haemorrhages, exudates, wool);
    }

    private static LesionPlan severe(Chance chance) {
        boolean many = chance.withProbability(0.75);
        boolean beaded = chance.withProbability(0.5);
        boolean abnormal = chance.withProbability(0.5) || !many && !beaded;
        LesionPlan plain = background(
                chance.count(15, 35),
                many ? everywhere(chance, MOST_MODERATE + SPARE, MOST_MODERATE + 10) : everywhere(chance, 9, 17),
                chance.withProbability(0.7) ? chance.count(1, 5) : 0,
                chance.count(1, 6));
        return plain.with(beaded ? some(chance, 2) : Set.of(), abnormal ? some(chance, 1) : Set.of());
    }

    private static LesionPlan proliferative(Chance chance) {
        LesionPlan before = chance.withProbability(0.5) ? severe(chance) : moderate(chance);
        boolean disc = chance.withProbability(0.5);
        int elsewhere = chance.withProbability(0.65) ? chance.count(1, 3) : 0;
        int preretinal = chance.withProbability(0.5) ? chance.count(1, 2) : 0;
        boolean vitreous = chance.withProbability(0.2);
        boolean none = !disc && elsewhere == 0 && preretinal == 0 && !vitreous;
        return new LesionPlan(
                before.microaneurysms,
                before.haemorrhages,
                before.exudates,
                before.wool,
                before.beading,
                before.irma,
                disc,
                none ? 2 : elsewhere,
                preretinal,
                vitreous);
    }

    /**
     * In which quadrants there are IRMA, where veins could be beaded in some quadrants only: in one at least where the
     * grade would not be right otherwise.
     */
    Set<Quadrant> irmaBeside(Set<Quadrant> beaded) {
        boolean lacking = irma.isEmpty() && !beading.isEmpty() && beaded.size() < 2;
        return lacking ? Set.of(beading.iterator().next()) : irma;
    }

    private LesionPlan with(Set<Quadrant> beaded, Set<Quadrant> abnormal) {
        return new LesionPlan(microaneurysms, haemorrhages, exudates, wool, beaded, abnormal, false, 0, 0, false);
    }

    private static Map<Quadrant, Integer> everywhere(Chance chance, int least, int most) {
        Map<Quadrant, Integer> counts = new EnumMap<>(Quadrant.class);
        for (Quadrant quadrant : Quadrant.values()) {
            counts.put(quadrant, chance.count(least, most));
        }
        return counts;
    }

    /** At least so many quadrants. */
    private static Set<Quadrant> some(Chance chance, int least) {
        Set<Quadrant> chosen = EnumSet.noneOf(Quadrant.class);
        int wanted = chance.count(least, 4);
        while (chosen.size() < wanted) {
            chosen.add(chance.of(List.of(Quadrant.values())));
        }
        return chosen;
    }
}
