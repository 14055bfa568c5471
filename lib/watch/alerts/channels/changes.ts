import "server-only";
import { changedFields } from "@/lib/audit/stale-edit";
import { sendsLinks, type Target, type UpdateAlertChannel } from "../schema";

const LABELS = {
  name: "Name",
  enabled: "Enabled",
  sendsLinks: "Sends links",
  kind: "Kind",
  target: "Target",
} as const;

type Before = {
  name: string;
  enabled: boolean;
  sendsLinks: boolean;
  kind: string;
  target: unknown;
  secretSealed: string | null;
};
type Stored = { target: Target; secret: string | null | undefined; isAddressKept: boolean };

export function changesOf(
  { secretSealed, ...before }: Before,
  input: UpdateAlertChannel,
  { target, secret, isAddressKept }: Stored,
): string[] {
  const { name, enabled, kind } = input;
  const after = { name, enabled, sendsLinks: sendsLinks(input), kind, target };
  const changed = changedFields(before, after, LABELS);
  if (secret || (secret === null && secretSealed !== null)) changed.push("Password");
  // Only origins can be compared; a typed address counts as a change.
  if (kind === "webhook" && !isAddressKept && !changed.includes(LABELS.target))
    changed.push(LABELS.target);
  return changed;
}
