"use client";

import { Skeleton, Text } from "@mantine/core";
import { useAnswer } from "@/components/use-action";
import { counted } from "@/lib/kernel/text/schema";
import type { Made, MadeBy } from "@/lib/people/makers/schema";
import { findMadeByAction } from "./actions";

export function MadeByThem({ id }: { id: string }) {
  const { data: made, problem } = useAnswer(() => findMadeByAction({ id }));
  if (problem)
    return <Text size="sm">Their keys and devices are not known: {problem.message}</Text>;
  if (!made) return <Skeleton height={22} />;
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {textOf(made)}
    </Text>
  );
}

function textOf({ keys, devices }: MadeBy): string {
  const parts = [
    ...(keys.count > 0 ? [`${counted(keys.count, "API key")}: ${namesOf(keys)}`] : []),
    ...(devices.count > 0 ? [`${counted(devices.count, "device")}: ${namesOf(devices)}`] : []),
  ];
  if (parts.length === 0) return "They created no API keys or devices that work now.";
  return `What they created keeps working until you revoke it. ${parts.join(". ")}.`;
}

function namesOf({ count, names }: Made): string {
  const rest = count - names.length;
  return names.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
}
