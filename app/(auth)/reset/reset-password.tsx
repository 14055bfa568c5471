"use client";

import { Text } from "@mantine/core";
import { LinkGate } from "../link-gate";
import { findPasswordLinkAction } from "./actions";
import { ResetForm } from "./reset-form";

export function ResetPassword() {
  return (
    <LinkGate title="Choose a new password" find={findPasswordLinkAction}>
      {(token, { email }) => (
        <>
          <Text c="dimmed" size="sm">
            For {email}. The link that brought you here works once. You are signed out everywhere
            else.
          </Text>
          <ResetForm token={token} email={email} />
        </>
      )}
    </LinkGate>
  );
}
