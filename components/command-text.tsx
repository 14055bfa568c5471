"use client";

import { Button, Code } from "@mantine/core";
import { useState } from "react";

type CommandTextProps = { className: string | undefined; text: string };

/** Scripts for many accounts are longer than the rest of the page. */
const FOLDED_FROM = 25;
const SHOWN = 10;

export function CommandText({ className, text }: CommandTextProps) {
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
