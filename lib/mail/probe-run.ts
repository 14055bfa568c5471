import type { Socket } from "node:net";
import type { MailTls } from "@/lib/egress/mail-tls";
import type { EgressPolicy } from "@/lib/egress/policy";
import type { Protocol } from "@/lib/egress/protocols/schema";
import type { MailEndpoint } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { type MailCredential, presented } from "./credential";
import { classifyMailError } from "./mail-errors";
import { type MailRemedyId, mailFailure, probeFailure } from "./probe-failure";
import type { MailStage, ProtocolReport, StageFacts, StageReport } from "./schema";
import { STAGE_LIMIT_MS, stageOrder, TIMEOUT_REMEDY } from "./stage-order";
import { safeServerText } from "./text";
import { Transcript } from "./transcript";

const FAREWELL_MS = 2 * SECOND_MS;

export type ProbeInput = {
  endpoint: MailEndpoint;
  /** By default, those of the protocol. */
  stages?: readonly MailStage[];
  /** Called once, in stage `token`; may reject with ProbeFailure or AppError. */
  credential: () => Promise<MailCredential>;
  /** SMTP: for MAIL FROM; nothing is sent. */
  sender?: string;
  signal: AbortSignal;
  deadlineMs?: number;
  egress: EgressPolicy;
  tls: MailTls;
  /** Must not throw. */
  onStage: (stage: StageReport) => void;
};

/** Closes all sockets at the deadline, on abort or at the end. Never rejects. */
export async function runProbe(
  protocol: Protocol,
  input: ProbeInput,
  work: (run: ProbeRun) => Promise<void>,
): Promise<ProtocolReport> {
  const run = new ProbeRun(protocol, input);
  try {
    await Promise.race([run.ended, work(run)]);
    return run.succeeded();
  } catch (error) {
    return run.failed(error);
  } finally {
    run.close();
  }
}

export type ChannelRun = Pick<
  ProbeRun,
  "input" | "transcript" | "enter" | "note" | "found" | "done" | "adopt"
>;

export class ProbeRun {
  readonly input: ProbeInput;
  readonly transcript: Transcript;
  /** Never fulfils; rejects at the deadline or on abort. */
  readonly ended: Promise<never>;

  readonly #protocol: Protocol;
  readonly #order: readonly MailStage[];
  readonly #stages: StageReport[] = [];
  readonly #sockets: Socket[] = [];
  readonly #startedAt = performance.now();
  readonly #deadlineAt: number;
  #end: (error: Error) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #stage: MailStage;
  #stageStartedAt = this.#startedAt;
  #notes: string[] = [];
  /** Answered, perhaps only by a bare `+OK`. */
  #isUnderWay = false;
  #facts: StageFacts = {};
  #presented = presented(null);
  #user = "";
  #closed = false;

  constructor(protocol: Protocol, input: ProbeInput) {
    this.input = input;
    this.transcript = new Transcript(protocol);
    this.#protocol = protocol;
    this.#order = input.stages ?? stageOrder(protocol, input.endpoint.tls);
    this.#stage = this.#order[0] ?? "resolve";
    this.#deadlineAt = this.#startedAt + (input.deadlineMs ?? 30 * SECOND_MS);
    this.ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.ended.catch(() => {}); // a probe that has already succeeded no longer listens
    if (input.signal.aborted) this.#onAbort();
    else input.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  enter(stage: MailStage): void {
    if (this.#closed) return;
    this.#stage = stage;
    this.#stageStartedAt = performance.now();
    this.#notes = [];
    this.#isUnderWay = false;
    this.#facts = {};
    this.transcript.isAuthenticating = stage === "authenticate";
    this.#limit(stage);
  }

  note(detail: string): void {
    this.#isUnderWay = true;
    if (detail !== "") this.#notes.push(safeServerText(detail, this.#presented.secrets));
  }

  found(facts: StageFacts): void {
    Object.assign(this.#facts, facts);
  }

  offers(mechanisms: readonly string[]): void {
    const safe = mechanisms.map((mechanism) => safeServerText(mechanism, this.#presented.secrets));
    this.found({ mechanisms: safe });
    this.note(mechanisms.join(" "));
  }

  done(): void {
    this.#record({ status: "ok", durationMs: sinceMs(this.#stageStartedAt) });
  }

  skip(stage: MailStage): void {
    this.enter(stage);
    this.#record({ status: "skipped", durationMs: 0 });
  }

  async credential(): Promise<MailCredential> {
    this.enter("token");
    const credential = await this.input.credential();
    this.#presented = presented(credential);
    this.transcript.protect(credential, this.#presented.secrets);
    this.#user = credential.user;
    this.done();
    return credential;
  }

  signsInAs(user: string): void {
    this.#user = user;
  }

  quietly(): ChannelRun {
    const { input, transcript } = this;
    return {
      input,
      transcript,
      note: () => {},
      found: () => {},
      done: () => {},
      enter: () => {
        transcript.isAuthenticating = false;
      },
      adopt: (socket) => this.adopt(socket),
    };
  }

  adopt<T extends Socket>(socket: T): T {
    if (this.#closed) socket.destroy();
    this.#sockets.unshift(socket); // TLS before the socket that carries it
    // A late reset must not become an uncaught exception.
    socket.on("error", () => {});
    return socket;
  }

  succeeded(): ProtocolReport {
    const [outermost] = this.#sockets;
    // Lets the farewell leave, but not for long.
    outermost?.setTimeout(FAREWELL_MS, () => outermost.destroy());
    outermost?.destroySoon();
    return this.#report({ verdict: "ok" });
  }

  failed(error: unknown): ProtocolReport {
    const aborted = this.input.signal.aborted;
    const failure = aborted
      ? mailFailure("postkey.aborted")
      : classifyMailError(error, {
          protocol: this.#protocol,
          stage: this.#stage,
          ...this.#presented,
        });
    this.#record({ status: "failed", durationMs: sinceMs(this.#stageStartedAt), failure });
    for (const socket of this.#sockets) socket.destroy();
    const rest = this.#order.slice(this.#order.indexOf(this.#stage) + 1);
    for (const stage of rest) this.skip(stage);
    return this.#report({ verdict: aborted ? "aborted" : "failed", failure });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.input.signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#end(probeFailure("postkey.aborted"));
  };

  #limit(stage: MailStage): void {
    clearTimeout(this.#timer);
    const remainingMs = Math.max(0, this.#deadlineAt - performance.now());
    const stageMs = STAGE_LIMIT_MS[stage] ?? remainingMs;
    const limitMs = Math.min(stageMs, remainingMs);
    this.#timer = setTimeout(() => this.#end(probeFailure(this.#timeoutRemedy())), limitMs);
  }

  #timeoutRemedy(): MailRemedyId {
    // It greeted or secured the connection, so it is not a hanging handshake.
    if (this.#isUnderWay) return "mail.deadline";
    return TIMEOUT_REMEDY[this.#stage] ?? "mail.deadline";
  }

  #record(outcome: Pick<StageReport, "status" | "durationMs" | "failure">): void {
    if (this.#closed) return;
    const detail = this.#notes.join(" · ");
    const result: StageReport = {
      protocol: this.#protocol,
      stage: this.#stage,
      ...outcome,
      ...(detail !== "" && { detail }),
      ...(Object.keys(this.#facts).length > 0 && { facts: this.#facts }),
    };
    this.#stages.push(result);
    this.input.onStage(result);
  }

  #report(outcome: Pick<ProtocolReport, "verdict" | "failure">): ProtocolReport {
    const totalMs = sinceMs(this.#startedAt);
    const transcript = this.transcript.lines();
    const isSignedIn = this.#stages.some(
      ({ stage, status }) => stage === "authenticate" && status === "ok",
    );
    return {
      protocol: this.#protocol,
      ...outcome,
      stages: this.#stages,
      totalMs,
      ...(isSignedIn && { user: safeServerText(this.#user, this.#presented.secrets) }),
      ...(transcript.length > 0 && { transcript }),
    };
  }
}

/** Tenths of a millisecond; more would look too precise. */
function sinceMs(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
