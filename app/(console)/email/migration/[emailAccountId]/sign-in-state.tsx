"use client";

import { Alert, Group, Text } from "@mantine/core";
import type { MoveTarget } from "@/lib/migration/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import { AuthenticateButton } from "../../../settings/cloud-providers/sign-in-buttons";

type SignInStateProps = {
  emailAccountId: string;
  provider: MoveTarget;
  username: string;
  isIn: boolean;
};

export function SignInState({ emailAccountId, provider, username, isIn }: SignInStateProps) {
  const { id: cloudProviderId, name, grant } = provider;
  if (isByItself(grant))
    return (
      <Alert color="gray">
        No one has to sign in: at {name}, the application opens the mailbox by itself.
      </Alert>
    );
  if (isIn)
    return (
      <Alert color="teal">
        {username} is signed in at {name}.
      </Alert>
    );
  return (
    <Alert color="yellow">
      <Group justify="space-between">
        <Text size="sm">
          No one is signed in as {username || "this user"} at {name} yet.
        </Text>
        <AuthenticateButton
          label="Sign in"
          size="xs"
          disabled={username.trim() === ""}
          subject={{ subject: "move", emailAccountId, cloudProviderId, username }}
        />
      </Group>
    </Alert>
  );
}
