import { isPassingDatabaseError } from "@/lib/kernel/database-errors";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { endInTime, stopWithSupervisor } from "@/lib/kernel/supervisor";
import { countUnusablePasskeys } from "@/lib/people/passkeys/queries";
import { beginAnswering } from "./answering";
import { noteThatItPasses } from "./web/passing-failures";

export function startServer(): void {
  const { url, trustProxy } = env();
  // next-auth reads its address only there.
  process.env.NEXTAUTH_URL ??= url.origin;
  const endAnswering = beginAnswering("web");
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      endInTime();
      void endAnswering();
    });
  if (process.env.NODE_ENV === "production") logWhatIsPrinted();
  if (url.protocol === "https:" && !trustProxy) log.warn(UNKNOWN_CLIENTS);
  void warnOfOtherHosts();
  stopWithSupervisor(() => process.kill(process.pid, "SIGTERM"));
}

/** Passkeys belong to one host name. */
async function warnOfOtherHosts(): Promise<void> {
  // Without a database there is worse news.
  const passkeys = await countUnusablePasskeys().catch(() => 0);
  if (passkeys > 0)
    log.warn(
      { passkeys },
      "POSTKEY_URL has another host than when these passkeys were added: they can't be used. Their people sign in with their passwords and add new ones.",
    );
}

const UNKNOWN_CLIENTS =
  "POSTKEY_URL is https, so there is a proxy, and POSTKEY_TRUST_PROXY does not name it: Postkey does not know where requests come from. All strangers share one limit for wrong passwords, and the audit trail has no addresses.";

/** Next.js prints attached objects, such as requests with secrets; our log does not. */
function logWhatIsPrinted(): void {
  for (const level of ["error", "warn"] as const)
    console[level] = (...parts: unknown[]) => {
      const error = parts.find((part) => part instanceof Error);
      const text = parts.filter((part) => typeof part === "string").join(" ");
      if (isUnknownAction(error)) logUnknownAction();
      else log[level]({ ...(error && { error }) }, text || "printed");
    };
}

/** Next.js puts this page in both of its messages. */
const UNKNOWN_ACTION = "/failed-to-find-server-action";

/** An older page, or a stranger who must not fill the log with stacks. */
function isUnknownAction(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith(UNKNOWN_ACTION);
}

function logUnknownAction(): void {
  log.warn("a request named an action that this version does not have");
}

/** Without the query: a callback's contains a code. */
export function logRequestError(error: unknown, request: FailedRequest): void {
  const { method, headers } = request;
  const [path] = request.path.split("?");
  if (isPassingDatabaseError(error)) noteThatItPasses(headers);
  if (isUnknownAction(error)) logUnknownAction();
  else if ("next-action" in headers && isOfNext(error))
    log.warn({ path }, "a request named an action, with a body that no page sends");
  else log.error({ error, path, method }, "request failed");
}

/** Actions answer their own errors; what has passed through nothing but Next.js is about the body. */
function isOfNext(error: unknown): boolean {
  const frames = error instanceof Error && error.stack?.match(/^ {4}at .*$/gm);
  return frames ? frames.every((frame) => /next-server\/|node:|<anonymous>/.test(frame)) : false;
}

type FailedRequest = { path: string; method: string; headers: NodeJS.Dict<string | string[]> };
