"use client";

import { Button, type ButtonProps, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

type CopyForSupportProps = ButtonProps & { text: string; label?: string };

export function CopyForSupport(props: CopyForSupportProps) {
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
