"use client";

import { Alert, Text } from "@mantine/core";
import { LinkGate } from "../link-gate";
import { findPasswordLinkAction } from "./actions";
import { ResetForm } from "./reset-form";

type ResetPasswordProps = {
  /** Who is signed in in this browser. */
  here: { name: string; email: string } | null;
};

export function ResetPassword({ here }: ResetPasswordProps) {
  return (
    <LinkGate title="Choose a new password" find={findPasswordLinkAction}>
      {(token, { email }) => {
        const replaces = here !== null && here.email !== email;
        return (
          <>
            {replaces && (
              <Alert color="yellow" role="alert">
                You are signed in as {here.name} ({here.email}). Once you are signed in as {email},{" "}
                {here.name} is signed out in this browser.
              </Alert>
            )}
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
