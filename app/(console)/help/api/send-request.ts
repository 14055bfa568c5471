import type { OperationView } from "./describe-operations";

export type Answer = { status: string; text: string };

/** An export may be the whole trail. */
const MAX_SHOWN = 20_000;

type Filled = { values: Record<string, string>; body: string; apiKey: string };

export function requestOf(operation: OperationView, { values, body, apiKey }: Filled): Request {
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

export async function follow(
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
