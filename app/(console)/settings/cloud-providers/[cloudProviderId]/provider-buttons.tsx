"use client";

import { Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import type { ComponentProps } from "react";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { Can } from "@/components/can";
import { leaveFor } from "@/components/use-action";
import { beginAdminConsentAction } from "../actions";

const ChangeExpiryDialog = dynamic(() =>
  import("../credential-dialog").then((m) => m.ChangeExpiryDialog),
);

type ChangeExpiryProps = Omit<ComponentProps<typeof ChangeExpiryDialog>, "onClose">;

export function ChangeExpiryButton(props: ChangeExpiryProps) {
  return (
    <ActButton
      size="compact-xs"
      label="Change expiry"
      needs="providers:write"
      dialog={(close) => <ChangeExpiryDialog {...props} onClose={close} />}
    />
  );
}

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
