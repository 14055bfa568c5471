import { type Actor, requirePermission } from "../actor";
import { AppError } from "../errors";
import { networkOf } from "../networks";
import { singleton } from "../singleton";

/** One stream per open page; programs need one, and another while reconnecting. */
const MAX_OF_SESSION = 50;
const MAX_OF_KEY = 20;
/** Many share one address, or none is known. */
const MAX_OF_NETWORK = 500;
const MAX_IN_PROCESS = 2_000;
const RETRY_AFTER_S = 30;

/** @throws AppError access_denied; too_many_requests for the caller or in total */
export function takeStreamPlace(actor: Actor): () => void {
  requirePermission(actor, "events:read");
  const taken = singleton("stream-places", () => new Map<string, number>());
  const places = placesOf(actor);
  for (const [holder, max, whose] of places)
    if ((taken.get(holder) ?? 0) >= max)
      throw new AppError(
        "too_many_requests",
        `The events of ${whose} are read by ${max} connections already. Close one, or try again later.`,
        { retryAfterSeconds: RETRY_AFTER_S },
      );
  for (const [holder] of places) taken.set(holder, (taken.get(holder) ?? 0) + 1);
  let isTaken = true;
  return () => {
    if (isTaken) for (const [holder] of places) giveBack(taken, holder);
    isTaken = false;
  };
}

type Place = [holder: string, max: number, whose: string];

function placesOf({ kind, sessionId, id, address }: Actor): Place[] {
  const own: Place =
    kind === "api_key" || sessionId === undefined
      ? [`key:${id}`, MAX_OF_KEY, "an API key"]
      : [`session:${sessionId}`, MAX_OF_SESSION, "a session"];
  const network = address === undefined ? undefined : networkOf(address);
  return [
    own,
    ...(network ? [[`network:${network}`, MAX_OF_NETWORK, "an address"] satisfies Place] : []),
    ["all", MAX_IN_PROCESS, "this server"],
  ];
}

function giveBack(taken: Map<string, number>, holder: string): void {
  const left = (taken.get(holder) ?? 0) - 1;
  if (left > 0) taken.set(holder, left);
  else taken.delete(holder);
}

export function openStreams(): Set<() => void> {
  return singleton("open-streams", () => new Set<() => void>());
}

/** `next start` waits for open responses without limit. */
export function closeStreamsOnStop(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      for (const close of openStreams()) close();
    });
}
