package dev.sclera.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stations against what is known of queues in closed form. */
class StationTest {

    private static final Runnable NOTHING = () -> {};

    private final Engine engine = new Engine();

    private Station station(int limit) {
        return new Station(engine, new Account(Integer.MAX_VALUE), "station", limit, Ramp.none(), 0);
    }

    private static Station.Parts parts(long count, double seconds) {
        return new Station.Parts(count, seconds, NOTHING, NOTHING);
    }

    @ParameterizedTest
    @CsvSource({"100, 8, 3, 39", "8, 8, 3, 3", "1, 8, 3, 3", "17, 1, 0.5, 8.5", "1000, 7, 2, 286"})
    void whatComesAtOnceIsDoneInRounds(long parts, int servers, double seconds, double makespan) {
        Station station = station(servers);
        station.submit(parts(parts, seconds));
        engine.run();
        assertThat(engine.now()).isEqualTo(makespan);
        assertThat(station.figures().finishedParts()).isEqualTo(parts);
        assertThat(station.figures().busySeconds()).isCloseTo(parts * seconds, within(1e-9 * parts * seconds));
        assertThat(station.figures().peakBusy()).isEqualTo((int) Math.min(parts, servers));
    }

    /** Pollaczek and Khinchine: with times that do not vary, one waits ρs / 2(1 − ρ) on average. */
    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.5, 0.8})
    void atOneServerOneWaitsAsLongAsTheFormulaSays(double load) {
        Station station = station(1);
        poisson(station, load, 1, 200_000, 11);
        engine.run();
        double expected = load / (2 * (1 - load));
        assertThat(station.figures().meanWait()).isCloseTo(expected, within(0.05 * expected));
        assertThat(station.figures().meanBusy()).isCloseTo(load, within(0.01));
    }

    /** L = λW, which holds whatever the arrivals and the times are. */
    @ParameterizedTest
    @CsvSource({"1, 0.9", "5, 4.5", "40, 80"})
    void asManyWaitAsComeTimesHowLongTheyWait(int servers, double load) {
        Station station = new Station(engine, new Account(30), "station", servers, new Ramp(4, 100), 0.7);
        SplittableRandom random = new SplittableRandom(3);
        double time = 0;
        for (int i = 0; i < 20_000; i++) {
            time += -Math.log(1 - random.nextDouble()) / load;
            double seconds = 2 * random.nextDouble();
            long count = 1 + random.nextInt(3);
            engine.at(time, () -> station.submit(parts(count, seconds)));
        }
        engine.run();
        StationFigures figures = station.figures();
        assertThat(figures.startedParts()).isEqualTo(figures.finishedParts()).isGreaterThan(20_000);
        double arrivals = figures.startedParts() / engine.now();
        assertThat(figures.meanWaiting())
                .isCloseTo(arrivals * figures.meanWait(), within(1e-6 * (1 + figures.meanWaiting())));
        assertThat(figures.meanWait()).isPositive();
    }

    @Test
    void newEnvironmentsComeAThousandInTenSeconds() {
        Station station = new Station(engine, new Account(10_000), "station", 5000, new Ramp(1000, 10), 0);
        station.submit(parts(5000, 1e6));
        engine.run();
        assertThat(station.figures().waitedForRamp()).isTrue();
        // a thousand at once, and four thousand more at a hundred a second
        assertThat(station.figures().longestWait()).isCloseTo(40, within(0.1));
        assertThat(station.figures().peakBusy()).isEqualTo(5000);
    }

    @Test
    void anEnvironmentThatWasMadeIsUsedAgain() {
        Station station = new Station(engine, new Account(10), "station", 1, new Ramp(1, 1e9), 4);
        station.submit(parts(3, 1));
        engine.run();
        assertThat(engine.now()).as("one cold start").isEqualTo(4 + 3);
    }

    @Test
    void stationsOfOneAccountShareItInTurns() {
        Account account = new Account(10);
        Station one = new Station(engine, account, "one", 100, Ramp.none(), 0);
        Station other = new Station(engine, account, "other", 100, Ramp.none(), 0);
        one.submit(parts(1000, 1));
        other.submit(parts(50, 1));
        engine.run();
        assertThat(account.peak()).isEqualTo(10);
        assertThat(engine.now()).isEqualTo(1050 / 10.0);
        assertThat(other.figures().longestWait())
                .as("it does not wait for all of the other")
                .isLessThan(30);
    }

    @Test
    void aBusThatIsAskedTooMuchTakesItLater() {
        Bus bus = new Bus(engine, 10_000);
        double[] delivered = {0, 0};
        bus.publish(100_000, () -> delivered[0] = engine.now());
        bus.publish(5_000, () -> delivered[1] = engine.now());
        engine.run();
        assertThat(delivered[0]).isCloseTo(10, within(1e-9));
        assertThat(delivered[1]).isCloseTo(10.5, within(1e-9));
        assertThat(bus.peakWanted()).isEqualTo(105_000);
        assertThat(bus.longestDelay()).isCloseTo(10.5, within(1e-9));
    }

    private void poisson(Station station, double rate, double seconds, int arrivals, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double time = 0;
        for (int i = 0; i < arrivals; i++) {
            time += -Math.log(1 - random.nextDouble()) / rate;
            engine.at(time, () -> station.submit(parts(1, seconds)));
        }
    }
}
