"use client";

import { Button, Code, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { OperationView } from "./describe-operations";
import { WithCode } from "./described";
import { type Answer, follow, requestOf } from "./send-request";

export function TryOperation({ operation, apiKey }: { operation: OperationView; apiKey: string }) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [body, setBody] = useState(operation.body?.text ?? "");
  const { answer, isBusy, send, stop } = useExchange();
  return (
    <Stack gap="xs">
      {operation.parameters.map(({ name, required, description, allowed }) => (
        <TextInput
          key={name}
          label={name}
          description={<WithCode text={`${description} ${allowed}`} />}
          withAsterisk={required}
          autoComplete="off"
          value={values[name] ?? ""}
          onChange={({ currentTarget }) => setValues({ ...values, [name]: currentTarget.value })}
        />
      ))}
      {operation.body !== null && (
        <Textarea
          label="Body"
          autosize
          maxRows={16}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={body}
          onChange={({ currentTarget }) => setBody(currentTarget.value)}
        />
      )}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={isBusy}
          onClick={() => send(() => requestOf(operation, { values, body, apiKey }))}
        >
          Send {operation.method}
        </Button>
        {isBusy && (
          <Button size="xs" variant="default" onClick={stop}>
            Stop
          </Button>
        )}
      </Group>
      {answer && <Shown answer={answer} />}
    </Stack>
  );
}

/** The next request, and leaving the page, end the one before. */
function useExchange() {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [isBusy, setBusy] = useState(false);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function send(request: () => Request): Promise<void> {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setBusy(true);
    const show = (next: Answer) => {
      if (running.current === controller) setAnswer(next);
    };
    try {
      await follow(request(), controller, show);
    } catch {
      if (!controller.signal.aborted)
        show({ status: "No response", text: "Postkey is not responding. Try again." });
    }
    if (running.current === controller) setBusy(false);
  }

  return { answer, isBusy, send, stop: () => running.current?.abort() };
}

function Shown({ answer: { status, text } }: { answer: Answer }) {
  return (
    <div role="status">
      <Text size="sm" fw={600}>
        {status}
      </Text>
      <Code
        block
        tabIndex={0}
        role="group"
        aria-label="Response"
        style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
      >
        {text}
      </Code>
    </div>
  );
}
