"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useMemo, useState } from "react";
import { CloseDialog } from "@/components/close-dialog";
import { type RepairDeeds, RepairDeedsProvider } from "@/components/repair";
import type { LinksFor } from "@/lib/remedies/remedy";
import { setReadsByAction, setSendsByAction } from "./email/accounts/actions";
import { testFailedAction } from "./email/accounts/tests/actions";
import { testIncidentAction } from "./incidents/actions";
import { beginAuthorizationAction } from "./settings/cloud-providers/actions";

const CreateLinksDialog = dynamic(() =>
  import("./email/sign-in-links/create-links-dialog").then((module) => module.CreateLinksDialog),
);

const DEEDS: Omit<RepairDeeds, "createLinks"> = {
  signIn: beginAuthorizationAction,
  connect: async (subject) =>
    (await import("./settings/cloud-providers/connect")).connecting(subject)(),
  useGraph: {
    sendsBy: (id) => setSendsByAction({ id, sendsBy: "graph" }),
    readsBy: (id) => setReadsByAction({ id, readsBy: "graph" }),
  },
  testIncident: testIncidentAction,
  testFailed: testFailedAction,
};

export function RepairDeedsOfConsole({ children }: { children: ReactNode }) {
  const [people, setPeople] = useState<LinksFor | null>(null);
  const deeds = useMemo(() => ({ ...DEEDS, createLinks: setPeople }), []);
  return (
    <RepairDeedsProvider value={deeds}>
      {children}
      <CloseDialog value={() => setPeople(null)}>
        {people && <CreateLinksDialog of={people} />}
      </CloseDialog>
    </RepairDeedsProvider>
  );
}
