import { AttentionBanner } from "@/components/attention-banner";
import { BannerArea } from "@/components/banner-area";
import { ConsoleLocked } from "@/components/console-locked";
import { GatewayMissing } from "@/components/gateway-missing";
import { KeeperMissing } from "@/components/keeper-missing";
import { routes } from "@/components/routes";
import type { Actor } from "@/lib/kernel/actor";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";
import type { Warnings } from "@/lib/watch/warnings/queries";

type AttentionProps = { lockedBecause: Actor["lockedBecause"]; warnings: Warnings };

/** Above every page: what stops Postkey, what was announced and still lasts, and alerts that do not arrive. */
export function Attention({ lockedBecause, warnings }: AttentionProps) {
  const { isKept, isGatewayMissing, worst, moreIncidents, failingChannels } = warnings;
  const [channel, ...otherChannels] = failingChannels;
  return (
    <BannerArea>
      {lockedBecause && <ConsoleLocked reason={lockedBecause} />}
      {!isKept && !lockedBecause && <KeeperMissing />}
      {isGatewayMissing && !lockedBecause && <GatewayMissing />}
      {worst && (
        <AttentionBanner
          text={incidentText(worst)}
          href={routes.incident(worst.id)}
          more={moreIncidents}
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
    </BannerArea>
  );
}

function incidentText({ remedyId, subject, title, accounts }: ExplainedIncident): string {
  if (accounts === 0) return `${title} ${subject}.`;
  const count = accounts === 1 ? "1 account" : `${accounts.toLocaleString("en")} accounts`;
  const is = accounts === 1 ? "is" : "are";
  // What never worked was not stopped.
  const how = remedyId === "postkey.not_signed_in" ? "waiting" : "stopped";
  return `${title} ${subject}: ${count} ${is} ${how}.`;
}
