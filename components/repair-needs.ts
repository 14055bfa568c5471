import type { Permission } from "@/lib/kernel/permissions/schema";
import type { RepairButton, RepairKind } from "@/lib/remedies/remedy";
import { useCan, useWhoMay } from "./can";

const NEEDS: Partial<Record<RepairKind, Permission>> = {
  sign_in: "authorizations:write",
  create_links: "authorizations:write",
  update_secret: "providers:write",
  generate_certificate: "providers:write",
  edit_provider: "providers:write",
  check: "authorizations:write",
  choose_delegate: "accounts:write",
  edit_account: "accounts:write",
  test: "accounts:test",
};

/** Application sign-ins belong to the registration. */
export function neededToConnect(grant: string): Permission {
  return grant === "app_only" ? "providers:write" : "authorizations:write";
}

/** Undefined: every role. */
function neededToRepair({ kind, does }: RepairButton): Permission | undefined {
  if ("connects" in does) return neededToConnect(does.connects.grant);
  return NEEDS[kind];
}

export function useCanTake(): (kind: RepairKind, buttons: readonly RepairButton[]) => boolean {
  const can = useCan();
  return (kind, buttons) => {
    const button = buttons.find((each) => each.kind === kind);
    const needed = button ? neededToRepair(button) : NEEDS[kind];
    return needed === undefined || can(needed);
  };
}

export function useCanRepair(): (button: RepairButton) => boolean {
  const can = useCan();
  return (button) => {
    const needed = neededToRepair(button);
    return needed === undefined || can(needed);
  };
}

export function useWhoRepairs(): (button: RepairButton) => string | undefined {
  const whoMay = useWhoMay();
  return (button) => {
    const needed = neededToRepair(button);
    return needed && whoMay(needed);
  };
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
