import { Alert } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { ShownOnceDialog } from "@/components/shown-once-dialog";

export function SigningSecretDialog({ name, secret }: { name: string; secret: string }) {
  return (
    <ShownOnceDialog title={`Signing secret for ${name}`}>
      <Alert color="yellow">Copy the signing secret now. It is not shown again.</Alert>
      <CopyField
        label="Signing secret"
        description="The receiver uses it to verify webhook-signature, as Standard Webhooks describes."
        value={secret}
      />
    </ShownOnceDialog>
  );
}
