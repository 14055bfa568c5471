"use client";

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconDevices, IconExternalLink } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Can } from "@/components/can";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { routes } from "@/components/routes";
import { useAction } from "@/components/use-action";
import { MINUTE_MS, wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import type { CloudProviderDetail } from "@/lib/registrations/queries";
import type { DeviceSignIn } from "@/lib/sign-ins/queries";
import { cancelDeviceCodeAction } from "../actions";

/** In case the live event does not come. */
const LOOK_EVERY_MS = 10_000;

export function DeviceCode(props: DeviceCodeProps) {
  const { cloudProviderId, id: authorizationRequestId, userCode } = props;
  const [isOpen, setOpen] = useState(true);
  const { isBusy, run } = useAction();
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  const cancel = () =>
    run(async () => {
      const result = await cancelDeviceCodeAction({ authorizationRequestId });
      router.replace(routes.cloudProvider(cloudProviderId));
      return result;
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

type DeviceCodeProps = DeviceSignIn & { cloudProviderId: string };

function DeviceCodeDialog(
  props: DeviceCodeProps & { isBusy: boolean; onCancel: () => void; onClose: () => void },
) {
  const { userCode, verificationUri, expiresAt, expectedUsername } = props;
  const { isBusy, onCancel, onClose } = props;
  return (
    <Dialog
      title="Sign in on another device"
      onClose={onClose}
      buttons={
        <>
          <Button variant="default" loading={isBusy} onClick={onCancel}>
            Cancel this sign-in
          </Button>
          <Button
            component="a"
            href={verificationUri}
            target="_blank"
            rel="noreferrer"
            rightSection={<IconExternalLink size={16} />}
          >
            Open here
          </Button>
        </>
      }
    >
      <Text>
        Open the address on any device, type the code, and sign in{" "}
        {expectedUsername === null ? "with the mailbox's address" : `as ${expectedUsername}`}. Send
        the code only to {expectedUsername ?? "the owner of the mailbox"}.
      </Text>
      <CopyField label="Code" value={userCode} />
      <CopyField label="Address" value={verificationUri} />
      <Text c="dimmed">
        <Remaining expiresAt={expiresAt} /> Postkey checks for the sign-in automatically. You can
        close this window.
      </Text>
    </Dialog>
  );
}

function Remaining({ expiresAt }: { expiresAt: Date }) {
  const [now, setNow] = useState(() => wallTime().getTime());
  useEffect(() => {
    const timer = setInterval(() => setNow(wallTime().getTime()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((expiresAt.getTime() - now) / 1_000));
  if (seconds === 0) return <>The code has expired.</>;
  const clock = `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
  return <>The code expires in {clock}.</>;
}

/** Typing a password and a code takes less. */
const LATE_AFTER_MS = 2 * MINUTE_MS;

type UnreturnedSignInProps = {
  unreturned: { id: string; ageMs: number } | null;
  provider: Pick<CloudProviderDetail, "service" | "redirectUri">;
};

/** The platform's own page says why, and does not lead back. */
export function UnreturnedSignIn({ unreturned, provider }: UnreturnedSignInProps) {
  useFreshWhenShownAgain();
  const isLate = useIsLate(unreturned);
  if (!unreturned || !isLate) return null;
  const { brand, redirectRefusal } = PLATFORMS[provider.service];
  const minutes = Math.max(2, Math.floor(unreturned.ageMs / MINUTE_MS));
  return (
    <Alert
      color="yellow"
      icon={<IconArrowBackUp size={18} />}
      role="status"
      title={`The sign-in that you started ${minutes} minutes ago has not come back`}
    >
      <Stack gap="sm">
        <Text>
          If {brand} showed {redirectRefusal}, its app registration does not have this redirect URI.
          Compare every character.
        </Text>
        <CopyField label="Redirect URI" value={provider.redirectUri} />
      </Stack>
    </Alert>
  );
}

function useIsLate(unreturned: UnreturnedSignInProps["unreturned"]): boolean {
  const { id = null, ageMs = 0 } = unreturned ?? {};
  const [lateId, setLateId] = useState<string | null>(null);
  useEffect(() => {
    if (id === null || ageMs >= LATE_AFTER_MS) return;
    const timer = setTimeout(setLateId, LATE_AFTER_MS - ageMs, id);
    return () => clearTimeout(timer);
  }, [id, ageMs]);
  return ageMs >= LATE_AFTER_MS || (id !== null && lateId === id);
}

/** A page restored by the browser's Back knows nothing of that sign-in. */
function useFreshWhenShownAgain(): void {
  const router = useRouter();
  useEffect(() => {
    const refresh = ({ persisted }: PageTransitionEvent) => {
      if (persisted) router.refresh();
    };
    window.addEventListener("pageshow", refresh);
    return () => window.removeEventListener("pageshow", refresh);
  }, [router]);
}
