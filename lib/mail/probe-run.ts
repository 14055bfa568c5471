import type { Socket } from "node:net";
import type { Protocol } from "@/lib/egress/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { type MailCredential, presented } from "./credential";
import { classifyMailError } from "./mail-errors";
import { type MailRemedyId, mailFailure } from "./mail-failures";
import { probeFailure } from "./probe-failure";
import type { ProbeInput } from "./probe-input";
import type { MailStage, ProtocolReport, StageFacts, StageReport } from "./schema";
import { STAGE_LIMIT_MS, stageOrder, TIMEOUT_REMEDY } from "./stage-order";
import { safeServerText } from "./text";
import { Transcript } from "./transcript";

const DEFAULT_DEADLINE_MS = 30 * SECOND_MS;
const FAREWELL_MS = 2 * SECOND_MS;

/** What opening a connection needs of a probe. */
export type ChannelRun = Pick<
  ProbeRun,
  "input" | "transcript" | "enter" | "note" | "found" | "done" | "adopt"
>;

/** The state of one probe: which stage it is in, until when, and which sockets it holds. */
export class ProbeRun {
  readonly input: ProbeInput;
  readonly transcript: Transcript;
  /** Never fulfils; rejects when time is up or the result is no longer wanted. */
  readonly ended: Promise<never>;

  readonly #protocol: Protocol;
  readonly #order: MailStage[];
  readonly #stages: StageReport[] = [];
  readonly #sockets: Socket[] = [];
  readonly #startedAt = performance.now();
  readonly #deadlineAt: number;
  #end: (error: Error) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #stage: MailStage;
  #stageStartedAt = this.#startedAt;
  #notes: string[] = [];
  /** It has been answered, though perhaps by nothing that is worth a note: `+OK` alone greets as well. */
  #isUnderWay = false;
  #facts: StageFacts = {};
  #presented = presented(null);
  #user = "";
  #closed = false;

  constructor(protocol: Protocol, input: ProbeInput) {
    this.input = input;
    this.transcript = new Transcript(protocol);
    this.#protocol = protocol;
    this.#order = stageOrder(protocol, input.endpoint.tls);
    this.#stage = "resolve";
    this.#deadlineAt = this.#startedAt + (input.deadlineMs ?? DEFAULT_DEADLINE_MS);
    this.ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.ended.catch(() => {}); // a probe that has already succeeded no longer listens
    if (input.signal.aborted) this.#onAbort();
    else input.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Starts a stage and its time limit. */
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

  /** Adds to the detail of the current stage. */
  note(detail: string): void {
    this.#isUnderWay = true;
    if (detail !== "") this.#notes.push(safeServerText(detail, this.#presented.secrets));
  }

  /** Adds a fact to the current stage; its words belong in the detail as well. */
  found(facts: StageFacts): void {
    Object.assign(this.#facts, facts);
  }

  /** What the server offers; a fact that has no words where it is nothing. */
  offers(mechanisms: readonly string[]): void {
    const safe = mechanisms.map((mechanism) => safeServerText(mechanism, this.#presented.secrets));
    this.found({ mechanisms: safe });
    this.note(mechanisms.join(" "));
  }

  /** Reports the current stage as passed. */
  done(): void {
    this.#record({ status: "ok", durationMs: this.#sinceStageStart() });
  }

  /** Reports a stage that has nothing to do. */
  skip(stage: MailStage): void {
    this.enter(stage);
    this.#record({ status: "skipped", durationMs: 0 });
  }

  /** The stage `token`. */
  async credential(): Promise<MailCredential> {
    this.enter("token");
    const credential = await this.input.credential();
    this.#presented = presented(credential);
    this.transcript.protect(credential, this.#presented.secrets);
    this.#user = credential.user;
    this.done();
    return credential;
  }

  /** Another name than that of the credential is tried. */
  signsInAs(user: string): void {
    this.#user = user;
  }

  /** The same probe for a second connection, whose opening is no stage of its own. */
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

  /** Has the socket destroyed when the probe ends, at the latest. */
  adopt<T extends Socket>(socket: T): T {
    if (this.#closed) socket.destroy();
    this.#sockets.unshift(socket); // TLS before the socket that carries it
    // A reset after the end, or between two readers, must not become an uncaught exception.
    socket.on("error", () => {});
    return socket;
  }

  succeeded(): ProtocolReport {
    const [outermost] = this.#sockets;
    // Lets the farewell that was written leave, but not for longer than it takes.
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
    this.#record({ status: "failed", durationMs: this.#sinceStageStart(), failure });
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
    // A server that has greeted, or secured the connection, and then falls silent is no longer
    // one that does not greet or whose handshake hangs.
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

  #sinceStageStart(): number {
    return sinceMs(this.#stageStartedAt);
  }
}

/** To a tenth of a millisecond: more digits would only look precise. */
function sinceMs(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
