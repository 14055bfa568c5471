import { Button, Code, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import classes from "./api.module.css";
import type { OperationView } from "./describe-operations";

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
      {answer && (
        <div role="status">
          <Text fw={600}>{answer.status}</Text>
          <Code
            block
            tabIndex={0}
            role="group"
            aria-label="Response"
            style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
          >
            {answer.text}
          </Code>
        </div>
      )}
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

type Answer = { status: string; text: string };

/** An export may be the whole trail. */
const MAX_SHOWN = 20_000;

type Filled = { values: Record<string, string>; body: string; apiKey: string };

function requestOf(operation: OperationView, { values, body, apiKey }: Filled): Request {
  const { method, path, parameters } = operation;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? ""));
  const url = new URL(filled, window.location.origin);
  const headers = new Headers();
  for (const { name, in: place } of parameters) {
    const value = values[name];
    if (!value) continue;
    if (place === "query") url.searchParams.set(name, value);
    if (place === "header") headers.set(name, value);
  }
  if (apiKey) headers.set("authorization", `Bearer ${apiKey}`);
  if (operation.body === null) return new Request(url, { method, headers });
  headers.set("content-type", operation.body.contentType);
  return new Request(url, { method, headers, body });
}

async function follow(
  request: Request,
  { signal }: AbortController,
  show: (answer: Answer) => void,
): Promise<void> {
  const response = await fetch(request, { signal, cache: "no-store" });
  const status = `${response.status} ${response.statusText}`.trim();
  show({ status, text: "" });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (reader && text.length < MAX_SHOWN) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
    show({ status, text: text.slice(0, MAX_SHOWN) });
  }
  await reader?.cancel();
  show({ status, text: pretty(text) });
}

function pretty(text: string): string {
  if (text.length >= MAX_SHOWN) return `${text.slice(0, MAX_SHOWN)}…`;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function Described({ text }: { text: string }) {
  return text.split("\n\n").map((block) => {
    const lines = block.split("\n");
    if (lines.every((line) => line.startsWith("- ")))
      return (
        <ul key={block} className={classes.list}>
          {lines.map((line) => (
            <li key={line}>
              <WithCode text={line.slice(2)} />
            </li>
          ))}
        </ul>
      );
    return (
      <Text key={block}>
        <WithCode text={block} />
      </Text>
    );
  });
}

export function WithCode({ text }: { text: string }) {
  // The parts never move.
  return text.split("`").map((part, index) => {
    const key = `${index}`;
    return index % 2 === 1 ? <code key={key}>{part}</code> : <span key={key}>{part}</span>;
  });
}
