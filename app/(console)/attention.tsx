import { AttentionBanner } from "@/components/attention-banner";
import { routes } from "@/components/routes";
import type { Actor } from "@/lib/kernel/actor";
import { listFailingChannels } from "@/lib/watch/alerts/queries";
import { listAnnouncedIncidents } from "@/lib/watch/incidents/queries";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";

/** What was announced and still lasts, and alerts that do not arrive. */
export async function Attention({ actor }: { actor: Actor }) {
  const [[worst, ...rest], [channel, ...otherChannels]] = await Promise.all([
    listAnnouncedIncidents(actor),
    listFailingChannels(actor),
  ]);
  return (
    <>
      {worst && (
        <AttentionBanner
          text={incidentText(worst)}
          href={routes.incident(worst.id)}
          more={rest.length}
          moreHref="/incidents"
          buttons={worst.buttons}
        />
      )}
      {channel && (
        <AttentionBanner
          text={`Alerts through “${channel.name}” are failing. Postkey keeps them and retries.`}
          href={routes.alertChannel(channel.id)}
          more={otherChannels.length}
          moreHref="/settings/alerts"
        />
      )}
    </>
  );
}

function incidentText({ subject, title, accounts }: ExplainedIncident): string {
  const stopped = accounts === 1 ? "1 account is stopped" : `${accounts} accounts are stopped`;
  return accounts === 0 ? `${title} ${subject}.` : `${title} ${subject}: ${stopped}.`;
}
