"use client";

import { Menu } from "@mantine/core";
import { IconLogin2, IconRefresh, IconTrash } from "@tabler/icons-react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { leaveFor, useAction } from "@/components/use-action";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { Grant } from "@/lib/registrations/schema";
import { beginAuthorizationAction, removeAuthorizationAction, renewNowAction } from "../actions";

type AuthorizationMenuItemsProps = { id: string; username: string; grant: Grant };

export function AuthorizationMenuItems(props: AuthorizationMenuItemsProps) {
  const { id, grant } = props;
  const username = props.username || "the application";
  const { isBusy, run } = useAction();
  const signInAgain = () =>
    run(
      () => beginAuthorizationAction({ subject: "authorization", authorizationId: id }),
      leaveFor,
    );
  const renew = () =>
    run(
      () => renewNowAction({ authorizationId: id }),
      (isRenewed) => {
        if (isRenewed) notifySuccess(`The tokens of ${username} were renewed.`);
        else notifyProblem(`The tokens of ${username} could not be renewed. This page says why.`);
      },
    );
  const remove = () =>
    run(
      () => removeAuthorizationAction({ authorizationId: id }),
      () => notifySuccess(`${username} is signed out. Its tokens were erased here.`),
    );
  return (
    <OpenMenu label={`Actions for ${username}`} width={200} isBusy={isBusy}>
      <Menu.Item leftSection={<IconRefresh size={16} />} onClick={renew}>
        Renew now
      </Menu.Item>
      {!isByItself(grant) && (
        <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={signInAgain}>
          Sign in again
        </Menu.Item>
      )}
      {/* Where there is one for each account, it goes with its account. */}
      {grant !== "domain_wide" && (
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} />}
          onClick={remove}
        >
          Sign out here
        </Menu.Item>
      )}
    </OpenMenu>
  );
}
