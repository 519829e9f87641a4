package dev.sclera.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sclera.campaign.EventLaboratory;
import dev.sclera.defense.Ensembling;
import dev.sclera.events.UploadAnswer.Outcome;
import dev.sclera.model.TinyGrader;
import dev.sclera.store.Keys;
import dev.sclera.store.ObjectCreated;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What comes of objects that are written below {@code models/}, in a real S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadsTest {

    private static final int LARGEST = 100_000;

    private EventLaboratory place;
    private final List<Event> told = new ArrayList<>();
    private Uploads uploads;

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        place = new EventLaboratory(folder.resolve("workspace"), folder.resolve("sources"));
        // so that there are models that Sclera made
        place.runInProcess(EventLaboratory.spec("tiny-1"));
        EventBus bus = new EventBus() {
            @Override
            public String name() {
                return "list";
            }

            @Override
            public void publish(Event event) {
                told.add(event);
            }
        };
        uploads = new Uploads(
                place.laboratory.objects,
                place.laboratory.models,
                place.own,
                new CampaignEvents(place.stepwise, place.laboratory.artifacts, bus),
                bus,
                new UploadPolicy(model -> Optional.of(EventLaboratory.spec(model)), LARGEST, "sclera", Duration.ZERO));
    }

    @AfterAll
    void close() {
        place.close();
    }

    private UploadAnswer take(String key) {
        told.clear();
        return uploads.take(new ObjectCreated("sclera", key, null, null, null));
    }

    private void put(String key, byte[] body) {
        place.laboratory.objects.put(key, body, "application/octet-stream");
    }

    @Test
    void aModelStartsACampaignAndTheSameOneAgainTheSameCampaign() {
        UploadAnswer first = take(Keys.model("tiny-2"));
        assertThat(first.outcome()).isEqualTo(Outcome.STARTED);
        List<String> steps = told.stream().map(Event::id).toList();
        assertThat(told).isNotEmpty().allMatch(event -> event.type().equals(EventTypes.STEP));
        int objects = place.contents().size();
        assertThat(take(Keys.model("tiny-2"))).isEqualTo(first);
        assertThat(told.stream().map(Event::id)).containsExactlyElementsOf(steps);
        assertThat(place.contents()).hasSize(objects);
        assertThat(place.laboratory.objects.exists(Keys.campaignFile(String.valueOf(first.campaign()), "plan.json")))
                .isTrue();
    }

    @Test
    void aModelWhoseCampaignIsFinishedStartsNothing() {
        assertThat(take(Keys.model("tiny-1")).outcome()).isEqualTo(Outcome.FINISHED);
        assertThat(told).isEmpty();
    }

    @Test
    void whatScleraMadeStartsNothingWhateverItIs() {
        List<String> made = place.laboratory.models.names().stream()
                .filter(name -> name.contains("-pgd-") || name.contains("-ordinal-") || name.startsWith("ensemble-"))
                .toList();
        assertThat(made).hasSize(3);
        assertThat(made).allSatisfy(name -> {
            assertThat(take(Keys.model(name)).outcome()).isEqualTo(Outcome.OWN);
            assertThat(told).isEmpty();
        });
    }

    @Test
    void whoeverOnlySaysSoIsNotBelieved() {
        String repaired = place.laboratory.models.names().stream()
                .filter(name -> name.contains("-pgd-"))
                .findFirst()
                .orElseThrow();
        byte[] genuine = place.laboratory.objects.get(Keys.model(repaired));
        // one more property at the end: the file says what it said, and is another one
        byte[] doctored = append(genuine, "note", "mine");
        put(Keys.model("doctored"), doctored);
        put(Keys.descriptor("doctored"), place.laboratory.objects.get(Keys.descriptor(repaired)));
        assertThat(place.own.madeBy("genuine", genuine)).isPresent();
        assertThat(take(Keys.model("doctored")).outcome()).isEqualTo(Outcome.STARTED);
        byte[] boasting = append(TinyGrader.seeded(5).onnx(), "sclera.ensemble", "ab".repeat(32));
        assertThat(place.own.madeBy("boasting", boasting)).isEmpty();
    }

    /** A further entry of the field metadata_props (14) of ONNX' ModelProto. */
    private static byte[] append(byte[] onnx, String key, String value) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] said = value.getBytes(StandardCharsets.UTF_8);
        byte[] longer = java.util.Arrays.copyOf(onnx, onnx.length + name.length + said.length + 6);
        int at = onnx.length;
        longer[at++] = (14 << 3) | 2;
        longer[at++] = (byte) (name.length + said.length + 4);
        longer[at++] = (1 << 3) | 2;
        longer[at++] = (byte) name.length;
        System.arraycopy(name, 0, longer, at, name.length);
        at += name.length;
        longer[at++] = (2 << 3) | 2;
        longer[at++] = (byte) said.length;
        System.arraycopy(said, 0, longer, at, said.length);
        return longer;
    }

    @Test
    void anEnsembleOfWhatIsAnotherByNowIsNoneOfOurs() {
        Ensembling ensembling = new Ensembling(place.laboratory.artifacts, place.laboratory.models);
        put(Keys.model("first"), TinyGrader.seeded(11).onnx());
        put(Keys.model("second"), TinyGrader.seeded(12).onnx());
        for (String name : List.of("first", "second")) {
            put(Keys.descriptor(name), place.laboratory.objects.get(Keys.descriptor("tiny-1")));
        }
        String both = ensembling.ensemble(List.of("first", "second"), null).name();
        byte[] onnx = place.laboratory.objects.get(Keys.model(both));
        assertThat(place.own.madeBy(both, onnx)).isPresent();
        put(Keys.model("first"), TinyGrader.seeded(13).onnx());
        assertThat(place.own.madeBy(both, onnx)).isEqualTo(Optional.empty());
    }

    @Test
    void whatIsNoModelIsToldSo() {
        put(Keys.model("text"), "no ONNX".getBytes(StandardCharsets.UTF_8));
        put(Keys.model("nothing"), new byte[0]);
        put(Keys.model("large"), new byte[LARGEST + 1]);
        put("models/Not A Name/model.onnx", TinyGrader.seeded(1).onnx());
        for (String key : List.of(
                Keys.model("text"), Keys.model("nothing"), Keys.model("large"), "models/Not A Name/model.onnx")) {
            UploadAnswer answer = take(key);
            assertThat(answer.outcome()).as(key).isEqualTo(Outcome.REFUSED);
            assertThat(told).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(EventTypes.UPLOAD_REFUSED);
                assertThat(event.data()).containsEntry("detail", answer.detail());
            });
        }
        assertThat(take(Keys.model("large")).detail()).contains("100001 bytes").contains("100000");
    }

    @Test
    void otherObjectsAndOtherBucketsAreIgnored() {
        assertThat(take("models/tiny-1/model.json").outcome()).isEqualTo(Outcome.IGNORED);
        assertThat(take("models/a/b/model.onnx").outcome()).isEqualTo(Outcome.IGNORED);
        assertThat(uploads.take(new ObjectCreated("elsewhere", Keys.model("tiny-1"), null, null, null))
                        .outcome())
                .isEqualTo(Outcome.IGNORED);
    }

    @Test
    void nothingIsAskedWhereNobodySaidWhat() {
        EventBus nobody = new EventBus() {
            @Override
            public String name() {
                return "nobody";
            }

            @Override
            public void publish(Event event) {
                throw new AssertionError("told " + event);
            }
        };
        UploadAnswer answer = new Uploads(
                        place.laboratory.objects,
                        place.laboratory.models,
                        place.own,
                        new CampaignEvents(place.stepwise, place.laboratory.artifacts, nobody),
                        nobody,
                        new UploadPolicy(model -> Optional.empty(), LARGEST, null, Duration.ZERO))
                .take(new ObjectCreated(null, Keys.model("tiny-2"), null, null, null));
        assertThat(answer.outcome()).isEqualTo(Outcome.IGNORED);
    }

    @Test
    void onlyTheObjectAsItIsNowCounts() {
        assertThat(uploads.take(new ObjectCreated(null, Keys.model("tiny-1"), null, "0".repeat(32), null))
                        .outcome())
                .isEqualTo(Outcome.SUPERSEDED);
        assertThat(take(Keys.model("nobody")).outcome()).isEqualTo(Outcome.SUPERSEDED);
        String now = place.laboratory
                .objects
                .state(Keys.model("tiny-1"))
                .orElseThrow()
                .etag();
        assertThat(uploads.take(new ObjectCreated(null, Keys.model("tiny-1"), null, "\"" + now + "\"", null))
                        .outcome())
                .isEqualTo(Outcome.FINISHED);
    }
}
