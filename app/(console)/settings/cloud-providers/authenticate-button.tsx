"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { useTransition } from "react";
import { notifyProblem } from "@/components/notify";
import type { BeginAuthorization } from "@/lib/sign-ins/schema";
import { beginAuthorizationAction } from "./actions";

type AuthenticateButtonProps = ButtonProps & { label: string; subject: BeginAuthorization };

/** Leaves for the identity platform's sign-in page. */
export function AuthenticateButton({ label, subject, ...props }: AuthenticateButtonProps) {
  const [isLeaving, startLeaving] = useTransition();
  const authenticate = () =>
    startLeaving(async () => {
      const result = await beginAuthorizationAction(subject);
      if (result.ok) window.location.assign(result.data);
      else notifyProblem(result.error);
    });
  return (
    <Button
      leftSection={<IconLogin2 size={16} />}
      loading={isLeaving}
      onClick={authenticate}
      {...props}
    >
      {label}
    </Button>
  );
}
