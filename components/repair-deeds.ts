import { createContext, useContext } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { AccountsThatFail, LinksFor, RepairDeed, SignInOf } from "@/lib/remedies/remedy";
import type { Run } from "./confirm-dialog";
import { notifyProblem, notifySuccess } from "./notify";
import { leaveFor, useAction } from "./use-action";

type Connect = Extract<RepairDeed, { connects: unknown }>["connects"];

/** A new token before each test. */
type Fresh = { isFresh: boolean };

export type RepairDeeds = {
  signIn: (subject: SignInOf) => Promise<ActionResult<string>>;
  /** Asks first: earlier links stop working. */
  createLinks: (people: LinksFor) => void;
  connect: (subject: Connect) => ReturnType<Run>;
  /** @returns null if a part is unknown */
  findCommand: (incident: { incidentId: string }) => Promise<ActionResult<string | null>>;
  testIncident: (incident: { incidentId: string } & Fresh) => Promise<ActionResult<string>>;
  testFailed: (failed: AccountsThatFail & Fresh) => Promise<ActionResult<string>>;
};

const Deeds = createContext<RepairDeeds | null>(null);

export const RepairDeedsProvider = Deeds.Provider;

export function useRepair(does: RepairDeed): { isBusy: boolean; run: () => void } {
  const deeds = useContext(Deeds);
  const { isBusy, run } = useAction();
  const repair = () => {
    if (!deeds) return;
    if ("opens" in does) leaveFor(does.opens);
    const leads = leadsTo(deeds, does);
    if (leads) run(leads, leaveFor);
    if ("createsLinks" in does) deeds.createLinks(does.createsLinks);
    if ("connects" in does)
      run(
        () => deeds.connect(does.connects),
        (finish) => finish(),
      );
    if ("copiesCommandOf" in does)
      run(
        () => deeds.findCommand({ incidentId: does.copiesCommandOf }),
        (command) => void copy(command),
      );
  };
  return { isBusy, run: repair };
}

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
  try {
    if (command === null)
      return void notifyProblem("Part of the command is unknown. Open the incident for the steps.");
    await navigator.clipboard.writeText(command);
    notifySuccess("The command is copied.");
  } catch {
    notifyProblem("Your browser does not allow copying. Open the incident to see the command.");
  }
}
