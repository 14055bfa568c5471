"use client";

import { Button, Group, Text } from "@mantine/core";
import { createContext, useContext } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type {
  FailedAccounts,
  LinksFor,
  RepairButton,
  RepairDeed,
  SignInOf,
} from "@/lib/remedies/remedy";
import { LinkButton } from "./links";
import { notifyProblem, notifySuccess } from "./notify";
import { repairInWords, useCanRepair, useWhoRepairs } from "./repair-needs";
import { pageAt } from "./routes";
import { leaveFor, useAction } from "./use-action";

type Connect = Extract<RepairDeed, { connects: unknown }>["connects"];

/** Whether each account gets a new token before it is tested. */
type Fresh = { isFresh: boolean };

/** What buttons do that are no links. */
export type RepairDeeds = {
  /** @returns the address of the sign-in page */
  signIn: (subject: SignInOf) => Promise<ActionResult<string>>;
  /** Asks first: links that were created before stop working. */
  createLinks: (people: LinksFor) => void;
  connect: (subject: Connect) => Promise<void>;
  /** @returns the command for all accounts of the incident; null when something in it is not known */
  findCommand: (incident: { incidentId: string }) => Promise<ActionResult<string | null>>;
  /** @returns the address of the test run */
  testIncident: (incident: { incidentId: string } & Fresh) => Promise<ActionResult<string>>;
  testFailed: (failed: FailedAccounts & Fresh) => Promise<ActionResult<string>>;
};

const Deeds = createContext<RepairDeeds | null>(null);

export const RepairDeedsProvider = Deeds.Provider;

type RepairButtonsProps = {
  buttons: readonly RepairButton[] | undefined;
  size?: "xs" | "compact-xs" | "compact-sm";
  /** So many of them, the likeliest first; all where it is not said. */
  limit?: number;
  /** Whether the likeliest is what the page asks for. */
  isPrimary?: boolean;
  /** Whether waiting is the advice, and no button. */
  isLater?: boolean;
  /** Where there is little room, the label without its name. */
  isShort?: boolean;
};

/** What repairs a failure, wherever the failure is told: one button each, for those who may press it. */
export function RepairButtons(props: RepairButtonsProps) {
  const { buttons = [], size = "xs", limit, isShort = false } = props;
  const { isPrimary = false, isLater = false } = props;
  const shown = buttons.slice(0, limit).filter(useCanRepair());
  const [likeliest] = buttons;
  if (!likeliest) return null;
  return (
    <Group gap="xs" data-repairs>
      <AskSomebody button={likeliest} />
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

/** Instead of a button that the person's role may not press: who may. */
function AskSomebody({ button }: { button: RepairButton }) {
  const who = useWhoRepairs()(button);
  return (
    who && (
      <Text size="sm">
        Ask {who} to {repairInWords(button)}.
      </Text>
    )
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
      <LinkButton href={pageAt(does.opens)} {...look}>
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

/** What a button does that is no link, and whether it is under way. */
function useRepair(does: RepairDeed): { isBusy: boolean; run: () => void } {
  const deeds = useContext(Deeds);
  const { isBusy, run } = useAction();
  const repair = () => {
    if (!deeds) return;
    if ("opens" in does) leaveFor(does.opens);
    const leads = leadsTo(deeds, does);
    if (leads) run(leads, leaveFor);
    if ("createsLinks" in does) deeds.createLinks(does.createsLinks);
    if ("connects" in does) void deeds.connect(does.connects);
    if ("copiesCommandOf" in does)
      run(
        () => deeds.findCommand({ incidentId: does.copiesCommandOf }),
        (command) => void copy(command),
      );
  };
  return { isBusy, run: repair };
}

/** What ends on another page, whose address it answers with. */
function leadsTo(
  deeds: RepairDeeds,
  does: RepairDeed,
): (() => Promise<ActionResult<string>>) | undefined {
  if ("signsIn" in does) return () => deeds.signIn(does.signsIn);
  if ("testsIncident" in does) {
    const { testsIncident: incidentId, isFresh = false } = does;
    return () => deeds.testIncident({ incidentId, isFresh });
  }
  if ("testsFailed" in does) {
    const { testsFailed, isFresh = false } = does;
    return () => deeds.testFailed({ ...testsFailed, isFresh });
  }
  return undefined;
}

async function copy(command: string | null): Promise<void> {
  if (command === null)
    return notifyProblem("Part of the command is unknown. Open the incident for the steps.");
  try {
    await navigator.clipboard.writeText(command);
    notifySuccess("The command is copied.");
  } catch {
    notifyProblem("Your browser does not allow copying. Open the incident to see the command.");
  }
}
