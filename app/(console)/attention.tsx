import { Alert, Group } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import type { Route } from "next";
import { Children, type ReactNode } from "react";
import { routes } from "@/components/routes";
import type { Actor } from "@/lib/kernel/actor";
import type { RepairButton } from "@/lib/remedies/remedy";
import type { ExplainedIncident } from "@/lib/watch/incidents/schema";
import type { Warnings } from "@/lib/watch/warnings/queries";
import classes from "../../components/banner-area.module.css";
import { InlineLink } from "../../components/links";
import { RepairButtons } from "../../components/repair";

const NO_KEEPER =
  "The keeper is not running, so tokens are renewed only when a program asks for one. Postkey starts it and restarts it when it stops. If this message stays, check the log.";
const NO_GATEWAY =
  "No gateway is running, so devices can neither send nor read mail. Postkey starts it where POSTKEY_API_PORT and POSTKEY_DEVICE_LISTENERS are set, and restarts it when it stops. If this message stays, check the log.";

type AttentionProps = { lockedBecause: Actor["lockedBecause"]; warnings: Warnings };

export function Attention({ lockedBecause, warnings }: AttentionProps) {
  const { isKept, isGatewayMissing, worst, moreIncidents, failingChannels } = warnings;
  const [channel, ...otherChannels] = failingChannels;
  return (
    <BannerArea>
      {lockedBecause && (
        <Alert color="red" radius={0} icon={<IconLock size={18} />} role="alert">
          <strong>Postkey is read-only until its encryption key is restored.</strong> Tokens are not
          renewed, and programs are refused. {lockedBecause}
        </Alert>
      )}
      {!isKept && !lockedBecause && <Missing>{NO_KEEPER}</Missing>}
      {isGatewayMissing && !lockedBecause && <Missing>{NO_GATEWAY}</Missing>}
      {worst && (
        <AttentionBanner
          text={incidentText(worst)}
          href={routes.incident(worst.id)}
          more={moreIncidents}
          moreHref="/incidents"
          buttons={worst.buttons}
          className={classes.incident}
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

function Missing({ children }: { children: string }) {
  return (
    <Alert color="red" radius={0} icon={<IconAlertTriangle size={18} />} role="status">
      {children}
    </Alert>
  );
}

function incidentText(incident: ExplainedIncident): string {
  const { remedyId, subject, title, accounts, accountNames } = incident;
  if (accounts === 0) return `${title} ${subject}.`;
  // "This mailbox" would be the one of the page below.
  if (accounts === 1 && accountNames.length === 1) return `${accountNames[0]}: ${title}`;
  const count = accounts === 1 ? "1 account" : `${accounts.toLocaleString("en")} accounts`;
  const is = accounts === 1 ? "is" : "are";
  // What never worked was not stopped.
  const how = remedyId === "postkey.not_signed_in" ? "waiting" : "stopped";
  return `${title} ${subject}: ${count} ${is} ${how}.`;
}

type AttentionBannerProps = {
  text: string;
  href: Route;
  more: number;
  moreHref: Route;
  buttons?: readonly RepairButton[];
  className?: string | undefined;
};

function AttentionBanner(props: AttentionBannerProps) {
  const { text, href, more, moreHref, buttons, className = "" } = props;
  const icon = <IconAlertTriangle size={18} />;
  return (
    <Alert color="red" radius={0} icon={icon} role="status" py="xs" className={className}>
      <Group gap="xs">
        <span>
          <InlineLink href={href}>{text}</InlineLink>
          {more > 0 && (
            <>
              {" "}
              · <InlineLink href={moreHref}>and {more} more</InlineLink>
            </>
          )}
        </span>
        <RepairButtons buttons={buttons} size="compact-xs" limit={1} />
      </Group>
    </Alert>
  );
}

function BannerArea({ children }: { children: ReactNode }) {
  // Children.toArray leaves out what is not there.
  const [worst, ...others] = Children.toArray(children);
  if (!worst) return null;
  return (
    <section aria-label="Warnings" className={classes.area}>
      {worst}
      {others.length > 0 && (
        <details className={classes.others}>
          <summary>
            {others.length === 1 ? "1 more warning" : `${others.length} more warnings`}
          </summary>
          {others}
        </details>
      )}
    </section>
  );
}
