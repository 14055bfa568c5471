"use client";

import { Code, Group, Tabs, Text } from "@mantine/core";
import { CopyIconButton } from "@/components/copy-field";
import classes from "./setup.module.css";

export function ScriptTabs({ scripts }: { scripts: { label: string; text: string }[] }) {
  return (
    <Tabs defaultValue={scripts[0]?.label ?? ""}>
      <Tabs.List>
        {scripts.map(({ label }) => (
          <Tabs.Tab key={label} value={label}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {scripts.map(({ label, text }) => (
        <Tabs.Panel key={label} value={label} pt="xs">
          <Script label={`${label} script`} text={text} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

export function Script({ label, text }: { label: string; text: string }) {
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <CopyIconButton label={label} value={text} />
      </Group>
      <Code block className={classes.script} tabIndex={0} role="group" aria-label={label}>
        {text}
      </Code>
    </>
  );
}
