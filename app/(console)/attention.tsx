import { AttentionBanner } from "@/components/attention-banner";
import { BannerArea } from "@/components/banner-area";
import { ConsoleLocked } from "@/components/console-locked";
import { KeeperMissing } from "@/components/keeper-missing";
import { routes } from "@/components/routes";
import type { Actor } from "@/lib/kernel/actor";
import { listFailingChannels } from "@/lib/watch/alerts/queries";
import { findWorstIncident } from "@/lib/watch/incidents/queries";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";

type AttentionProps = { actor: Actor; isKept: boolean };

/** Above every page: what stops Postkey, what was announced and still lasts, and alerts that do not arrive. */
export async function Attention({ actor, isKept }: AttentionProps) {
  const [incident, [channel, ...otherChannels]] = await Promise.all([
    findWorstIncident(actor),
    listFailingChannels(actor),
  ]);
  return (
    <BannerArea>
      {actor.lockedBecause && <ConsoleLocked reason={actor.lockedBecause} />}
      {!isKept && !actor.lockedBecause && <KeeperMissing />}
      {incident && (
        <AttentionBanner
          text={incidentText(incident.worst)}
          href={routes.incident(incident.worst.id)}
          more={incident.more}
          moreHref="/incidents"
          buttons={incident.worst.buttons}
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
    </BannerArea>
  );
}

function incidentText({ subject, title, accounts }: ExplainedIncident): string {
  const stopped = accounts === 1 ? "1 account is stopped" : `${accounts} accounts are stopped`;
  return accounts === 0 ? `${title} ${subject}.` : `${title} ${subject}: ${stopped}.`;
}
