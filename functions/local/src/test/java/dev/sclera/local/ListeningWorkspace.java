package dev.sclera.local;

import java.util.Map;

/** A workspace in which uploads start campaigns, as {@code sclera serve --on-upload} has it. */
public class ListeningWorkspace extends FreshWorkspace {

    static final String TEMPLATE =
            "{'dataset': 'eyes', 'attacks': ['pgd', 'ordinal', 'random'], 'epsilon': '8/255', 'budget': 16, 'repair': {'optimisation': {'epochs': 1}, 'adaptive': ['pgd']}}"
                    .replace('\'', '"');

    public ListeningWorkspace() {
        super(Map.of(
                "sclera.local.events.listen", "true",
                "sclera.local.events.pause", "PT0.01S",
                "sclera.campaign.repairs", "jobs",
                "sclera.upload.quiet", "PT0.3S",
                "sclera.upload.template", TEMPLATE));
    }
}
