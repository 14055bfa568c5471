import { Button, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { CopyField } from "@/components/copy-field";
import { Dialog } from "@/components/dialog";
import { wallTime } from "@/lib/kernel/clock";
import type { DeviceSignIn } from "@/lib/sign-ins/queries";

export type DeviceCodeProps = DeviceSignIn & { cloudProviderId: string };

export function DeviceCodeDialog(
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
