"use client";

import { Text } from "@mantine/core";
import type { CompanyButton } from "@/lib/access/company/schema";
import { LinkGate } from "../link-gate";
import { type PersonHere, ReplacedSession } from "../replaced-session";
import { findInvitationAction } from "./actions";
import { JoinAtCompany, SetUpForm } from "./set-up-form";

type SetUpProps = {
  companies: CompanyButton[];
  here: PersonHere | null;
};

export function SetUp({ companies, here }: SetUpProps) {
  return (
    <LinkGate title="Create your account" find={findInvitationAction}>
      {(token, invited) => {
        const form = { token, invited, companies, here };
        return (
          <>
            {here && <ReplacedSession here={here} once="you have joined" />}
            <Text c="dimmed" size="sm">
              You can use this page once, with the link that brought you here.
            </Text>
            {invited.isAtCompanyOnly ? <JoinAtCompany {...form} /> : <SetUpForm {...form} />}
          </>
        );
      }}
    </LinkGate>
  );
}
