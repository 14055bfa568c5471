import { Skeleton, Text } from "@mantine/core";
import { useAnswer } from "@/components/use-action";
import { type Named, PART, type Selection } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { findAccountUseAction } from "./actions";

type RefusedUsersProps = { selection: Selection; what: "delete" | "deactivate" };

export function WhatStops({ id, what }: { id: string; what: RefusedUsersProps["what"] }) {
  return (
    <>
      <Text>
        {what === "delete"
          ? "Software that uses this account stops sending and receiving with it. Its test reports are erased. The mailbox itself and its sign-in at the cloud provider are not affected."
          : "Programs get no tokens for this account: sending and receiving stops until you activate it again. Nothing is deleted."}
      </Text>
      <RefusedUsers selection={{ accounts: "selected", emailAccountIds: [id] }} what={what} />
    </>
  );
}

export function RefusedUsers({ selection, what }: RefusedUsersProps) {
  const isTooMany = selection.accounts === "selected" && selection.emailAccountIds.length > PART;
  if (isTooMany) return <Text>{TOO_MANY[what]}</Text>;
  return <KnownUsers selection={selection} what={what} />;
}

function KnownUsers({ selection, what }: RefusedUsersProps) {
  const { data: use, problem } = useAnswer(() => findAccountUseAction(selection));
  if (problem)
    return <Text>Devices, API keys and sign-in links are not known: {problem.message}</Text>;
  if (!use) return <Skeleton height={22} />;
  return (
    <Text style={{ overflowWrap: "anywhere" }}>
      {devicesText(use.devices, what)} {keysText(use.keys)} {linksText(use.links)}
    </Text>
  );
}

/** More than one request may name. */
const TOO_MANY = {
  delete: `Their devices are deleted too. They are named for up to ${PART.toLocaleString("en")} accounts.`,
  deactivate: `Their devices are refused until then. They are named for up to ${PART.toLocaleString("en")} accounts.`,
} as const;

function devicesText(devices: Named, what: RefusedUsersProps["what"]): string {
  const { count } = devices;
  if (count === 0) return "No device is affected.";
  const stops = what === "delete" ? "deleted too" : "refused until then";
  return `${counted(count, "device is", "devices are")} ${stops}: ${namesOf(devices)}.`;
}

function keysText(keys: Named): string {
  if (keys.count === 0) return "";
  const get = counted(keys.count, "API key gets", "API keys get");
  return `${get} an error instead of access: ${namesOf(keys)}.`;
}

function linksText(links: Named): string {
  if (links.count === 0) return "";
  const are = counted(links.count, "open sign-in link is", "open sign-in links are");
  return `${are} revoked: ${namesOf(links)}.`;
}

function namesOf({ count, names }: Named): string {
  const rest = count - names.length;
  return names.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
}
