import { Code, Group, Text } from "@mantine/core";
import { CopyIconButton } from "./copy-field";
import classes from "./script.module.css";

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
