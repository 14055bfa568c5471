"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { leaveFor, useAction } from "@/components/use-action";
import type { BeginAuthorization } from "@/lib/sign-ins/schema";
import { beginAuthorizationAction } from "./actions";

type AuthenticateButtonProps = ButtonProps & { label: string; subject: BeginAuthorization };

/** Leaves for the identity platform's sign-in page. */
export function AuthenticateButton({ label, subject, ...props }: AuthenticateButtonProps) {
  const { isBusy, run } = useAction();
  return (
    <Can permission="authorizations:write">
      <Button
        leftSection={<IconLogin2 size={16} />}
        loading={isBusy}
        onClick={() => run(() => beginAuthorizationAction(subject), leaveFor)}
        {...props}
      >
        {label}
      </Button>
    </Can>
  );
}
