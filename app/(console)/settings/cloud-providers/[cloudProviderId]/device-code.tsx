"use client";

import { Alert, Button, Group } from "@mantine/core";
import { IconDevices } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Can } from "@/components/can";
import { notifyProblem } from "@/components/notify";
import { routes } from "@/components/routes";
import { attempt } from "@/components/use-action";
import { cancelDeviceCodeAction } from "../actions";
import type { DeviceCodeProps } from "./device-code-dialog";

const DeviceCodeDialog = dynamic(() =>
  import("./device-code-dialog").then((module) => module.DeviceCodeDialog),
);

/** The live events tell when it is done; should they not come, the page is looked at again. */
const LOOK_EVERY_MS = 10_000;

/** A sign-in that waits for its code to be typed on another device. */
export function DeviceCode(props: DeviceCodeProps) {
  const { cloudProviderId, authorizationRequestId, userCode } = props;
  const [isOpen, setOpen] = useState(true);
  const [isBusy, start] = useTransition();
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  const cancel = () =>
    start(async () => {
      const result = await attempt(() => cancelDeviceCodeAction({ authorizationRequestId }));
      if (!result.ok) notifyProblem(result.error);
      router.replace(routes.cloudProvider(cloudProviderId));
    });
  return (
    <Can permission="authorizations:write">
      <Alert
        color="indigo"
        icon={<IconDevices size={18} />}
        title="A sign-in is waiting for its code"
      >
        <Group gap="xs">
          <Button size="xs" onClick={() => setOpen(true)}>
            Show the code {userCode}
          </Button>
          <Button size="xs" variant="default" loading={isBusy} onClick={cancel}>
            Cancel this sign-in
          </Button>
        </Group>
      </Alert>
      {isOpen && (
        <DeviceCodeDialog
          {...props}
          isBusy={isBusy}
          onCancel={cancel}
          onClose={() => setOpen(false)}
        />
      )}
    </Can>
  );
}
