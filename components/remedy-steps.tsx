"use client";

import { List, ListItem, Text } from "@mantine/core";
import type { Remedy } from "@/lib/remedies/remedy";
import { useCanTake } from "./repair-needs";

type Steps = Pick<Remedy, "steps"> & {
  taken: Remedy["taken"] | undefined;
  buttons: Remedy["buttons"] | undefined;
};

/** The steps of a remedy for its reader: a reader without the permission is told to press nothing. */
export function RemedySteps(remedy: Steps) {
  const steps = useReadersSteps(remedy);
  if (steps.length === 0) return null;
  return (
    <List type="ordered" size="sm" spacing={4}>
      {steps.map((step) => (
        <ListItem key={step}>{step}</ListItem>
      ))}
    </List>
  );
}

type NextStepTextProps = Steps & { before?: string };

/** The first of them, or an alternative to it; nothing where the reader does not have its button. */
export function NextStepText({ before = "", ...remedy }: NextStepTextProps) {
  const [step] = useReadersSteps(withFirstStep(remedy));
  return step === undefined ? null : `${before}${step}`;
}

type NextStepOfReaderProps = Steps & { title: string; heading: string };

/** With “Next” above it; a reader whom no step is for is told the cause instead. */
export function NextStepOfReader({ title, heading, ...remedy }: NextStepOfReaderProps) {
  const [step] = useReadersSteps(withFirstStep(remedy));
  return (
    <>
      <Text size="sm" fw={600}>
        {step === undefined ? title : heading}
      </Text>
      {step !== undefined && <Text size="sm">{step}</Text>}
    </>
  );
}

function useReadersSteps({ steps, taken = [], buttons = [] }: Steps): string[] {
  const canTake = useCanTake();
  return readersSteps(steps, (at) => (taken[at] ?? []).every((kind) => canTake(kind, buttons)));
}

/** What comes behind a step that someone else has to take is no first step of the reader's. */
function withFirstStep(remedy: Steps): Steps {
  const end = remedy.steps.findIndex((step, at) => at > 0 && !OR.test(step));
  return { ...remedy, steps: end < 0 ? remedy.steps : remedy.steps.slice(0, end) };
}

const OR = /^Or (\p{L})/u;

/** The steps that a reader can take. What another step is the alternative to, and is left out, is no “Or” any more. */
function readersSteps(steps: readonly string[], isTheirs: (at: number) => boolean): string[] {
  const shown: string[] = [];
  let hasAlternative = false;
  for (const [at, step] of steps.entries()) {
    if (!OR.test(step)) hasAlternative = false;
    if (!isTheirs(at)) continue;
    shown.push(hasAlternative ? step : step.replace(OR, (_, first: string) => first.toUpperCase()));
    hasAlternative = true;
  }
  return shown;
}
