package dev.sclera.local;

import static java.util.Objects.requireNonNull;

import dev.sclera.campaign.CampaignStates;
import dev.sclera.campaign.Campaigns;
import dev.sclera.dataset.DatasetImport;
import dev.sclera.dataset.Datasets;
import dev.sclera.dataset.PerturbationExport;
import dev.sclera.dataset.PerturbationImport;
import dev.sclera.dataset.Perturbations;
import dev.sclera.dataset.SyntheticDatasets;
import dev.sclera.defense.Ensembling;
import dev.sclera.defense.Training;
import dev.sclera.functions.campaign.CampaignFunction;
import dev.sclera.functions.craft.CraftFunction;
import dev.sclera.functions.evaluate.EvaluateFunction;
import dev.sclera.functions.finetune.FinetuneFunction;
import dev.sclera.functions.grade.GradeFunction;
import dev.sclera.functions.perturb.PerturbFunction;
import dev.sclera.functions.report.ReportFunction;
import dev.sclera.local.events.LocalEvents;
import dev.sclera.local.jobs.Repairs;
import dev.sclera.model.Models;
import dev.sclera.progress.Progress;
import dev.sclera.store.Artifacts;
import jakarta.inject.Singleton;

/** All that commands can ask for: the functions themselves, and what only people at a terminal do. */
@Singleton
public class Operations {

    private final LocalStore store;
    private final Artifacts artifacts;
    private final DatasetImport imports;
    private final SyntheticDatasets synthetic;
    private final Datasets datasets;
    private final Models models;
    private final Training training;
    private final Perturbations perturbations;
    private final PerturbationImport perturbationImport;
    private final PerturbationExport perturbationExport;
    private final Campaigns campaigns;
    private final Ensembling ensembling;
    private final Progress progress;
    private final GradeFunction grade;
    private final CraftFunction craft;
    private final PerturbFunction perturb;
    private final EvaluateFunction evaluate;
    private final ReportFunction report;
    private final CampaignFunction campaign;
    private final FinetuneFunction finetune;
    private final Repairs repairs;
    private final LocalEvents events;
    private final CampaignStates states;

    public Operations(
            LocalStore store,
            Artifacts artifacts,
            DatasetImport imports,
            SyntheticDatasets synthetic,
            Datasets datasets,
            Models models,
            Training training,
            Perturbations perturbations,
            PerturbationImport perturbationImport,
            PerturbationExport perturbationExport,
            Campaigns campaigns,
            Ensembling ensembling,
            Progress progress,
            GradeFunction grade,
            CraftFunction craft,
            PerturbFunction perturb,
            EvaluateFunction evaluate,
            ReportFunction report,
            CampaignFunction campaign,
            FinetuneFunction finetune,
            Repairs repairs,
            LocalEvents events,
            CampaignStates states) {
        this.store = requireNonNull(store, "store is null");
        this.artifacts = requireNonNull(artifacts, "artifacts is null");
        this.imports = requireNonNull(imports, "imports is null");
        this.synthetic = requireNonNull(synthetic, "synthetic is null");
        this.datasets = requireNonNull(datasets, "datasets is null");
        this.training = requireNonNull(training, "training is null");
        this.models = requireNonNull(models, "models is null");
        this.perturbations = requireNonNull(perturbations, "perturbations is null");
        this.perturbationImport = requireNonNull(perturbationImport, "perturbationImport is null");
        this.perturbationExport = requireNonNull(perturbationExport, "perturbationExport is null");
        this.campaigns = requireNonNull(campaigns, "campaigns is null");
        this.ensembling = requireNonNull(ensembling, "ensembling is null");
        this.progress = requireNonNull(progress, "progress is null");
        this.grade = requireNonNull(grade, "grade is null");
        this.craft = requireNonNull(craft, "craft is null");
        this.perturb = requireNonNull(perturb, "perturb is null");
        this.evaluate = requireNonNull(evaluate, "evaluate is null");
        this.report = requireNonNull(report, "report is null");
        this.campaign = requireNonNull(campaign, "campaign is null");
        this.finetune = requireNonNull(finetune, "finetune is null");
        this.repairs = requireNonNull(repairs, "repairs is null");
        this.events = requireNonNull(events, "events is null");
        this.states = requireNonNull(states, "states is null");
    }

    public LocalStore store() {
        return store;
    }

    public Artifacts artifacts() {
        return artifacts;
    }

    public DatasetImport imports() {
        return imports;
    }

    public SyntheticDatasets synthetic() {
        return synthetic;
    }

    public Datasets datasets() {
        return datasets;
    }

    public Training training() {
        return training;
    }

    public Models models() {
        return models;
    }

    public Perturbations perturbations() {
        return perturbations;
    }

    public PerturbationImport perturbationImport() {
        return perturbationImport;
    }

    public PerturbationExport perturbationExport() {
        return perturbationExport;
    }

    public Campaigns campaigns() {
        return campaigns;
    }

    public Progress progress() {
        return progress;
    }

    public GradeFunction grade() {
        return grade;
    }

    public CraftFunction craft() {
        return craft;
    }

    public PerturbFunction perturb() {
        return perturb;
    }

    public EvaluateFunction evaluate() {
        return evaluate;
    }

    public ReportFunction report() {
        return report;
    }

    public Ensembling ensembling() {
        return ensembling;
    }

    public CampaignFunction campaign() {
        return campaign;
    }

    public FinetuneFunction finetune() {
        return finetune;
    }

    public Repairs repairs() {
        return repairs;
    }

    public CampaignStates states() {
        return states;
    }

    public LocalEvents events() {
        return events;
    }
}
