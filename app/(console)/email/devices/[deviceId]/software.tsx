"use client";

import { List, ListItem, NativeSelect, Stack } from "@mantine/core";
import { useState } from "react";
import { Script } from "@/components/script";
import type { Instruction } from "@/lib/devices/instructions";

/** What to enter in the software that is chosen. */
export function Software({ instructions }: { instructions: Instruction[] }) {
  const labels = instructions.map(({ label }) => label);
  const [label, setLabel] = useState(labels[0]);
  const shown = instructions.find((each) => each.label === label);
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Software"
        data={labels}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      {shown && <Script label={shown.label} text={shown.text} />}
      {shown && (
        <List>
          {shown.notes.map((note) => (
            <ListItem key={note}>{note}</ListItem>
          ))}
        </List>
      )}
    </Stack>
  );
}
