"use client";

import { List, ListItem, NativeSelect, Stack, Text } from "@mantine/core";
import { Fragment, useState } from "react";
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
      {shown?.parts.map(({ lead, text }) => (
        <Fragment key={text}>
          {lead && (
            <Text size="sm" style={{ whiteSpace: "pre-line" }}>
              {lead}
            </Text>
          )}
          <Script label={shown.label} text={text} />
        </Fragment>
      ))}
      <List size="sm">
        {shown?.notes.map((note) => (
          <ListItem key={note}>{note}</ListItem>
        ))}
      </List>
    </Stack>
  );
}
