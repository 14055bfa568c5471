import { recordAttempt } from "@/lib/devices/attempts/record";
import type { NewAttempt, Outcome } from "@/lib/devices/attempts/schema";
import { authenticateDevice, readPassword } from "@/lib/devices/authenticate";
import { type Idler, Places } from "@/lib/devices/places/places";
import type { FoundDevice } from "@/lib/devices/store";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { AppError, type ErrorCode } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { countUp } from "@/lib/kernel/metrics/counters";
import { ProbeFailure } from "@/lib/mail/probe-failure";
import type { MailFailure } from "@/lib/mail/schema";
import { safeServerText } from "@/lib/mail/text";
import type { Client } from "./client";
import { Guessing } from "./guessing";
import type { Details, Refusal } from "./refusals";
import { type Rest, Resting } from "./resting";
import type { Credentials } from "./sasl";
import { type Session, Sessions, type Waits } from "./sessions";
import { openUpstream } from "./upstream/open";
import type { Upstream } from "./upstream/upstream";

export type Refused = { refusal: Refusal; details?: Details };

export type OpenedSession = {
  upstream: Upstream;
  session: Session;
  reopen(): Promise<{ upstream: Upstream } | Refused>;
  /** While idle. @returns takes it back */
  offer(idler: Idler): () => void;
};

export type Opened = OpenedSession | Refused;

export type Serving = {
  canStartTls(client: Client): boolean;
  /** @throws when the handshake fails; recorded */
  secure(client: Client): Promise<void>;
  signIn(client: Client, credentials: Credentials): Promise<Opened>;
  refusedPlaintext(client: Client): void;
};

/** A constant, so that no end of a session creates an error with a stack. */
const ENDED = "The session ended.";

export class SignIns {
  readonly sessions: Sessions;
  readonly guessing = new Guessing();
  readonly places: Places;
  readonly #waits: Waits;
  readonly #resting = new Resting();

  constructor(waits: Waits) {
    this.#waits = waits;
    this.sessions = new Sessions(waits);
    this.places = new Places(waits);
  }

  async signIn(client: Client, credentials: Credentials): Promise<Opened> {
    const { protocol, address } = client;
    client.waits();
    const { prefix } = readPassword(credentials.password);
    const opened = this.guessing.mayTry(address, prefix)
      ? await this.#signIn(client, { ...credentials, protocol, address })
      : { refusal: "guessing" as const };
    if ("refusal" in opened) client.asks();
    else client.loggedIn();
    return opened;
  }

  async #signIn(client: Client, presented: Parameters<typeof authenticateDevice>[0]) {
    const { changes } = this.sessions;
    const found = await authenticateDevice(presented).catch((error: unknown) => {
      log.warn({ error }, "a device can't be looked up");
      return { outcome: "locked" as const, device: null };
    });
    const { outcome } = found;
    if (outcome === "wrong_password" || outcome === "wrong_user")
      return this.#guessed(client, presented, { outcome, device: found.device });
    // A revoked password was right once; its device keeps trying beside others.
    if (found.device) this.guessing.right(client.address, readPassword(presented.password).prefix);
    if (found.outcome !== "ok")
      return this.#refuse(client, found.outcome, { device: found.device });
    const { device } = found;
    const opened = this.#open(client, device);
    // The check of that change did not include this session.
    if (this.sessions.changes !== changes) void this.sessions.checkDevice(device.id);
    return opened;
  }

  /** Tells an administrator once, then delays the answer. */
  async #guessed(client: Client, { user, password }: Credentials, guess: Guess): Promise<Opened> {
    const { outcome, device } = guess;
    // With the right password, another account's name shows where the password was entered.
    const tried = outcome === "wrong_user" && { reply: safeServerText(user, [password]) };
    const refused = this.#refuse(client, outcome, { device, ...tried });
    const { waitMs, isNews } = this.guessing.failed(client.address);
    if (isNews) this.#record(client, "guessing", { device });
    // It makes room for no other any more.
    client.asks();
    await this.guessing.wait(client.socket, client.address, waitMs);
    return refused;
  }

  async #open(client: Client, device: FoundDevice): Promise<Opened> {
    const stop = new AbortController();
    const end = () => {
      stop.abort(ENDED);
      client.socket.destroy();
    };
    // Nothing else would close its session.
    if (client.socket.destroyed) return { refusal: "busy" };
    const session = this.sessions.open(device, client.protocol, end);
    if (!session)
      return this.#refuse(client, this.sessions.isDraining ? "stopping" : "busy", { device });
    client.socket.once("close", () => {
      stop.abort(ENDED);
      session.close();
    });
    session.sayBye = () => {
      stop.abort(ENDED);
      client.sayBye();
    };
    const reopen = () => this.#join(client, device, stop.signal);
    const joined = await reopen();
    // Its protocol speaks from here on.
    session.sayBye = undefined;
    if ("refusal" in joined) {
      session.close();
      return joined;
    }
    this.#record(client, "ok", { device });
    if (client.socket.destroyed) joined.upstream.socket.destroy();
    const offer = (idler: Idler) => this.places.offer(device.mailboxId, idler);
    return { ...joined, session, reopen, offer };
  }

  async #join(client: Client, device: FoundDevice, stop: AbortSignal) {
    const rest = this.#resting.of(device, client.protocol);
    if (rest) return this.#refusedBy(rest, client, device);
    const giveBack = await this.#take(device, client.protocol);
    if (giveBack === "locked") return this.#refuse(client, "locked", { device });
    if (!giveBack || stop.aborted) {
      giveBack?.();
      return this.#refuse(client, this.#ended, { device });
    }
    try {
      const upstream = await openUpstream(device, client.protocol, {
        stop,
        ms: this.#waits.signInMs,
      });
      upstream.socket.once("close", giveBack);
      return { upstream };
    } catch (error) {
      giveBack();
      // Its own end says nothing about the server.
      return stop.aborted ? { refusal: this.#ended } : this.#failed(client, device, error);
    }
  }

  get #ended(): Refusal {
    return this.sessions.isDraining ? "stopping" : "busy";
  }

  async #take({ mailboxId, service }: FoundDevice, protocol: Protocol) {
    try {
      return await this.places.take({ mailboxId, service, protocol });
    } catch (error) {
      log.warn({ error }, "a place for a device can't be taken");
      return "locked" as const;
    }
  }

  #failed(client: Client, device: FoundDevice, error: unknown): Refused {
    const { outcome: refusal, remedyId } = meaningOf(error);
    const { code = "", serverText: said = "" }: Partial<MailFailure> =
      error instanceof ProbeFailure ? error.failure : {};
    const serverCode = ENHANCED.exec(code)?.[0];
    const failure = { refusal, remedyId, serverCode, said };
    const rest = this.#resting.begin(device, client.protocol, failure);
    log.info(
      { deviceId: device.id, outcome: refusal, remedyId },
      "a device is not signed in at its server",
    );
    return this.#refusedBy(rest, client, device);
  }

  #refusedBy({ refusal, remedyId, ...details }: Rest, client: Client, device: FoundDevice) {
    return { ...this.#refuse(client, refusal, { device, remedyId }), details };
  }

  #refuse(client: Client, refusal: Refusal, of: AttemptOf): { refusal: Refusal } {
    this.#record(client, refusal, of);
    return { refusal };
  }

  #record({ protocol, address, says, tlsVersion }: Client, outcome: Outcome, of: AttemptOf): void {
    const { device, remedyId = null, ...said } = of;
    const named = device && { id: device.id, name: device.name };
    const from = { protocol, address, client: says, tlsVersion };
    countUp("postkey_device_sign_ins_total", { protocol, outcome });
    recordAttempt({ ...from, ...said, outcome, remedyId, device: named });
  }
}

/** RFC 3463 */
const ENHANCED = /\b\d\.\d{1,3}\.\d{1,3}$/;

type Guess = AttemptOf & { outcome: "wrong_password" | "wrong_user" };

type AttemptOf = Pick<NewAttempt, "device" | "reply"> & { remedyId?: string | undefined };

const BY_CODE: Partial<Record<ErrorCode, Refusal>> = {
  conflict: "account_inactive",
  not_found: "wrong_password",
  interaction_required: "sign_in_lapsed",
  invalid_client: "registration_broken",
  locked: "locked",
  temporarily_unavailable: "platform_away",
  unprocessable: "no_server",
};

export function meaningOf(error: unknown): { outcome: Refusal; remedyId?: string } {
  if (error instanceof AppError) {
    const { code, remedyId } = error;
    return { outcome: BY_CODE[code] ?? "locked", ...(remedyId !== undefined && { remedyId }) };
  }
  if (!(error instanceof ProbeFailure)) {
    log.error({ error }, "a device is not signed in, for an unknown reason");
    return { outcome: "server_refused" };
  }
  const { remedyId, isPassing } = error;
  if (remedyId === "mail.throttled") return { outcome: "slowed_down", remedyId };
  // A resolver may lose a name; senders must not bounce for that.
  if (isPassing || remedyId.startsWith("dns.")) return { outcome: "server_unreachable", remedyId };
  return {
    outcome: remedyId.startsWith("tls.") ? "server_certificate" : "server_refused",
    remedyId,
  };
}
