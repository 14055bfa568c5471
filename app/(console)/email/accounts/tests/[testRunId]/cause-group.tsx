import { Box, Group, Paper, Text, Title } from "@mantine/core";
import { Badge } from "@/components/badge";
import { InlineLink, TextLink } from "@/components/links";
import { RemedyCommand } from "@/components/remedy-panel";
import { NextStepText, WhoFixesIt } from "@/components/remedy-steps";
import { RepairButtons } from "@/components/repair-buttons";
import { pageAt, routes } from "@/components/routes";
import type { TestRunGroup } from "@/lib/checks/runs/schema";
import { counted } from "@/lib/kernel/text/schema";
import { failedAt } from "@/lib/remedies/repairs";

export function CauseGroup({ group }: { group: TestRunGroup }) {
  const { remedy, accounts, failed, providerName } = group;
  const isWaiting = remedy.isWaitedFor === true;
  const command = remedy.taken?.[0]?.includes("copy_command") ? remedy.command : undefined;
  return (
    <Paper withBorder p="md" radius="md" data-remedy={remedy.id}>
      <Group gap="sm" align="baseline">
        <Badge tint="red">{counted(accounts, "account")}</Badge>
        <Title order={3} size="h6">
          {remedy.title}
        </Title>
        {providerName && failed.cloudProviderId && (
          <TextLink size="sm" href={routes.cloudProvider(failed.cloudProviderId)}>
            {providerName}
          </TextLink>
        )}
      </Group>
      <Stopped group={group} />
      <Text size="sm" mt="xs">
        <NextStepText
          before="Next: "
          steps={remedy.steps}
          taken={remedy.taken}
          buttons={remedy.buttons}
        />
      </Text>
      {command && <RemedyCommand command={command} />}
      <Box my="xs">
        <RepairButtons buttons={remedy.buttons} isLater={isWaiting} />
      </Box>
      <Text size="xs" c="dimmed" mt={4}>
        {!command && <WhoFixesIt who={remedy.who} buttons={remedy.buttons} isWaiting={isWaiting} />}{" "}
        <InlineLink href={routes.remedy(remedy.id)}>All about {remedy.id}</InlineLink>
      </Text>
    </Paper>
  );
}

function Stopped({ group: { accounts, named, failed } }: { group: TestRunGroup }) {
  const more = accounts - named.length;
  return (
    <Text size="sm" mt="xs">
      {named.map(({ id, name, connectionTestId }, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <TextLink
            inherit
            href={
              connectionTestId
                ? routes.connectionTest(id, connectionTestId)
                : routes.emailAccount(id)
            }
          >
            {name}
          </TextLink>
        </span>
      ))}
      {more > 0 && (
        <>
          {" and "}
          <TextLink inherit href={pageAt(failedAt(failed))}>
            {more.toLocaleString("en")} more
          </TextLink>
        </>
      )}
    </Text>
  );
}
