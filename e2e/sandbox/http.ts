import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from "node:http";

export interface WebRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: URLSearchParams;
  text: string;
}

export interface WebResponse {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** How the answer fails on the wire, for faults. */
  delivery?: "reset" | "truncated" | "huge";
  /** The answer is sent when this ends. */
  held?: Promise<void>;
}

type Handler = (request: WebRequest) => WebResponse | Promise<WebResponse>;

/** Microsoft Graph takes requests of 4 MB. */
const BODY_LIMIT = 4 * 1024 * 1024;
const HUGE_BODY = 64 * 1024 * 1024;

/** Turns a handler of plain values into what node:http and node:https take. */
export function serve(handler: Handler): RequestListener {
  return (incoming, outgoing) => {
    respond(handler, incoming, outgoing).catch(() => outgoing.destroy());
  };
}

export function json(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): WebResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}

async function respond(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse) {
  let response: WebResponse;
  try {
    response = await handler(await readRequest(incoming));
  } catch (error) {
    process.stderr.write(`sandbox: ${error instanceof Error ? error.stack : String(error)}\n`);
    response = json(500, { error: "The sandbox failed to answer." });
  }
  await response.held;
  deliver(response, outgoing);
}

async function readRequest(incoming: IncomingMessage): Promise<WebRequest> {
  const url = new URL(incoming.url ?? "/", "http://localhost");
  const text = await readBody(incoming);
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    text,
    body: parseBody(text, incoming.headers["content-type"] ?? ""),
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new Error("The body is larger than 4 MB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string, contentType: string): URLSearchParams {
  if (!contentType.startsWith("application/json")) return new URLSearchParams(text);
  const fields = new URLSearchParams();
  for (const [name, field] of Object.entries(JSON.parse(text || "{}")))
    fields.set(name, isObject(field) ? JSON.stringify(field) : String(field));
  return fields;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function deliver(response: WebResponse, outgoing: ServerResponse): void {
  if (response.delivery === "reset") {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(response.body ?? "", "utf8");
  outgoing.writeHead(response.status, {
    "x-content-type-options": "nosniff",
    ...response.headers,
    "content-length": response.delivery === "huge" ? HUGE_BODY : body.length,
  });
  const half = body.subarray(0, Math.floor(body.length / 2));
  if (response.delivery === "huge") flood(outgoing, HUGE_BODY);
  else if (response.delivery === "truncated") outgoing.write(half, () => outgoing.destroy());
  else outgoing.end(body);
}

function flood(outgoing: ServerResponse, remaining: number): void {
  if (outgoing.destroyed) return;
  if (remaining <= 0) {
    outgoing.end();
    return;
  }
  const chunk = Buffer.alloc(Math.min(remaining, 64 * 1024), " ");
  outgoing.write(chunk, () => flood(outgoing, remaining - chunk.length));
}
