"use client";

import { Text } from "@mantine/core";
import { IconRefresh, IconShieldCheck, IconTrash } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton, act } from "@/components/acts";
import { Can } from "@/components/can";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { RowMenu } from "@/components/row-menu";
import { leaveFor } from "@/components/use-action";
import { isByItself } from "@/lib/oauth/schema";
import type { Grant } from "@/lib/registrations/schema";
import { beginAdminConsentAction, removeAuthorizationAction, renewNowAction } from "../actions";
import { signingIn } from "../signing-in";

export const ChangeExpiryDialog = dynamic(() =>
  import("../provider-dialogs").then((m) => m.ChangeExpiryDialog),
);

export function ConsentButton({ cloudProviderId }: { cloudProviderId: string }) {
  return (
    <Can permission="providers:write">
      <div>
        <ActButton
          size="xs"
          label="Grant consent for the organisation"
          icon={IconShieldCheck}
          run={act(() => beginAdminConsentAction({ cloudProviderId }), leaveFor)}
        />
        <Text size="xs" c="dimmed" mt={4}>
          A tenant administrator can approve once for everyone.
        </Text>
      </div>
    </Can>
  );
}

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
