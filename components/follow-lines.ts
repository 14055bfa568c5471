import { askPostkey } from "./ask-postkey";

/** Reads JSON lines (application/x-ndjson). @throws network errors */
export async function followLines<E>(
  url: string,
  signal: AbortSignal,
  onEvent: (event: E | LineProblem) => void,
): Promise<void> {
  const response = await askPostkey(url, { method: "POST", signal });
  if (!response.ok || !response.body) return onEvent(await readProblem(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    // Our own server writes one event per line.
    for (const line of lines) onEvent(JSON.parse(line) as E);
  }
}

export type LineProblem = { type: "error"; code: string; message: string; remedyId?: string };

async function readProblem(response: Response): Promise<LineProblem> {
  const problem: unknown = await response.json().catch(() => null);
  const isProblem = typeof problem === "object" && problem !== null && "detail" in problem;
  const message = isProblem
    ? String(problem.detail)
    : `Postkey returned status ${response.status}.`;
  return { type: "error", code: String(response.status), message };
}
