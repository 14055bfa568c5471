"use client";

import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { act } from "@/components/acts";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { RowMenu } from "@/components/row-menu";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { Grant } from "@/lib/registrations/schema";
import { removeAuthorizationAction, renewNowAction } from "../actions";
import { signingIn } from "../signing-in";

type AuthorizationMenuProps = { id: string; username: string; grant: Grant };

export function AuthorizationMenu({ id: authorizationId, grant, ...row }: AuthorizationMenuProps) {
  const username = row.username || "the application";
  return (
    <RowMenu
      label={`Actions for ${username}`}
      needs="authorizations:write"
      items={[
        {
          label: "Renew now",
          icon: IconRefresh,
          run: act(
            () => renewNowAction({ authorizationId }),
            (isRenewed) =>
              isRenewed
                ? notifySuccess(`The tokens of ${username} were renewed.`)
                : notifyProblem(
                    `The tokens of ${username} could not be renewed. This page says why.`,
                  ),
          ),
        },
        !isByItself(grant) && {
          label: "Sign in again",
          ...signingIn({ subject: "authorization", authorizationId }),
        },
        // Those of a domain go with their account.
        grant !== "domain_wide" && {
          label: "Sign out here",
          icon: IconTrash,
          isDangerous: true,
          run: act(
            () => removeAuthorizationAction({ authorizationId }),
            `${username} is signed out. Its tokens were erased here.`,
          ),
        },
      ]}
    />
  );
}
