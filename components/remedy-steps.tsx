"use client";

import { Button, Code, List, ListItem, Text } from "@mantine/core";
import { useState } from "react";
import type { Remedy, RepairButton } from "@/lib/remedies/remedy";
import { useCanTake, useWhoRepairs } from "./repair";
import { whoDoesIt } from "./who-does-it";

type Steps = Pick<Remedy, "steps"> & {
  taken: Remedy["taken"] | undefined;
  buttons: Remedy["buttons"] | undefined;
};

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

/** Or an alternative; nothing without its button. */
export function NextStepText({ before = "", ...remedy }: Steps & { before?: string }) {
  const [step] = useReadersSteps(withFirstStep(remedy));
  return step === undefined ? null : `${before}${step}`;
}

type NextStepOfReaderProps = Steps & { title: string; heading: string };

/** Without a step for the reader, shows the cause. */
export function NextStepOfReader({ title, heading, ...remedy }: NextStepOfReaderProps) {
  const [step] = useReadersSteps(withFirstStep(remedy));
  return (
    <>
      <Text fw={600}>{step === undefined ? title : heading}</Text>
      {step !== undefined && <Text>{step}</Text>}
    </>
  );
}

function useReadersSteps({ steps, taken = [], buttons = [] }: Steps): string[] {
  const canTake = useCanTake();
  return readersSteps(steps, (at) => (taken[at] ?? []).every((kind) => canTake(kind, buttons)));
}

/** Steps after someone else's are not the reader's first. */
function withFirstStep(remedy: Steps): Steps {
  const end = remedy.steps.findIndex((step, at) => at > 0 && !OR.test(step));
  return { ...remedy, steps: end < 0 ? remedy.steps : remedy.steps.slice(0, end) };
}

const OR = /^Or (\p{L})/u;

/** An “Or” without its first alternative is dropped. */
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

type WhoFixesItProps = {
  who: Remedy["who"];
  buttons: readonly RepairButton[] | undefined;
  isWaiting?: boolean;
};

/** Someone else, if the reader's role cannot press its first button. */
export function WhoFixesIt({ who, buttons = [], isWaiting = false }: WhoFixesItProps) {
  const whoRepairs = useWhoRepairs();
  const [likeliest] = buttons;
  return whoDoesIt(who, { other: likeliest && whoRepairs(likeliest), isWaiting });
}

/** Scripts for many accounts are longer than the rest of the page. */
const FOLDED_FROM = 25;
const SHOWN = 10;

export function CommandText({ className, text }: { className: string | undefined; text: string }) {
  const [isWhole, setWhole] = useState(false);
  const lines = text.split("\n");
  const isLong = lines.length >= FOLDED_FROM;
  return (
    <>
      <Code block className={className}>
        {isLong && !isWhole ? `${lines.slice(0, SHOWN).join("\n")}\n…` : text}
      </Code>
      {isLong && (
        <Button
          variant="default"
          size="compact-sm"
          mt="xs"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole
            ? `Show the first ${SHOWN} lines`
            : `Show all ${lines.length.toLocaleString("en")} lines`}
        </Button>
      )}
    </>
  );
}
