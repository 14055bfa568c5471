"use client";

import { Button, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { leaveFor, useAction } from "@/components/use-action";
import { beginAdminConsentAction } from "../actions";

/** Leaves for the page on which an administrator consents for the whole organisation. */
export function ConsentButton({ cloudProviderId }: { cloudProviderId: string }) {
  const { isBusy, run } = useAction();
  return (
    <Can permission="providers:write">
      <div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconShieldCheck size={16} />}
          loading={isBusy}
          onClick={() => run(() => beginAdminConsentAction({ cloudProviderId }), leaveFor)}
        >
          Grant consent for the organisation
        </Button>
        <Text size="xs" c="dimmed" mt={4}>
          A tenant administrator can approve once for everyone.
        </Text>
      </div>
    </Can>
  );
}
