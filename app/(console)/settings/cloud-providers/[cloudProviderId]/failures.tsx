import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { RemedyPanel } from "@/components/remedy-panel";
import { RepairButtons } from "@/components/repair";
import { listByCause } from "@/lib/email-accounts/filters/queries";
import { counted, listed } from "@/lib/kernel/text/schema";
import { testsAgain } from "@/lib/remedies/repairs";
import { remedyFor } from "./remedy-for";
import type { Shown } from "./shown";

export function Failures({ provider, failures, asked }: Shown) {
  const isPrimary = asked === "repair";
  const told = new Set(failures.map(({ failureId }) => failureId));
  const ofProvider = [provider.failureId, provider.redirectFailureId].flatMap((failureId) =>
    failureId === null || told.has(failureId) ? [] : [failureId],
  );
  return (
    <>
      {failures.map(({ failureId, names, failureText, failingSince, ...concerned }, index) => (
        <div key={failureId}>
          <Text fw={600} mb={4} style={{ overflowWrap: "anywhere" }}>
            {listed(names, concerned.count, 20)}
          </Text>
          <RemedyPanel
            remedy={remedyFor(failureId, provider, concerned)}
            detail={failureText}
            at={failingSince}
            isPrimary={isPrimary && index === 0}
          />
        </div>
      ))}
      {ofProvider.map((failureId, index) => (
        <RemedyPanel
          key={failureId}
          remedy={remedyFor(failureId, provider)}
          isPrimary={isPrimary && failures.length + index === 0}
        />
      ))}
    </>
  );
}

/** If no sign-in fails with it any more, it may be repaired: offers to test again. */
export async function FailedBefore({ actor, provider, failures }: Shown) {
  const cloudProviderId = provider.id;
  const failing = new Set([provider.failureId, ...failures.map(({ failureId }) => failureId)]);
  const groups = await listByCause(actor, { view: "test_failed", cloudProviderId });
  return groups.map(({ failedWith, accounts }) => {
    const remedy = remedyFor(failedWith, provider);
    const isOfProvider = remedy.buttons?.some(({ kind }) =>
      ["update_secret", "generate_certificate", "edit_provider"].includes(kind),
    );
    const buttons = testsAgain(remedy, { failedWith, cloudProviderId });
    if (failing.has(failedWith) || !isOfProvider || buttons.length === 0) return null;
    return (
      <Alert
        key={failedWith}
        color="yellow"
        variant="outline"
        icon={<IconAlertTriangle size={18} />}
        title={`The last test of ${counted(accounts, "account")} failed: ${remedy.title}`}
      >
        <Stack gap="xs" align="flex-start">
          <Text>If you have fixed this, test again to confirm.</Text>
          <RepairButtons buttons={buttons} />
        </Stack>
      </Alert>
    );
  });
}
