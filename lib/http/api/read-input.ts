import type { z } from "zod";
import { readBody } from "@/lib/http/read-body";
import { readFields } from "@/lib/http/read-fields";
import { API_MAX_BYTES } from "@/lib/http/web/request-limits";
import { AppError } from "@/lib/kernel/errors";
import type { AnyOperation, Call } from "./operation";

type Input = { params: unknown; query: unknown; body: unknown };

/**
 * What a request says, as the operation's schemas read it.
 * @throws AppError not_found for an id that is none, unprocessable with fields, invalid_request,
 *   unsupported_media_type, payload_too_large
 */
export async function readInput(
  operation: AnyOperation,
  { request, url, params: rawParams }: Call,
): Promise<Input> {
  const params = operation.params?.safeParse(rawParams);
  if (params?.success === false) throw new AppError("not_found", "No resource has this id.");
  const query = operation.query && parse(operation.query, readQuery(url));
  const body = operation.body && parse(operation.body, await readJson(request));
  return { params: params?.data, query, body };
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const read = readFields(schema, value);
  if (read.ok) return read.data;
  const { fields } = read;
  throw new AppError("unprocessable", "Some fields are not valid.", { fields });
}

/** A repeated parameter differs from a single one: its sender means something else. */
function readQuery({ searchParams }: URL): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}

async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new AppError("unsupported_media_type", "Send the body as application/json.");
  const text = await readText(request);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable("The body is not JSON.", cause);
  }
}

async function readText(request: Request): Promise<string> {
  const bytes = await readBody(request, API_MAX_BYTES);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable("The body is not UTF-8.", cause);
  }
}

function unreadable(message: string, cause: unknown): AppError {
  return new AppError("invalid_request", message, { cause });
}
