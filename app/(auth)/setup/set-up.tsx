"use client";

import { Text } from "@mantine/core";
import type { CompanyButton } from "@/lib/access/company/schema";
import { LinkGate } from "../link-gate";
import { findInvitationAction } from "./actions";
import { JoinAtCompany, SetUpForm } from "./set-up-form";

/** @param companies at which an invited person can sign in instead of choosing a password */
export function SetUp({ companies }: { companies: CompanyButton[] }) {
  return (
    <LinkGate title="Create your account" find={findInvitationAction}>
      {(token, invited) => (
        <>
          <Text c="dimmed" size="sm">
            You can use this page once, with the link that brought you here.
          </Text>
          {invited.isAtCompanyOnly ? (
            <JoinAtCompany token={token} invited={invited} companies={companies} />
          ) : (
            <SetUpForm token={token} invited={invited} companies={companies} />
          )}
        </>
      )}
    </LinkGate>
  );
}
