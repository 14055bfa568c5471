"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconShieldQuestion } from "@tabler/icons-react";
import { useState, useTransition } from "react";
import { Can } from "@/components/can";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { attempt } from "@/components/use-action";
import type { ActionError } from "@/lib/http/schema";
import { proveCredentialAction } from "../actions";
import { CertificateFacts } from "./certificate-facts";
import { UploadSteps } from "./upload-steps";

type UnprovedCredentialProps = {
  cloudProviderId: string;
  /** What came in between when it was entered. */
  reason: string;
  /** Of a certificate, which has to be registered before it can be proved. */
  certificate: { thumbprint: string; expiresAt: Date } | null;
  /** The page of the app registration where certificates are uploaded. */
  uploadUrl: string | undefined;
  /** Whether it is what the page asks for. */
  isPrimary: boolean;
};

/** The credential in use, while nothing has shown yet that it works. */
export function UnprovedCredential(props: UnprovedCredentialProps) {
  const { cloudProviderId, reason, certificate, uploadUrl, isPrimary } = props;
  const [isBusy, start] = useTransition();
  const [problem, setProblem] = useState<ActionError | null>(null);
  const prove = () =>
    start(async () => {
      const result = await attempt(() => proveCredentialAction({ cloudProviderId }));
      setProblem(result.ok ? null : result.error);
      if (result.ok) notifySuccess("The credential works.");
    });
  return (
    <Alert
      color="indigo"
      icon={<IconShieldQuestion size={18} />}
      title="The credential is not proved yet"
    >
      <Stack gap="sm">
        {certificate ? (
          <>
            <CertificateFacts cloudProviderId={cloudProviderId} {...certificate} />
            <UploadSteps
              uploadUrl={uploadUrl}
              last="Prove it here. A new credential can take a minute to work everywhere."
            />
          </>
        ) : (
          <Text size="sm">{reason} Prove it once this is over.</Text>
        )}
        <FormProblem problem={problem} />
        <Can permission="authorizations:write">
          <Button
            size="xs"
            variant={isPrimary ? "filled" : "default"}
            loading={isBusy}
            onClick={prove}
            w="fit-content"
          >
            Prove it now
          </Button>
        </Can>
      </Stack>
    </Alert>
  );
}
