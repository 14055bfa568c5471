import { Agent, type IncomingMessage, type RequestOptions, request } from "node:http";

/** Connections that stay open, as programs and browsers keep them. */
export function keepAlive(connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections });
}

export type Call = {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  agent: Agent;
};

/** Sends a request and reads the whole answer. @throws Error unless the status is 200 */
export async function call(options: Call): Promise<string> {
  const response = await send(options);
  let body = "";
  response.setEncoding("utf8");
  for await (const chunk of response) body += chunk;
  if (response.statusCode !== 200)
    throw new Error(`${options.url} answered ${response.statusCode}: ${body.slice(0, 300)}`);
  return body;
}

export function send(sending: Call): Promise<IncomingMessage> {
  const { url, method = "GET", headers = {}, body, agent } = sending;
  const options: RequestOptions = { method, headers, agent, timeout: 60_000 };
  return new Promise((resolve, reject) => {
    const sent = request(url, options, resolve);
    sent.once("timeout", () => sent.destroy(new Error(`${url} did not answer.`)));
    sent.once("error", reject);
    sent.end(body);
  });
}

export type Load = { completed: number; elapsedMs: number };

/**
 * Repeats `work` in so many lanes at once until the time is up, and waits for what is under way.
 * `work` is told which lane it runs in.
 */
export async function load(
  { lanes, durationMs }: { lanes: number; durationMs: number },
  work: (lane: number) => Promise<unknown>,
): Promise<Load> {
  const startedAt = performance.now();
  let completed = 0;
  const run = async (lane: number) => {
    while (performance.now() - startedAt < durationMs) {
      await work(lane);
      completed += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return { completed, elapsedMs: performance.now() - startedAt };
}
