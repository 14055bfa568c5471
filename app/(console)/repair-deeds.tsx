"use client";

import type { ReactNode } from "react";
import { type RepairDeeds, RepairDeedsProvider } from "@/components/repair-buttons";
import { testFailedAction } from "./email/accounts/tests/actions";
import { findIncidentCommandAction, testIncidentAction } from "./incidents/actions";
import { beginAuthorizationAction } from "./settings/cloud-providers/actions";
import { connect } from "./settings/cloud-providers/use-connect";

const DEEDS: RepairDeeds = {
  signIn: beginAuthorizationAction,
  connect,
  findCommand: findIncidentCommandAction,
  testIncident: testIncidentAction,
  testFailed: testFailedAction,
};

/** What the buttons of remedies do, on whatever page they are. */
export function RepairDeedsOfConsole({ children }: { children: ReactNode }) {
  return <RepairDeedsProvider value={DEEDS}>{children}</RepairDeedsProvider>;
}
