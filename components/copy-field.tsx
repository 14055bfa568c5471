"use client";

import { ActionIcon, Button, type ButtonProps, CopyButton, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

type CopyFieldProps = { label: string; value: string; description?: ReactNode };

export function CopyField({ label, value, description }: CopyFieldProps) {
  return (
    <TextInput
      label={label}
      description={description}
      value={value}
      readOnly
      onFocus={(event) => event.currentTarget.select()}
      rightSection={<CopyIconButton label={label} value={value} />}
    />
  );
}

export function CopyIconButton({ label, value }: { label: string; value: string }) {
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <ActionIcon
          title={copied ? "Copied" : "Copy"}
          variant="subtle"
          color={copied ? "teal" : "gray"}
          size="md"
          aria-label={copied ? `${label} copied` : `Copy ${label}`}
          onClick={copy}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}

export function CopyForSupport(props: ButtonProps & { text: string; label?: string }) {
  const { text, label = "Copy for support", ...look } = props;
  return (
    <CopyButton value={text} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={copy}
          {...look}
        >
          {copied ? "Copied" : label}
        </Button>
      )}
    </CopyButton>
  );
}
