"use client";

import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconHelpCircle, IconStethoscope } from "@tabler/icons-react";
import { useState } from "react";
import { Can, useCan } from "@/components/can";
import { RemedyPanel } from "@/components/remedy-panel";
import { useAction } from "@/components/use-action";
import { useWish } from "@/components/use-wish";
import type { PreflightFinding } from "@/lib/registrations/schema";
import { preflightAction } from "../actions";

type RegistrationCheckProps = { cloudProviderId: string; isRefused: boolean };

export function RegistrationCheck({ cloudProviderId, isRefused }: RegistrationCheckProps) {
  const [found, setFindings] = useState<PreflightFinding[] | null>(null);
  const { isBusy, run } = useAction();
  const check = () => run(() => preflightAction({ cloudProviderId }), setFindings);
  // No longer refused: proved since, for example by entering the secret again.
  const isOver = ({ subject, verdict }: PreflightFinding) =>
    verdict === "wrong" && subject !== "redirect_uri" && !isRefused;
  const findings = found?.filter((finding) => !isOver(finding));
  const can = useCan();
  useWish("check", () => can("authorizations:write") && check());
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Text c="dimmed" maw={420}>
            Checks the registration without signing anyone in, and updates its state.
          </Text>
          <Can permission="authorizations:write">
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconStethoscope size={16} />}
              loading={isBusy}
              onClick={check}
            >
              Check
            </Button>
          </Can>
        </Group>
        <div aria-live="polite">
          {findings && findings.length > 0 && (
            <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
              {findings.map((finding) => (
                <FindingRow key={finding.subject} finding={finding} />
              ))}
            </Stack>
          )}
        </div>
      </Stack>
    </Paper>
  );
}

const LABELS = {
  tenant: "Tenant and cloud",
  application: "Application",
  credential: "Credential",
  redirect_uri: "Redirect URI",
} as const;

const VERDICTS = {
  ok: { text: "right", icon: IconCircleCheck, color: "var(--mantine-color-teal-filled)" },
  wrong: { text: "wrong", icon: IconCircleX, color: "var(--mantine-color-error)" },
  unknown: { text: "not determined", icon: IconHelpCircle, color: "var(--mantine-color-dimmed)" },
} as const;

function FindingRow({ finding }: { finding: PreflightFinding }) {
  const { subject, verdict, remedy, otherCloud } = finding;
  const { text, icon: Icon, color } = VERDICTS[verdict];
  return (
    <Stack component="li" gap={6} data-finding={`${subject}:${verdict}`}>
      <Group gap={6} wrap="nowrap">
        <Icon size={18} color={color} aria-hidden />
        <Text>
          {LABELS[subject]}: {text}
        </Text>
      </Group>
      {otherCloud && (
        <Text>This tenant is in {otherCloud}: edit the provider and choose that cloud.</Text>
      )}
      {remedy && <RemedyPanel remedy={remedy} />}
    </Stack>
  );
}
