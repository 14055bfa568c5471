"use client";

import type { ButtonProps } from "@mantine/core";
import { IconLogin2, IconPlugConnected } from "@tabler/icons-react";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { neededToConnect } from "@/components/repair-needs";
import { leaveFor } from "@/components/use-action";
import type { Grant } from "@/lib/registrations/schema";
import type { BeginAuthorization } from "@/lib/sign-ins/schema";
import { beginAuthorizationAction } from "./actions";
import { connecting } from "./connect";

type AuthenticateButtonProps = ButtonProps & { label: string; subject: BeginAuthorization };

export function AuthenticateButton({ label, subject, ...look }: AuthenticateButtonProps) {
  const act = { ...signingIn(subject), label, needs: "authorizations:write" } as const;
  return <ActButton variant="filled" act={act} {...look} />;
}

/** Leaves for the identity platform's sign-in page. */
export function signingIn(subject: BeginAuthorization) {
  return { icon: IconLogin2, run: act(() => beginAuthorizationAction(subject), leaveFor) };
}

type ConnectButtonProps = ButtonProps & { cloudProviderId: string; grant: Grant; label: string };

export function ConnectButton({ cloudProviderId, grant, label, ...look }: ConnectButtonProps) {
  const act = {
    label,
    icon: IconPlugConnected,
    needs: neededToConnect(grant),
    run: connecting({ cloudProviderId, grant }),
  };
  return <ActButton variant="filled" act={act} {...look} />;
}
