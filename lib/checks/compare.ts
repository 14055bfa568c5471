import { PROTOCOL_NAMES, PROTOCOLS } from "@/lib/egress/protocols/schema";
import type { StageFacts } from "@/lib/mail/schema";
import { formatMs } from "./report-text";
import type { ConnectionReport, Difference, ProtocolReport } from "./schema";
import { STAGE_LABELS } from "./stage-labels";

const SLOWER = 3;
/** Faster stages say nothing, even at three times as long. */
const NOTICEABLE_MS = 100;

export function compareReports(now: ConnectionReport, good: ConnectionReport): Difference[] {
  return [
    ...identities(now, good),
    ...PROTOCOLS.flatMap((protocol) => {
      const [ours, theirs] = [now, good].map(({ protocols }) =>
        protocols.find((report) => report.protocol === protocol),
      );
      return ours && theirs ? ofProtocol(ours, theirs) : [];
    }),
    ...tokens(now, good),
  ];
}

function identities(now: ConnectionReport, good: ConnectionReport): Difference[] {
  return [
    ...changed("User name", good.username, now.username),
    ...changed("Email address", good.emailAddress, now.emailAddress),
  ];
}

function ofProtocol(now: ProtocolReport, good: ProtocolReport): Difference[] {
  const name = PROTOCOL_NAMES[now.protocol];
  const [facts, before] = [factsOf(now), factsOf(good)];
  return [
    ...changed(`${name} verdict`, good.verdict, now.verdict),
    ...changed(`${name} signs in as`, good.user, now.user),
    ...changed(`${name} address`, before.address, facts.address),
    ...changed(`${name} TLS`, before.tls, facts.tls),
    ...changed(`${name} mechanisms`, before.mechanisms, facts.mechanisms),
    ...slower(name, now, good),
  ];
}

function slower(name: string, now: ProtocolReport, good: ProtocolReport): Difference[] {
  return now.stages.flatMap((stage) => {
    const before = good.stages.find((each) => each.stage === stage.stage);
    if (before?.status !== "ok" || stage.status === "skipped") return [];
    const isSlower =
      stage.durationMs > before.durationMs * SLOWER &&
      stage.durationMs - before.durationMs >= NOTICEABLE_MS;
    if (!isSlower) return [];
    const what = `${name}, ${STAGE_LABELS[stage.stage].toLowerCase()}`;
    return [{ what, before: formatMs(before.durationMs), now: formatMs(stage.durationMs) }];
  });
}

/** Reports of earlier versions have no facts. */
function factsOf({ stages }: ProtocolReport) {
  const found: StageFacts = {};
  for (const { facts } of stages) Object.assign(found, facts);
  const { address, tlsVersion: tls, mechanisms } = found;
  return { address, tls, mechanisms: mechanisms && sorted(mechanisms) };
}

function tokens({ token: now }: ConnectionReport, { token: good }: ConnectionReport): Difference[] {
  if (!now || !good) return [];
  const permissions = ({ scopes, roles }: typeof now) => sorted([...scopes, ...roles]);
  return [
    ...changed("Token made for", good.audience, now.audience),
    ...changed("Token's permissions", permissions(good), permissions(now)),
    ...changed("Token of", good.user, now.user),
    ...changed("Token's tenant", good.tenantId, now.tenantId),
  ];
}

/** Unknown values are no difference. */
function changed(what: string, before: string | undefined, now: string | undefined): Difference[] {
  if (before === undefined || now === undefined || before === now) return [];
  return [{ what, before, now }];
}

function sorted(words: readonly string[]): string {
  return [...words].sort().join(" ");
}
