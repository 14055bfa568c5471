"use client";

import { Button, Group, Text } from "@mantine/core";
import { createContext, useContext } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Permission } from "@/lib/kernel/permissions/schema";
import type {
  AccountsThatFail,
  LinksFor,
  RepairButton,
  RepairDeed,
  RepairKind,
  SignInOf,
} from "@/lib/remedies/remedy";
import { act } from "./acts";
import { useCan, useWhoMay } from "./can";
import type { Run } from "./confirm-dialog";
import { beginRepair, LinkButton } from "./links";
import { pageAt } from "./routes";
import { leaveFor, useAction } from "./use-action";

type RepairButtonsProps = {
  buttons: readonly RepairButton[] | undefined;
  size?: "xs" | "compact-xs" | "compact-sm";
  /** Likeliest first; absent: all. */
  limit?: number;
  isPrimary?: boolean;
  isLater?: boolean;
  isShort?: boolean;
};

export function RepairButtons(props: RepairButtonsProps) {
  const { buttons = [], size = "xs", limit, isShort = false } = props;
  const { isPrimary = false, isLater = false } = props;
  const shown = buttons.slice(0, limit).filter(useCanRepair());
  const whoRepairs = useWhoRepairs();
  const [likeliest] = buttons;
  if (!likeliest) return null;
  const who = whoRepairs(likeliest);
  return (
    <Group gap="xs" data-repairs>
      {who && (
        <Text>
          Ask {who} to {repairInWords(likeliest)}.
        </Text>
      )}
      {shown.map((button, index) => (
        <Repair
          key={button.label}
          button={button}
          size={size}
          variant={isLater ? "default" : variantOf(index, isPrimary)}
          isShort={isShort}
        />
      ))}
    </Group>
  );
}

function variantOf(index: number, isPrimary: boolean): string {
  if (index > 0) return "default";
  return isPrimary ? "filled" : "light";
}

type RepairProps = { button: RepairButton; size: string; variant: string; isShort: boolean };

function Repair({ button: { kind, label, does }, isShort, ...look }: RepairProps) {
  const { isBusy, run } = useRepair(does);
  const isNamed = isShort && kind === "sign_in" && "signsIn" in does;
  if ("opens" in does)
    return (
      <LinkButton href={pageAt(does.opens)} onClick={beginRepair} {...look}>
        {label}
      </LinkButton>
    );
  return (
    <Button
      loading={isBusy}
      onClick={run}
      {...(isNamed && { "aria-label": label, title: label })}
      {...look}
    >
      {isNamed ? "Sign in" : label}
    </Button>
  );
}

const NEEDS: Partial<Record<RepairKind, Permission>> = {
  sign_in: "authorizations:write",
  create_links: "authorizations:write",
  update_secret: "providers:write",
  generate_certificate: "providers:write",
  edit_provider: "providers:write",
  check: "authorizations:write",
  choose_delegate: "accounts:write",
  edit_account: "accounts:write",
  send_by_graph: "accounts:write",
  read_by_graph: "accounts:write",
  test: "accounts:test",
};

/** Application sign-ins belong to the registration. */
export function neededToConnect(grant: string): Permission {
  return grant === "app_only" ? "providers:write" : "authorizations:write";
}

function neededToRepair({ kind, does }: RepairButton): Permission | undefined {
  if ("connects" in does) return neededToConnect(does.connects.grant);
  return NEEDS[kind];
}

export function useCanTake(): (kind: RepairKind, buttons: readonly RepairButton[]) => boolean {
  const can = useCan();
  return (kind, buttons) => {
    const button = buttons.find((each) => each.kind === kind);
    return can(button ? neededToRepair(button) : NEEDS[kind]);
  };
}

export function useCanRepair(): (button: RepairButton) => boolean {
  const can = useCan();
  return (button) => can(neededToRepair(button));
}

export function useWhoRepairs(): (button: RepairButton) => string | undefined {
  const whoMay = useWhoMay();
  return (button) => whoMay(neededToRepair(button));
}

export function repairInWords({ kind, label, does }: RepairButton): string {
  if ("connects" in does) return "connect the provider again";
  if (kind === "check") return "check the provider";
  if (kind === "test" && label === "Test again") return "test it again";
  if ("createsLinks" in does) return "create a sign-in link";
  if (kind === "update_secret" || kind === "generate_certificate")
    return label.toLowerCase().replace(" ", kind === "update_secret" ? " the " : " a ");
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** A new token before each test. */
type Fresh = { isFresh: boolean };

export type RepairDeeds = {
  signIn: (subject: SignInOf) => Promise<ActionResult<string>>;
  /** Asks first: earlier links stop working. */
  createLinks: (people: LinksFor) => void;
  connect: (subject: Extract<RepairDeed, { connects: unknown }>["connects"]) => ReturnType<Run>;
  useGraph: Record<"sendsBy" | "readsBy", (emailAccountId: string) => Promise<ActionResult<void>>>;
  testIncident: (incident: { incidentId: string } & Fresh) => Promise<ActionResult<string>>;
  testFailed: (failed: AccountsThatFail & Fresh) => Promise<ActionResult<string>>;
};

const Deeds = createContext<RepairDeeds | null>(null);

export const RepairDeedsProvider = Deeds.Provider;

export function useRepair(does: RepairDeed): { isBusy: boolean; run: () => void } {
  const deeds = useContext(Deeds);
  const { isBusy, run } = useAction();
  const repair = () => {
    beginRepair();
    if ("opens" in does) leaveFor(does.opens);
    if (deeds && "createsLinks" in does) deeds.createLinks(does.createsLinks);
    const repairing = deeds && runOf(deeds, does);
    if (repairing) run(repairing, (finish) => finish());
  };
  return { isBusy, run: repair };
}

function runOf(deeds: RepairDeeds, does: RepairDeed): Run | null {
  if ("signsIn" in does) return act(() => deeds.signIn(does.signsIn), leaveFor);
  if ("connects" in does) return () => deeds.connect(does.connects);
  if ("setsGraph" in does) {
    const { setsGraph: id, way } = does;
    return act(
      () => deeds.useGraph[way](id),
      () => leaveFor(`/email/accounts/${id}?test=now`),
    );
  }
  if ("testsIncident" in does) {
    const { testsIncident: incidentId, isFresh = false } = does;
    return act(() => deeds.testIncident({ incidentId, isFresh }), leaveFor);
  }
  if ("testsFailed" in does) {
    const { testsFailed, isFresh = false } = does;
    return act(() => deeds.testFailed({ ...testsFailed, isFresh }), leaveFor);
  }
  return null;
}
