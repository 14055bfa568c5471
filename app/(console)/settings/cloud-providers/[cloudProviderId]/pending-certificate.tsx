"use client";

import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconCertificate } from "@tabler/icons-react";
import { useState, useTransition } from "react";
import { Can } from "@/components/can";
import { FormProblem } from "@/components/form-problem";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { attempt } from "@/components/use-action";
import type { ActionError } from "@/lib/http/schema";
import { discardPendingCertificateAction, proveAndUseCertificateAction } from "../actions";
import { CertificateFacts } from "./certificate-facts";
import { UploadSteps } from "./upload-steps";

type PendingCertificateProps = {
  cloudProviderId: string;
  thumbprint: string;
  expiresAt: Date;
  /** The page of the app registration where certificates are uploaded. */
  uploadUrl: string | undefined;
  /** Whether it is what the page asks for. */
  isPrimary: boolean;
};

/** A certificate that was made here: what to do until it is in use. */
export function PendingCertificate(props: PendingCertificateProps) {
  const { cloudProviderId, uploadUrl, isPrimary } = props;
  const [isBusy, start] = useTransition();
  const [problem, setProblem] = useState<ActionError | null>(null);
  const use = () =>
    start(async () => {
      const result = await attempt(() => proveAndUseCertificateAction({ cloudProviderId }));
      setProblem(result.ok ? null : result.error);
      if (result.ok)
        notifySuccess("The certificate works and is now in use. Everyone stays signed in.");
      else notifyProblem(result.error);
    });
  const discard = () =>
    start(async () => {
      const result = await attempt(() => discardPendingCertificateAction({ cloudProviderId }));
      if (!result.ok) notifyProblem(result.error);
    });
  return (
    <Alert
      color="indigo"
      icon={<IconCertificate size={18} />}
      title="A certificate is waiting to be used"
    >
      <Stack gap="sm">
        <CertificateFacts {...props} />
        <UploadSteps
          uploadUrl={uploadUrl}
          last="Prove and use it here. Until then, the current credential stays in use."
        />
        <FormProblem problem={problem} />
        <Can permission="providers:write">
          <Group gap="xs">
            <Button
              size="xs"
              variant={isPrimary ? "filled" : "default"}
              loading={isBusy}
              onClick={use}
            >
              Prove and use
            </Button>
            <Button size="xs" variant="default" disabled={isBusy} onClick={discard}>
              Discard
            </Button>
          </Group>
        </Can>
      </Stack>
    </Alert>
  );
}
