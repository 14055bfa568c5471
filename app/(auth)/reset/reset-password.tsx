"use client";

import { Text } from "@mantine/core";
import { LinkGate } from "../link-gate";
import { type PersonHere, ReplacedSession } from "../replaced-session";
import { findPasswordLinkAction } from "./actions";
import { ResetForm } from "./reset-form";

export function ResetPassword({ here }: { here: PersonHere | null }) {
  return (
    <LinkGate title="Choose a new password" find={findPasswordLinkAction}>
      {(token, { email }) => {
        const replaces = here !== null && here.email !== email;
        return (
          <>
            {replaces && <ReplacedSession here={here} once={`you are signed in as ${email}`} />}
            <Text c="dimmed" size="sm">
              For {email}. The link that brought you here works once. You are signed out everywhere
              else.
            </Text>
            <ResetForm token={token} email={email} replaces={replaces} />
          </>
        );
      }}
    </LinkGate>
  );
}
