"use client";

import { Button, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useTransition } from "react";
import { notifyProblem } from "@/components/notify";
import { beginAdminConsentAction } from "../actions";

/** Leaves for the page on which an administrator agrees for everybody. */
export function ConsentButton({ cloudProviderId }: { cloudProviderId: string }) {
  const [isLeaving, start] = useTransition();
  const leave = () =>
    start(async () => {
      const result = await beginAdminConsentAction({ cloudProviderId });
      if (result.ok) window.location.assign(result.data);
      else notifyProblem(result.error);
    });
  return (
    <div>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconShieldCheck size={16} />}
        loading={isLeaving}
        onClick={leave}
      >
        Grant consent for the organisation
      </Button>
      <Text size="xs" c="dimmed" mt={4}>
        A tenant administrator can approve once for everyone.
      </Text>
    </div>
  );
}
