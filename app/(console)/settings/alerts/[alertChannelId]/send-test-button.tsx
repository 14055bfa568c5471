"use client";

import { Button } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { Can } from "@/components/can";
import { useSendTest } from "../use-send-test";

export function SendTestButton({ id, name }: { id: string; name: string }) {
  const { isSending, sendTest } = useSendTest({ id, name });
  return (
    <Can permission="alerts:write">
      <Button
        variant="default"
        leftSection={<IconSend size={16} />}
        loading={isSending}
        onClick={sendTest}
      >
        Send a test
      </Button>
    </Can>
  );
}
