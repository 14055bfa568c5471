import { Box, Code, Group, Paper, Text } from "@mantine/core";
import { CopyIconButton } from "@/components/copy-field";
import { InlineLink } from "@/components/links";
import { NextStepOfReader, WhoFixesIt } from "@/components/remedy-steps";
import { RepairButtons } from "@/components/repair-buttons";
import { routes } from "@/components/routes";
import { whereToRun } from "@/components/who-does-it";
import type { NextStep } from "@/lib/checks/conclusion";
import classes from "./test-report.module.css";

type NextStepsProps = { steps: readonly NextStep[]; isPrimary?: boolean };

export function NextSteps({ steps, isPrimary = false }: NextStepsProps) {
  return steps.map((step, index) => (
    <Next
      key={step.remedyId}
      next={step}
      heading={index === 0 ? "Next" : step.title}
      isPrimary={isPrimary && index === 0}
    />
  ));
}

type NextProps = { next: NextStep; heading: string; isPrimary: boolean };

function Next({ next, heading, isPrimary }: NextProps) {
  const { remedyId, title, steps, taken, who, command, buttons } = next;
  const isWaiting = next.isWaitedFor === true;
  return (
    <Paper withBorder p="md" radius="md" className={classes.next} data-remedy={remedyId}>
      <NextStepOfReader
        title={title}
        heading={heading}
        steps={steps}
        taken={taken}
        buttons={buttons}
      />
      {command && (
        <Text size="xs" c="dimmed" mt={6}>
          {whereToRun(command.shell)}
        </Text>
      )}
      {command && (
        <Group wrap="nowrap" gap="xs" align="flex-start" mt={6}>
          <Code block className={classes.command}>
            {command.text}
          </Code>
          <CopyIconButton label="the command" value={command.text} />
        </Group>
      )}
      <Box mt="xs">
        <RepairButtons buttons={buttons} isPrimary={isPrimary} isLater={isWaiting} />
      </Box>
      <Text size="xs" c="dimmed" mt={6}>
        {!command && <WhoFixesIt who={who} buttons={buttons} isWaiting={isWaiting} />}{" "}
        <InlineLink href={routes.remedy(remedyId)}>All about {remedyId}</InlineLink>
      </Text>
    </Paper>
  );
}
