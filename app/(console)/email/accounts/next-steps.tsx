import { Box, Paper, Text } from "@mantine/core";
import { InlineLink } from "@/components/links";
import { RemedyCommand } from "@/components/remedy-panel";
import { NextStepOfReader, WhoFixesIt } from "@/components/remedy-steps";
import { RepairButtons } from "@/components/repair";
import { routes } from "@/components/routes";
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
  const { remedyId, title, steps, taken, command, buttons } = next;
  return (
    <Paper withBorder p="md" radius="md" className={classes.next} data-remedy={remedyId}>
      <NextStepOfReader
        title={title}
        heading={heading}
        steps={steps}
        taken={taken}
        buttons={buttons}
      />
      {command && <RemedyCommand command={command} />}
      <Repairs {...next} isPrimary={isPrimary} hasCommand={command !== undefined} />
    </Paper>
  );
}

type RepairsProps = Pick<NextStep, "remedyId" | "who" | "buttons" | "isWaitedFor"> & {
  hasCommand: boolean;
  isPrimary?: boolean;
};

export function Repairs({ remedyId, who, buttons, isWaitedFor, ...look }: RepairsProps) {
  const { hasCommand, isPrimary = false } = look;
  const isWaiting = isWaitedFor === true;
  return (
    <>
      <Box my="xs">
        <RepairButtons buttons={buttons} isPrimary={isPrimary} isLater={isWaiting} />
      </Box>
      <Text size="xs" c="dimmed" mt={6}>
        {!hasCommand && <WhoFixesIt who={who} buttons={buttons} isWaiting={isWaiting} />}{" "}
        <InlineLink href={routes.remedy(remedyId)}>All about {remedyId}</InlineLink>
      </Text>
    </>
  );
}
